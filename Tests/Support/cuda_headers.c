// Holds the declarations of cgad_cuda.h and cgad_cublaslt.h against those of NVIDIA's headers; compiling it is the test.
#include <cublasLt.h>
#include <cuda.h>
#include <nvrtc.h>

// The library's own types, for its functions to be compared with.
#define CGAD_LT_LAYOUT cublasLtMatrixLayout_t
#define CGAD_LT_OPERATION cublasLtMatmulDesc_t
#define CGAD_LT_PREFERENCE cublasLtMatmulPreference_t
#define CGAD_LT_ALGORITHM cublasLtMatmulAlgo_t
#define CGAD_LT_HEURISTIC cublasLtMatmulHeuristicResult_t
#include "cgad_cublaslt.h"

// Results are enumerations there and `unsigned int` here, which have the same size and are passed alike; the parameters'
// sizes must agree one by one, so a function is called with a value of each of our types.
#define SAME_SIZE(a, b) _Static_assert(sizeof(a) == sizeof(b), #a)
SAME_SIZE(cgad_cu_result, CUresult);
SAME_SIZE(cgad_cu_enum, CUdevice_attribute);
SAME_SIZE(cgad_cu_enum, CUstreamCaptureMode);
SAME_SIZE(cgad_cu_device, CUdevice);
SAME_SIZE(cgad_cu_address, CUdeviceptr);
SAME_SIZE(cgad_nvrtc_result, nvrtcResult);
SAME_SIZE(cgad_lt_status, cublasStatus_t);
SAME_SIZE(cgad_lt_enum, cublasComputeType_t);
SAME_SIZE(cgad_lt_enum, cublasLtMatmulDescAttributes_t);
SAME_SIZE(cgad_lt_algorithm, cublasLtMatmulAlgo_t);
_Static_assert(sizeof(cgad_lt_algorithm) == 64, "");

// Of an algorithm that is found, each field lies where the library writes it.
#define SAME_FIELD(ours, theirs) \
  _Static_assert(offsetof(cgad_lt_heuristic, ours) == offsetof(cublasLtMatmulHeuristicResult_t, theirs), #ours)
SAME_SIZE(cgad_lt_heuristic, cublasLtMatmulHeuristicResult_t);
SAME_FIELD(algorithm, algo);
SAME_FIELD(workspace_bytes, workspaceSize);
SAME_FIELD(status, state);
SAME_FIELD(waves, wavesCount);
SAME_FIELD(reserved, reserved);

// A pointer to a function here must be assignable from the real function, once enumerations are `unsigned int`: clang
// checks every parameter with -Werror=incompatible-function-pointer-types.
#define PIN(result, name, parameters) result(*const pin_##name) parameters = name;
CGAD_CUDA_DRIVER(PIN)
CGAD_CUDA_COMPILER(PIN)
CGAD_CUDA_CUBLASLT(PIN)

_Static_assert(CGAD_CU_SUCCESS == CUDA_SUCCESS, "");
_Static_assert(CGAD_CU_OUT_OF_MEMORY == CUDA_ERROR_OUT_OF_MEMORY, "");
_Static_assert(CGAD_CU_ATTRIBUTE_COMPUTE_MAJOR == CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR, "");
_Static_assert(CGAD_CU_ATTRIBUTE_COMPUTE_MINOR == CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR, "");
_Static_assert(CGAD_CU_STREAM_NON_BLOCKING == CU_STREAM_NON_BLOCKING, "");
_Static_assert(CGAD_CU_EVENT_DISABLE_TIMING == CU_EVENT_DISABLE_TIMING, "");
_Static_assert(CGAD_CU_CAPTURE_RELAXED == CU_STREAM_CAPTURE_MODE_RELAXED, "");

_Static_assert(CGAD_LT_SUCCESS == CUBLAS_STATUS_SUCCESS, "");
_Static_assert(CGAD_LT_NOT_SUPPORTED == CUBLAS_STATUS_NOT_SUPPORTED, "");
_Static_assert(CGAD_LT_REAL_32F == CUDA_R_32F, "");
_Static_assert(CGAD_LT_COMPUTE_32F_PEDANTIC == CUBLAS_COMPUTE_32F_PEDANTIC, "");
_Static_assert(CGAD_LT_COMPUTE_32F_FAST_16BF == CUBLAS_COMPUTE_32F_FAST_16BF, "");
_Static_assert(CGAD_LT_COMPUTE_32F_FAST_TF32 == CUBLAS_COMPUTE_32F_FAST_TF32, "");
_Static_assert(CGAD_LT_TRANSPOSED == CUBLAS_OP_T, "");
_Static_assert(CGAD_LT_OPERATION_TRANSPOSE_A == CUBLASLT_MATMUL_DESC_TRANSA, "");
_Static_assert(CGAD_LT_OPERATION_TRANSPOSE_B == CUBLASLT_MATMUL_DESC_TRANSB, "");
_Static_assert(CGAD_LT_LAYOUT_BATCH_COUNT == CUBLASLT_MATRIX_LAYOUT_BATCH_COUNT, "");
_Static_assert(CGAD_LT_LAYOUT_BATCH_STRIDE == CUBLASLT_MATRIX_LAYOUT_STRIDED_BATCH_OFFSET, "");
_Static_assert(CGAD_LT_PREFERENCE_WORKSPACE == CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES, "");
_Static_assert(CGAD_LT_PREFERENCE_REDUCTIONS == CUBLASLT_MATMUL_PREF_REDUCTION_SCHEME_MASK, "");
_Static_assert(CGAD_LT_PREFERENCE_ALIGNMENT_A == CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES, "");
_Static_assert(CGAD_LT_PREFERENCE_ALIGNMENT_B == CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_B_BYTES, "");
_Static_assert(CGAD_LT_PREFERENCE_ALIGNMENT_C == CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_C_BYTES, "");
_Static_assert(CGAD_LT_PREFERENCE_ALIGNMENT_D == CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES, "");
_Static_assert(CGAD_LT_REDUCTION_COMPUTE_TYPE == CUBLASLT_REDUCTION_SCHEME_COMPUTE_TYPE, "");
