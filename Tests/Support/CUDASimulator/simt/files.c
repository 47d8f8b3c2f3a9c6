#include "files.h"

static const unsigned char interface[] = {
#embed "interface.h"
};
static const unsigned char simt[] = {
#embed "simt.h"
};
static const unsigned char arithmetic[] = {
#embed "arithmetic.h"
};
static const unsigned char warp[] = {
#embed "warp.h"
};
static const unsigned char atomics[] = {
#embed "atomics.h"
};
static const unsigned char vectors[] = {
#embed "vectors.h"
};
static const unsigned char registration[] = {
#embed "register.h"
};

const cgad_simt_file cgad_simt_files[] = {
    {"interface.h", interface, sizeof interface}, {"simt.h", simt, sizeof simt},
    {"arithmetic.h", arithmetic, sizeof arithmetic}, {"warp.h", warp, sizeof warp},
    {"atomics.h", atomics, sizeof atomics}, {"vectors.h", vectors, sizeof vectors},
    {"register.h", registration, sizeof registration},
};
const size_t cgad_simt_file_count = sizeof cgad_simt_files / sizeof cgad_simt_files[0];
