#pragma once

namespace simulator {

/// Results of the driver (`CUresult`), as `cuda.h` numbers them.
enum Code : int {
  codeSuccess = 0,
  codeInvalidValue = 1,
  codeOutOfMemory = 2,
  codeNotInitialized = 3,
  codeDeinitialized = 4,
  codeNoDevice = 100,
  codeInvalidDevice = 101,
  codeInvalidImage = 200,
  codeInvalidContext = 201,
  codeNoBinaryForDevice = 209,
  codeInvalidPTX = 218,
  codeUnsupportedPTXVersion = 222,
  codeFileNotFound = 301,
  codeSharedObjectInitFailed = 303,
  codeInvalidHandle = 400,
  codeIllegalState = 401,
  codeNotFound = 500,
  codeNotReady = 600,
  codeIllegalAddress = 700,
  codeLaunchOutOfResources = 701,
  codeLaunchTimeout = 702,
  codeContextIsDestroyed = 709,
  codeAssert = 710,
  codeHardwareStackError = 714,
  codeIllegalInstruction = 715,
  codeMisalignedAddress = 716,
  codeLaunchFailed = 719,
  codeNotPermitted = 800,
  codeNotSupported = 801,
  codeSystemDriverMismatch = 803,
  codeCaptureUnsupported = 900,
  codeCaptureInvalidated = 901,
  codeCaptureMerge = 902,
  codeCaptureUnmatched = 903,
  codeCaptureUnjoined = 904,
  codeCaptureIsolation = 905,
  codeCaptureImplicit = 906,
  codeCapturedEvent = 907,
  codeCaptureWrongThread = 908,
  codeUnknown = 999,
};

/// The name of a code (`CUDA_ERROR_OUT_OF_MEMORY`) and its text, or nil for a number that is no code.
const char *codeName(int code);
const char *codeText(int code);

}  // namespace simulator
