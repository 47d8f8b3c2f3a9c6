#include "cgad_cuda_kernels.h"

const char cgad_cuda_source[] = {
#embed "kernels/language.cuh" suffix(, )
#embed "../CKernels/numerics/choice.h" suffix(, )
#embed "../CKernels/numerics/functions.h" suffix(, )
#embed "../CKernels/numerics/doubles.h" suffix(, )
#embed "../CKernels/numerics/trigonometry.h" suffix(, )
#embed "../CKernels/numerics/unary.h" suffix(, )
#embed "kernels/loops.cuh" suffix(, )
#embed "kernels/unary.cuh" suffix(, )
#embed "kernels/binary.cuh" suffix(, )
#embed "kernels/movement.cuh" suffix(, )
#embed "kernels/tiles.cuh" suffix(, )
#embed "kernels/gemm.cuh" suffix(, )
#embed "kernels/tensor.cuh" suffix(, )
#embed "kernels/teams.cuh" suffix(, )
#embed "kernels/reduce.cuh" suffix(, )
#embed "kernels/softmax.cuh" suffix(, )
#embed "kernels/loss.cuh" suffix(, )
#embed "kernels/normalize.cuh" suffix(, )
#embed "kernels/optimizer.cuh" suffix(, )
#embed "kernels/random.cuh" suffix(, )
#embed "kernels/runs.cuh" suffix(, )
#embed "kernels/indexing.cuh" suffix(, )
#embed "kernels/pooling.cuh" suffix(, )
#embed "kernels/convolution.cuh" suffix(, )
#embed "kernels/attention.cuh" suffix(, )
    0,
};

const size_t cgad_cuda_source_size = sizeof cgad_cuda_source - 1;
