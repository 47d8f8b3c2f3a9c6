#ifndef CGAD_CUDA_KERNELS_H
#define CGAD_CUDA_KERNELS_H

#include <stddef.h>

/// The text of all CUDA kernels, one translation unit, which ends with a zero.
extern const char cgad_cuda_source[];

/// The size of the text in bytes, without the zero.
extern const size_t cgad_cuda_source_size;

/// Returns `cgad_cuda_source`, for languages that have no arrays of unknown size.
static inline const char *cgad_cuda_source_text(void) { return cgad_cuda_source; }

#endif
