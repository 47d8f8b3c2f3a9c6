// What cgad calls of cuBLASLt, found at run time: nothing of it is needed to build.
//
// The types are those of cublasLt.h, under names of their own; scripts/cuda-headers holds them against the real header, whose
// own types then take the places of those in capitals.
#ifndef CGAD_CUBLASLT_H
#define CGAD_CUBLASLT_H

#include <stddef.h>
#include <stdint.h>

#include "cgad_cuda.h"

typedef unsigned int cgad_lt_status;  // an enumeration in cublas_api.h
typedef unsigned int cgad_lt_enum;    // a parameter that is an enumeration there
typedef struct cublasLtContext *cgad_lt_handle;

/// How products are computed; the library knows what the words mean.
typedef struct {
  uint64_t words[8];
} cgad_lt_algorithm;

/// An algorithm for a product, with the bytes of its workspace; valid if the status is CGAD_LT_SUCCESS.
typedef struct {
  cgad_lt_algorithm algorithm;
  size_t workspace_bytes;
  cgad_lt_status status;
  float waves;
  int reserved[4];
} cgad_lt_heuristic;

#ifndef CGAD_LT_LAYOUT
typedef struct cgad_lt_layout_st *cgad_lt_layout;
typedef struct cgad_lt_operation_st *cgad_lt_operation;
typedef struct cgad_lt_preference_st *cgad_lt_preference;
#define CGAD_LT_LAYOUT cgad_lt_layout
#define CGAD_LT_OPERATION cgad_lt_operation
#define CGAD_LT_PREFERENCE cgad_lt_preference
#define CGAD_LT_ALGORITHM cgad_lt_algorithm
#define CGAD_LT_HEURISTIC cgad_lt_heuristic
#endif

// Every function as X(result, name, parameters); a library that lacks one cannot be used.
#define CGAD_CUDA_CUBLASLT(X)                                                                                     \
  X(cgad_lt_status, cublasLtCreate, (cgad_lt_handle * handle))                                                    \
  X(cgad_lt_status, cublasLtDestroy, (cgad_lt_handle handle))                                                     \
  X(size_t, cublasLtGetVersion, (void))                                                                           \
  X(const char *, cublasLtGetStatusName, (cgad_lt_status status))                                                 \
  X(const char *, cublasLtGetStatusString, (cgad_lt_status status))                                               \
  X(cgad_lt_status, cublasLtMatmulDescCreate,                                                                     \
    (CGAD_LT_OPERATION * operation, cgad_lt_enum compute_type, cgad_lt_enum scale_type))                          \
  X(cgad_lt_status, cublasLtMatmulDescDestroy, (CGAD_LT_OPERATION operation))                                     \
  X(cgad_lt_status, cublasLtMatmulDescSetAttribute,                                                               \
    (CGAD_LT_OPERATION operation, cgad_lt_enum attribute, const void *value, size_t bytes))                       \
  X(cgad_lt_status, cublasLtMatrixLayoutCreate,                                                                   \
    (CGAD_LT_LAYOUT * layout, cgad_lt_enum type, uint64_t rows, uint64_t columns, int64_t leading))               \
  X(cgad_lt_status, cublasLtMatrixLayoutDestroy, (CGAD_LT_LAYOUT layout))                                         \
  X(cgad_lt_status, cublasLtMatrixLayoutSetAttribute,                                                             \
    (CGAD_LT_LAYOUT layout, cgad_lt_enum attribute, const void *value, size_t bytes))                             \
  X(cgad_lt_status, cublasLtMatmulPreferenceCreate, (CGAD_LT_PREFERENCE * preference))                            \
  X(cgad_lt_status, cublasLtMatmulPreferenceDestroy, (CGAD_LT_PREFERENCE preference))                             \
  X(cgad_lt_status, cublasLtMatmulPreferenceSetAttribute,                                                         \
    (CGAD_LT_PREFERENCE preference, cgad_lt_enum attribute, const void *value, size_t bytes))                     \
  X(cgad_lt_status, cublasLtMatmulAlgoGetHeuristic,                                                               \
    (cgad_lt_handle handle, CGAD_LT_OPERATION operation, CGAD_LT_LAYOUT a, CGAD_LT_LAYOUT b, CGAD_LT_LAYOUT c,    \
     CGAD_LT_LAYOUT d, CGAD_LT_PREFERENCE preference, int count, CGAD_LT_HEURISTIC * found, int *found_count))    \
  X(cgad_lt_status, cublasLtMatmul,                                                                               \
    (cgad_lt_handle handle, CGAD_LT_OPERATION operation, const void *alpha, const void *a,                        \
     CGAD_LT_LAYOUT a_layout, const void *b, CGAD_LT_LAYOUT b_layout, const void *beta, const void *c,            \
     CGAD_LT_LAYOUT c_layout, void *d, CGAD_LT_LAYOUT d_layout, const CGAD_LT_ALGORITHM *algorithm,               \
     void *workspace, size_t workspace_bytes, cgad_cu_stream stream))

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wnullability-completeness"

/// The functions of the library.
typedef struct {
  CGAD_CUDA_CUBLASLT(CGAD_CUDA_FIELD)
} cgad_cublaslt;

/// Finds the functions of the library at `path`; see `cgad_cuda_open_driver`.
const char *cgad_cuda_open_cublaslt(const char *path, cgad_cublaslt *functions);

#pragma clang diagnostic pop

enum {
  CGAD_LT_SUCCESS = 0,
  CGAD_LT_NOT_SUPPORTED = 15,
  CGAD_LT_REAL_32F = 0,
  CGAD_LT_COMPUTE_32F_PEDANTIC = 69,
  CGAD_LT_COMPUTE_32F_FAST_16BF = 75,
  CGAD_LT_COMPUTE_32F_FAST_TF32 = 77,
  CGAD_LT_TRANSPOSED = 1,
  CGAD_LT_OPERATION_TRANSPOSE_A = 3,     // int32_t
  CGAD_LT_OPERATION_TRANSPOSE_B = 4,     // int32_t
  CGAD_LT_LAYOUT_BATCH_COUNT = 5,        // int32_t
  CGAD_LT_LAYOUT_BATCH_STRIDE = 6,       // int64_t
  CGAD_LT_PREFERENCE_WORKSPACE = 1,      // uint64_t
  CGAD_LT_PREFERENCE_REDUCTIONS = 3,     // uint32_t
  CGAD_LT_PREFERENCE_ALIGNMENT_A = 5,    // uint32_t, as the three that follow
  CGAD_LT_PREFERENCE_ALIGNMENT_B = 6,
  CGAD_LT_PREFERENCE_ALIGNMENT_C = 7,
  CGAD_LT_PREFERENCE_ALIGNMENT_D = 8,
  CGAD_LT_REDUCTION_COMPUTE_TYPE = 2,
};

#endif
