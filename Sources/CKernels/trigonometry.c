// The reduction of great angles.

#include "numerics.h"

int64_t cgad_reduce_angle(float x, double *rest) { return reduce_great_angle(x, rest); }
