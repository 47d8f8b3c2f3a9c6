#ifndef CGAD_STANDARD_LIBRARY_H
#define CGAD_STANDARD_LIBRARY_H

#include <stddef.h>

/// A file of the standard library, as part of the program.
typedef struct {
  /// What follows `std.` in an import.
  const char *name;

  /// The text, which does not end with a zero.
  const unsigned char *bytes;

  size_t count;
} cgad_standard_file;

/// The number of files.
size_t cgad_standard_file_count(void);

/// The file at `index`, below the number of files.
cgad_standard_file cgad_standard_file_at(size_t index);

#endif
