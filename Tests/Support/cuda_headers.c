// Holds the declarations of cgad_cuda.h against those of NVIDIA's headers; compiling it is the test.
#include <cuda.h>
#include <nvrtc.h>

#include "cgad_cuda.h"

// Results are enumerations there and `unsigned int` here, which have the same size and are passed alike; the parameters'
// sizes must agree one by one, so a function is called with a value of each of our types.
#define SAME_SIZE(a, b) _Static_assert(sizeof(a) == sizeof(b), #a)
SAME_SIZE(cgad_cu_result, CUresult);
SAME_SIZE(cgad_cu_enum, CUdevice_attribute);
SAME_SIZE(cgad_cu_enum, CUstreamCaptureMode);
SAME_SIZE(cgad_cu_device, CUdevice);
SAME_SIZE(cgad_cu_address, CUdeviceptr);
SAME_SIZE(cgad_nvrtc_result, nvrtcResult);

// A pointer to a function here must be assignable from the real function, once enumerations are `unsigned int`: clang
// checks every parameter with -Werror=incompatible-function-pointer-types.
#define PIN(result, name, parameters) result(*const pin_##name) parameters = name;
CGAD_CUDA_DRIVER(PIN)
CGAD_CUDA_COMPILER(PIN)

_Static_assert(CGAD_CU_SUCCESS == CUDA_SUCCESS, "");
_Static_assert(CGAD_CU_OUT_OF_MEMORY == CUDA_ERROR_OUT_OF_MEMORY, "");
_Static_assert(CGAD_CU_ATTRIBUTE_COMPUTE_MAJOR == CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR, "");
_Static_assert(CGAD_CU_ATTRIBUTE_COMPUTE_MINOR == CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR, "");
_Static_assert(CGAD_CU_STREAM_NON_BLOCKING == CU_STREAM_NON_BLOCKING, "");
_Static_assert(CGAD_CU_EVENT_DISABLE_TIMING == CU_EVENT_DISABLE_TIMING, "");
_Static_assert(CGAD_CU_CAPTURE_RELAXED == CU_STREAM_CAPTURE_MODE_RELAXED, "");
