// Compares the functions of Sources/CKernels/numerics as one thread of a device computes them with the processor's
// kernels, which compute 16 lanes at once, over floats spread over all bit patterns: numerics_agreement FLOATS.

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "cgad_kernels.h"

#define __device__
#define CGAD_KERNEL(name, ...) [[maybe_unused]] static void name(__VA_ARGS__)
static struct { unsigned x; } blockIdx, blockDim, threadIdx, gridDim;
#include "../Sources/CUDAKernels/kernels/language.cuh"

#include "../Sources/CKernels/numerics/choice.h"
#include "../Sources/CKernels/numerics/functions.h"
#include "../Sources/CKernels/numerics/doubles.h"
#include "../Sources/CKernels/numerics/trigonometry.h"
#include "../Sources/CKernels/numerics/unary.h"

static constexpr size_t count = 1 << 16;
static float x[count], y[count], processor[count], device[count];
static cgad_pool *pool;
static long rounds, failures;

/// Fills `x` with every 2³² / (65536 · rounds)-th bit pattern, from the `round`-th on, and `y` with others.
static void fill(long round) {
  for (size_t i = 0; i < count; i++) {
    unsigned bits = unsigned((i * rounds + round) * ((1ull << 32) / (count * rounds)));
    unsigned others = bits * 2654435761u + unsigned(round);
    memcpy(&x[i], &bits, sizeof bits);
    memcpy(&y[i], &others, sizeof others);
  }
}

/// Compares what both computed: the same bits, or NaN in both.
template <class Processor, class Device>
static void compare(const char *name, Processor on_processor, Device on_device) {
  long different = 0;
  float at = 0;
  for (long round = 0; round < rounds; round++) {
    fill(round);
    on_processor();
    for (size_t i = 0; i < count; i++) device[i] = on_device(x[i], y[i]);
    for (size_t i = 0; i < count; i++) {
      bool are_nan = processor[i] != processor[i] && device[i] != device[i];
      if (are_nan || memcmp(&processor[i], &device[i], sizeof(float)) == 0) continue;
      if (different++ == 0) at = x[i];
    }
  }
  if (different > 0) printf("%-20s differs for %ld numbers, first %a\n", name, different, at);
  failures += different > 0;
}

#define UNARY(name) \
  compare(#name, [] { cgad_unary_apply(pool, cgad_unary_##name, count, x, processor); }, \
          [](float a, float) { return unary_##name(a); });
#define SLOPE(name) \
  compare(#name " slope", [] { cgad_unary_gradient(pool, cgad_unary_##name, count, x, y, processor); }, \
          [](float a, float b) { return slope_##name(a, b); });
#define BOTH(name) UNARY(name) SLOPE(name)
#define PARAMETRIC(name, a, b, function, slope) \
  compare(#name " " #a, [] { cgad_parametric_apply(pool, cgad_parametric_##name, a, b, count, x, processor); }, \
          [](float u, float) { return function; }); \
  compare(#name " " #a " slope", \
          [] { cgad_parametric_gradient(pool, cgad_parametric_##name, a, b, count, x, y, processor); }, \
          [](float u, float v) { return slope; });
#define POWER(n) \
  PARAMETRIC(pow, n, 0, v_pow(u, exponent_of(n)), slope_pow(u, v, exponent_of(n), exponent_of((n) - 1.0), (float)(n)))

int main(int, char **arguments) {
  rounds = atol(arguments[1]) / long(count);
  pool = cgad_pool_create(1);
  UNARY(neg) UNARY(sign)
  BOTH(abs) BOTH(relu) BOTH(tanh) BOTH(sigmoid) BOTH(exp) BOTH(log) BOTH(sqrt) BOTH(rsqrt) BOTH(square)
  BOTH(sin) BOTH(cos) BOTH(gelu) BOTH(silu) BOTH(softplus) BOTH(reciprocal) BOTH(tan) BOTH(asin) BOTH(acos) BOTH(atan) BOTH(sinh) BOTH(cosh)
  BOTH(asinh) BOTH(acosh) BOTH(atanh) BOTH(log1p) BOTH(expm1) BOTH(erf) BOTH(mish) BOTH(softsign) BOTH(gelu_exact)
  PARAMETRIC(leaky_relu, 0.1, 0, v_leaky_relu(u, 0.1f), slope_leaky_relu(u, v, 0.1f))
  PARAMETRIC(elu, 0.7, 0, v_elu(u, 0.7f), slope_elu(u, v, 0.7f))
  PARAMETRIC(clamp, -1, 2, clamp(u, -1, 2), slope_clamp(u, v, -1, 2))
  POWER(3) POWER(-0.5) POWER(0) POWER(2) POWER(0.75) POWER(1e9)
  printf("%ld functions differ over %ld floats each\n", failures, rounds * long(count));
  return failures > 0;
}
