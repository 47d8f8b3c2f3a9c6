#include "cgad_standard_library.h"

static const unsigned char nn[] = {
#embed "std/nn.cgm"
};

static const unsigned char mlp[] = {
#embed "templates/mlp.cgm"
};

static const unsigned char gpt[] = {
#embed "templates/gpt.cgm"
};

static const unsigned char unet[] = {
#embed "templates/unet.cgm"
};

static const cgad_standard_file templates[] = {
    {"mlp", mlp, sizeof mlp},
    {"gpt", gpt, sizeof gpt},
    {"unet", unet, sizeof unet},
};

static const cgad_standard_file files[] = {
    {"nn", nn, sizeof nn},
};

size_t cgad_standard_file_count(void) { return sizeof files / sizeof files[0]; }

cgad_standard_file cgad_standard_file_at(size_t index) { return files[index]; }

size_t cgad_template_count(void) { return sizeof templates / sizeof templates[0]; }

cgad_standard_file cgad_template_at(size_t index) { return templates[index]; }
