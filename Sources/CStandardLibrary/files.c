#include "cgad_standard_library.h"

static const unsigned char nn[] = {
#embed "std/nn.cgm"
};

static const cgad_standard_file files[] = {
    {"nn", nn, sizeof nn},
};

size_t cgad_standard_file_count(void) { return sizeof files / sizeof files[0]; }

cgad_standard_file cgad_standard_file_at(size_t index) { return files[index]; }
