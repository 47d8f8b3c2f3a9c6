#ifndef CGAD_STANDARD_LIBRARY_H
#define CGAD_STANDARD_LIBRARY_H

#include <stddef.h>

/// A model that is part of the program.
typedef struct {
  /// What follows `std.` in an import, or the name of a template.
  const char *name;

  /// The text, which does not end with a zero.
  const unsigned char *bytes;

  size_t count;
} cgad_standard_file;

/// The number of files of the standard library.
size_t cgad_standard_file_count(void);

/// The file at `index`, below the number of files.
cgad_standard_file cgad_standard_file_at(size_t index);

/// The number of models to start from.
size_t cgad_template_count(void);

/// The model to start from at `index`, below their number.
cgad_standard_file cgad_template_at(size_t index);

#endif
