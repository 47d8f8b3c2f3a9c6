#pragma once

/// Symbols that the simulator exports beside those of the driver, of NVRTC and of cuBLASLt. Each is optional for a caller.
///
/// Environment, read once, when the library is first used:
/// - `CGAD_SIM_SEED`: order of streams, blocks and threads (default 1).
/// - `CGAD_SIM_CHECK`: 0 runs kernels without observing their accesses (default 1).
/// - `CGAD_SIM_MEMORY`: capacity of the device in bytes (default 4 GiB).
/// - `CGAD_SIM_FAIL`: `NAME:N:CODE`, the N-th call (from 1) of the function NAME returns CODE; with the names `launch` and
///   `copy` and `product`, the N-th kernel, copy or product of cuBLASLt that runs ends with the sticky error CODE; with the
///   name `algorithms`, cuBLASLt finds none the N-th time, whatever CODE is.
/// - `CGAD_SIM_ARCHITECTURE`: compute capability times ten (default 90).
/// - `CGAD_SIM_DRIVER`: version of the driver (default 13000).
/// - `CGAD_SIM_CXX`: host compiler for kernels (default `clang++`).
/// - `CGAD_SIM_CACHE`: folder of compiled kernels (default `cgad-simulator-UID` in the folder for temporary files).
/// - `CGAD_SIM_SOURCE`: a file that is compiled instead of the text that a program gives.
/// - `CGAD_SIM_OPTIONS`: further options for every compilation of kernels, separated by spaces.
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Ends the contents of `bytes` bytes at `address`, in the order of `stream`; reading them before they are written again
/// is an error. For the `delete` of a plan. Returns a `CUresult`.
int cgadSimPoison(uint64_t address, size_t bytes, void *stream);

/// The text of the first violation that the simulator has found, or an empty string.
const char *cgadSimReport(void);

#ifdef __cplusplus
}
#endif
