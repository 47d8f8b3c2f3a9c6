#include "cgad_cuda_kernels.h"

const char cgad_cuda_source[] = {
#embed "kernels/language.cuh" suffix(, )
    0,
};

const size_t cgad_cuda_source_size = sizeof cgad_cuda_source - 1;
