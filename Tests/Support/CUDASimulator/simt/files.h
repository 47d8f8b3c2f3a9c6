#pragma once
#include <stddef.h>

/// A header that kernels are compiled with, as it stands in the folder of this file.
typedef struct {
  const char *name;
  const unsigned char *text;
  size_t size;
} cgad_simt_file;

#ifdef __cplusplus
extern "C" {
#endif
extern const cgad_simt_file cgad_simt_files[];
extern const size_t cgad_simt_file_count;
#ifdef __cplusplus
}
#endif
