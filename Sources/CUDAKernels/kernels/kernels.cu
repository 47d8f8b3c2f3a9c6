// All kernels, for compilers that include files; `source.c` embeds the same ones in the same order.

#include "language.cuh"
#include "functions.cuh"
#include "doubles.cuh"
#include "trigonometry.cuh"
#include "loops.cuh"
#include "unary.cuh"
#include "binary.cuh"
#include "movement.cuh"
#include "gemm.cuh"
