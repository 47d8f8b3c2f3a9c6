// All kernels, for compilers that include files; `source.c` embeds the same ones in the same order.

#include "language.cuh"
