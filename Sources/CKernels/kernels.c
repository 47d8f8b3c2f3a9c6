#include "cgad_kernels.h"
