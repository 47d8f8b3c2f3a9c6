// What cgad calls of the CUDA driver and of NVRTC, found at run time: nothing of CUDA is needed to build. What it calls of
// cuBLASLt stands in cgad_cublaslt.h.
//
// The types are those of cuda.h (tags of structures and all), under names of their own; scripts/cuda-headers holds
// them against the real header.
#ifndef CGAD_CUDA_H
#define CGAD_CUDA_H

#include <stddef.h>

typedef unsigned int cgad_cu_result;  // an enumeration in cuda.h
typedef int cgad_cu_device;
typedef unsigned long long cgad_cu_address;
typedef struct CUctx_st *cgad_cu_context;
typedef struct CUmod_st *cgad_cu_module;
typedef struct CUfunc_st *cgad_cu_function;
typedef struct CUstream_st *cgad_cu_stream;
typedef struct CUevent_st *cgad_cu_event;
typedef struct CUgraph_st *cgad_cu_graph;
typedef struct CUgraphExec_st *cgad_cu_graph_exec;
typedef unsigned int cgad_cu_enum;  // a parameter that is an enumeration in cuda.h

typedef unsigned int cgad_nvrtc_result;
typedef struct _nvrtcProgram *cgad_nvrtc_program;

// Every function as X(result, name, parameters); a driver that lacks one cannot be used.
#define CGAD_CUDA_DRIVER(X)                                                                                       \
  X(cgad_cu_result, cuInit, (unsigned int flags))                                                                 \
  X(cgad_cu_result, cuDriverGetVersion, (int *version))                                                           \
  X(cgad_cu_result, cuGetErrorName, (cgad_cu_result error, const char **name))                                    \
  X(cgad_cu_result, cuGetErrorString, (cgad_cu_result error, const char **text))                                  \
  X(cgad_cu_result, cuDeviceGetCount, (int *count))                                                               \
  X(cgad_cu_result, cuDeviceGet, (cgad_cu_device *device, int ordinal))                                           \
  X(cgad_cu_result, cuDeviceGetName, (char *name, int size, cgad_cu_device device))                               \
  X(cgad_cu_result, cuDeviceTotalMem_v2, (size_t *bytes, cgad_cu_device device))                                  \
  X(cgad_cu_result, cuDeviceGetAttribute, (int *value, cgad_cu_enum attribute, cgad_cu_device device))            \
  X(cgad_cu_result, cuDevicePrimaryCtxRetain, (cgad_cu_context *context, cgad_cu_device device))                  \
  X(cgad_cu_result, cuDevicePrimaryCtxRelease_v2, (cgad_cu_device device))                                        \
  X(cgad_cu_result, cuCtxSetCurrent, (cgad_cu_context context))                                                   \
  X(cgad_cu_result, cuMemGetInfo_v2, (size_t *free, size_t *total))                                               \
  X(cgad_cu_result, cuMemAlloc_v2, (cgad_cu_address *address, size_t bytes))                                      \
  X(cgad_cu_result, cuMemFree_v2, (cgad_cu_address address))                                                      \
  X(cgad_cu_result, cuMemHostAlloc, (void **address, size_t bytes, unsigned int flags))                           \
  X(cgad_cu_result, cuMemFreeHost, (void *address))                                                               \
  X(cgad_cu_result, cuMemcpyHtoDAsync_v2,                                                                         \
    (cgad_cu_address target, const void *source, size_t bytes, cgad_cu_stream stream))                            \
  X(cgad_cu_result, cuMemcpyDtoHAsync_v2,                                                                         \
    (void *target, cgad_cu_address source, size_t bytes, cgad_cu_stream stream))                                  \
  X(cgad_cu_result, cuMemcpyDtoDAsync_v2,                                                                         \
    (cgad_cu_address target, cgad_cu_address source, size_t bytes, cgad_cu_stream stream))                        \
  X(cgad_cu_result, cuMemsetD32Async,                                                                             \
    (cgad_cu_address target, unsigned int value, size_t count, cgad_cu_stream stream))                            \
  X(cgad_cu_result, cuStreamCreate, (cgad_cu_stream * stream, unsigned int flags))                                \
  X(cgad_cu_result, cuStreamDestroy_v2, (cgad_cu_stream stream))                                                  \
  X(cgad_cu_result, cuStreamSynchronize, (cgad_cu_stream stream))                                                 \
  X(cgad_cu_result, cuStreamWaitEvent, (cgad_cu_stream stream, cgad_cu_event event, unsigned int flags))          \
  X(cgad_cu_result, cuEventCreate, (cgad_cu_event * event, unsigned int flags))                                   \
  X(cgad_cu_result, cuEventDestroy_v2, (cgad_cu_event event))                                                     \
  X(cgad_cu_result, cuEventRecord, (cgad_cu_event event, cgad_cu_stream stream))                                  \
  X(cgad_cu_result, cuEventElapsedTime, (float *milliseconds, cgad_cu_event start, cgad_cu_event end))            \
  X(cgad_cu_result, cuModuleLoadData, (cgad_cu_module * module, const void *image))                               \
  X(cgad_cu_result, cuModuleUnload, (cgad_cu_module module))                                                      \
  X(cgad_cu_result, cuModuleGetFunction, (cgad_cu_function * function, cgad_cu_module module, const char *name))  \
  X(cgad_cu_result, cuLaunchKernel,                                                                               \
    (cgad_cu_function function, unsigned int grid_x, unsigned int grid_y, unsigned int grid_z,                    \
     unsigned int block_x, unsigned int block_y, unsigned int block_z, unsigned int shared_bytes,                 \
     cgad_cu_stream stream, void **arguments, void **extra))                                                      \
  X(cgad_cu_result, cuStreamBeginCapture_v2, (cgad_cu_stream stream, cgad_cu_enum mode))                          \
  X(cgad_cu_result, cuStreamEndCapture, (cgad_cu_stream stream, cgad_cu_graph * graph))                           \
  X(cgad_cu_result, cuGraphInstantiateWithFlags,                                                                  \
    (cgad_cu_graph_exec * executable, cgad_cu_graph graph, unsigned long long flags))                             \
  X(cgad_cu_result, cuGraphLaunch, (cgad_cu_graph_exec executable, cgad_cu_stream stream))                        \
  X(cgad_cu_result, cuGraphExecDestroy, (cgad_cu_graph_exec executable))                                          \
  X(cgad_cu_result, cuGraphDestroy, (cgad_cu_graph graph))

