#include "Codes.h"

namespace simulator {

namespace {

struct Entry {
  int code;
  const char *name, *text;
};

constexpr Entry entries[] = {
    {codeSuccess, "CUDA_SUCCESS", "no error"},
    {codeInvalidValue, "CUDA_ERROR_INVALID_VALUE", "invalid argument"},
    {codeOutOfMemory, "CUDA_ERROR_OUT_OF_MEMORY", "out of memory"},
    {codeNotInitialized, "CUDA_ERROR_NOT_INITIALIZED", "initialization error"},
    {codeDeinitialized, "CUDA_ERROR_DEINITIALIZED", "driver shutting down"},
    {codeNoDevice, "CUDA_ERROR_NO_DEVICE", "no CUDA-capable device is detected"},
    {codeInvalidDevice, "CUDA_ERROR_INVALID_DEVICE", "invalid device ordinal"},
    {codeInvalidImage, "CUDA_ERROR_INVALID_IMAGE", "device kernel image is invalid"},
    {codeInvalidContext, "CUDA_ERROR_INVALID_CONTEXT", "invalid device context"},
    {codeNoBinaryForDevice, "CUDA_ERROR_NO_BINARY_FOR_GPU", "no kernel image is available for execution on the device"},
    {codeInvalidPTX, "CUDA_ERROR_INVALID_PTX", "a PTX JIT compilation failed"},
    {codeUnsupportedPTXVersion, "CUDA_ERROR_UNSUPPORTED_PTX_VERSION",
     "the provided PTX was compiled with an unsupported toolchain."},
    {codeFileNotFound, "CUDA_ERROR_FILE_NOT_FOUND", "file not found"},
    {codeSharedObjectInitFailed, "CUDA_ERROR_SHARED_OBJECT_INIT_FAILED", "shared object initialization failed"},
    {codeInvalidHandle, "CUDA_ERROR_INVALID_HANDLE", "invalid resource handle"},
    {codeIllegalState, "CUDA_ERROR_ILLEGAL_STATE", "the operation cannot be performed in the present state"},
    {codeNotFound, "CUDA_ERROR_NOT_FOUND", "named symbol not found"},
    {codeNotReady, "CUDA_ERROR_NOT_READY", "device not ready"},
    {codeIllegalAddress, "CUDA_ERROR_ILLEGAL_ADDRESS", "an illegal memory access was encountered"},
    {codeLaunchOutOfResources, "CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES", "too many resources requested for launch"},
    {codeLaunchTimeout, "CUDA_ERROR_LAUNCH_TIMEOUT", "the launch timed out and was terminated"},
    {codeContextIsDestroyed, "CUDA_ERROR_CONTEXT_IS_DESTROYED", "context is destroyed"},
    {codeAssert, "CUDA_ERROR_ASSERT", "device-side assert triggered"},
    {codeHardwareStackError, "CUDA_ERROR_HARDWARE_STACK_ERROR", "hardware stack error"},
    {codeIllegalInstruction, "CUDA_ERROR_ILLEGAL_INSTRUCTION", "an illegal instruction was encountered"},
    {codeMisalignedAddress, "CUDA_ERROR_MISALIGNED_ADDRESS", "misaligned address"},
    {codeLaunchFailed, "CUDA_ERROR_LAUNCH_FAILED", "unspecified launch failure"},
    {codeNotPermitted, "CUDA_ERROR_NOT_PERMITTED", "operation not permitted"},
    {codeNotSupported, "CUDA_ERROR_NOT_SUPPORTED", "operation not supported"},
    {codeSystemDriverMismatch, "CUDA_ERROR_SYSTEM_DRIVER_MISMATCH",
     "system has unsupported display driver / cuda driver combination"},
    {codeCaptureUnsupported, "CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED",
     "operation not permitted when stream is capturing"},
    {codeCaptureInvalidated, "CUDA_ERROR_STREAM_CAPTURE_INVALIDATED",
     "operation failed due to a previous error during capture"},
    {codeCaptureMerge, "CUDA_ERROR_STREAM_CAPTURE_MERGE",
     "operation would result in a merge of separate capture sequences"},
    {codeCaptureUnmatched, "CUDA_ERROR_STREAM_CAPTURE_UNMATCHED",
     "capture was not ended in the same stream as it began"},
    {codeCaptureUnjoined, "CUDA_ERROR_STREAM_CAPTURE_UNJOINED", "capturing stream has unjoined work"},
    {codeCaptureIsolation, "CUDA_ERROR_STREAM_CAPTURE_ISOLATION",
     "dependency created on uncaptured work in another stream"},
    {codeCaptureImplicit, "CUDA_ERROR_STREAM_CAPTURE_IMPLICIT",
     "operation would make the legacy stream depend on a capturing blocking stream"},
    {codeCapturedEvent, "CUDA_ERROR_CAPTURED_EVENT",
     "operation not permitted on an event last recorded in a capturing stream"},
    {codeCaptureWrongThread, "CUDA_ERROR_STREAM_CAPTURE_WRONG_THREAD",
     "attempt to terminate a thread-local capture sequence from another thread"},
    {codeUnknown, "CUDA_ERROR_UNKNOWN", "unknown error"},
};

const Entry *find(int code) {
  for (const Entry &entry : entries)
    if (entry.code == code) return &entry;
  return nullptr;
}

}  // namespace

const char *codeName(int code) {
  const Entry *entry = find(code);
  return entry ? entry->name : nullptr;
}

const char *codeText(int code) {
  const Entry *entry = find(code);
  return entry ? entry->text : nullptr;
}

}  // namespace simulator