#define CGAD_CUDA_COMPILER(X)                                                                                     \
  X(cgad_nvrtc_result, nvrtcVersion, (int *major, int *minor))                                                    \
  X(cgad_nvrtc_result, nvrtcGetNumSupportedArchs, (int *count))                                                   \
  X(cgad_nvrtc_result, nvrtcGetSupportedArchs, (int *architectures))                                              \
  X(const char *, nvrtcGetErrorString, (cgad_nvrtc_result error))                                                 \
  X(cgad_nvrtc_result, nvrtcCreateProgram,                                                                        \
    (cgad_nvrtc_program * program, const char *source, const char *name, int header_count,                        \
     const char *const *headers, const char *const *header_names))                                                \
  X(cgad_nvrtc_result, nvrtcDestroyProgram, (cgad_nvrtc_program * program))                                       \
  X(cgad_nvrtc_result, nvrtcCompileProgram,                                                                       \
    (cgad_nvrtc_program program, int option_count, const char *const *options))                                   \
  X(cgad_nvrtc_result, nvrtcGetProgramLogSize, (cgad_nvrtc_program program, size_t * bytes))                      \
  X(cgad_nvrtc_result, nvrtcGetProgramLog, (cgad_nvrtc_program program, char *log))                               \
  X(cgad_nvrtc_result, nvrtcGetPTXSize, (cgad_nvrtc_program program, size_t * bytes))                             \
  X(cgad_nvrtc_result, nvrtcGetPTX, (cgad_nvrtc_program program, char *ptx))                                      \
  X(cgad_nvrtc_result, nvrtcGetCUBINSize, (cgad_nvrtc_program program, size_t * bytes))                           \
  X(cgad_nvrtc_result, nvrtcGetCUBIN, (cgad_nvrtc_program program, char *cubin))

#define CGAD_CUDA_FIELD(result, name, parameters) result(*_Nonnull name) parameters;

#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wnullability-completeness"

/// The functions of the driver.
typedef struct {
  CGAD_CUDA_DRIVER(CGAD_CUDA_FIELD)
} cgad_cuda_driver;

/// The functions of the compiler.
typedef struct {
  CGAD_CUDA_COMPILER(CGAD_CUDA_FIELD)
} cgad_cuda_compiler;

/// Finds the functions of the library at `path`, which stays open for as long as the process runs.
///
/// Returns `NULL`, or why the functions are not there: what the loader says, or `lacks NAME`; the text is valid until
/// the next call in this thread. `driver` is only set if all are found.
const char *cgad_cuda_open_driver(const char *path, cgad_cuda_driver *driver);
const char *cgad_cuda_open_compiler(const char *path, cgad_cuda_compiler *compiler);

#pragma clang diagnostic pop

enum {
  CGAD_CU_SUCCESS = 0,
  CGAD_CU_OUT_OF_MEMORY = 2,
  CGAD_CU_ATTRIBUTE_COMPUTE_MAJOR = 75,
  CGAD_CU_ATTRIBUTE_COMPUTE_MINOR = 76,
  CGAD_CU_STREAM_NON_BLOCKING = 1,
  CGAD_CU_EVENT_DISABLE_TIMING = 2,
  CGAD_CU_CAPTURE_RELAXED = 2,
};

#endif
