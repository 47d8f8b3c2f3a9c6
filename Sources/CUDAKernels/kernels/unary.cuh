// Functions of one tensor, and their derivatives times dy.

/// Defines the kernel of a function.
#define CGAD_UNARY(name, loop) \
  CGAD_KERNEL(cgad_cuda_##name, i64 n, const float *x_, float *y_) { \
    loop(n, x_, y_, [](float x) -> float { return unary_##name(x); }); \
  }

CGAD_UNARY(neg, map)
CGAD_UNARY(abs, map)
CGAD_UNARY(relu, map)
CGAD_UNARY(tanh, map)
CGAD_UNARY(sigmoid, map)
CGAD_UNARY(exp, map)
CGAD_UNARY(log, map)
CGAD_UNARY(sqrt, map)
CGAD_UNARY(rsqrt, map)
CGAD_UNARY(square, map)
CGAD_UNARY(sin, map_slowly)
CGAD_UNARY(cos, map_slowly)
CGAD_UNARY(gelu, map)
CGAD_UNARY(silu, map)
CGAD_UNARY(softplus, map)
CGAD_UNARY(reciprocal, map)
CGAD_UNARY(sign, map)
CGAD_UNARY(tan, map_slowly)
CGAD_UNARY(asin, map_slowly)
CGAD_UNARY(acos, map_slowly)
CGAD_UNARY(atan, map_slowly)
CGAD_UNARY(sinh, map_slowly)
CGAD_UNARY(cosh, map_slowly)
CGAD_UNARY(asinh, map_slowly)
CGAD_UNARY(acosh, map_slowly)
CGAD_UNARY(atanh, map_slowly)
CGAD_UNARY(log1p, map_slowly)
CGAD_UNARY(expm1, map_slowly)
CGAD_UNARY(erf, map_slowly)
CGAD_UNARY(mish, map)
CGAD_UNARY(softsign, map)
CGAD_UNARY(gelu_exact, map_slowly)

// MARK: Derivatives, times dy, of the output y or the input x, both called s

/// Defines the kernel of a derivative.
#define CGAD_UNARY_GRADIENT(name, loop) \
  CGAD_KERNEL(cgad_cuda_##name##_grad, i64 n, const float *s_, const float *dy_, float *dx_) { \
    loop(n, s_, dy_, dx_, [](float s, float dy) -> float { return slope_##name(s, dy); }); \
  }

CGAD_UNARY_GRADIENT(abs, map_two)
CGAD_UNARY_GRADIENT(relu, map_two)
CGAD_UNARY_GRADIENT(tanh, map_two)
CGAD_UNARY_GRADIENT(sigmoid, map_two)
CGAD_UNARY_GRADIENT(exp, map_two)
CGAD_UNARY_GRADIENT(log, map_two)
CGAD_UNARY_GRADIENT(sqrt, map_two)
CGAD_UNARY_GRADIENT(rsqrt, map_two)
CGAD_UNARY_GRADIENT(square, map_two)
CGAD_UNARY_GRADIENT(sin, map_two_slowly)
CGAD_UNARY_GRADIENT(cos, map_two_slowly)
CGAD_UNARY_GRADIENT(gelu, map_two)
CGAD_UNARY_GRADIENT(silu, map_two)
CGAD_UNARY_GRADIENT(softplus, map_two)
CGAD_UNARY_GRADIENT(reciprocal, map_two)
CGAD_UNARY_GRADIENT(tan, map_two)
CGAD_UNARY_GRADIENT(asin, map_two)
CGAD_UNARY_GRADIENT(acos, map_two)
CGAD_UNARY_GRADIENT(atan, map_two)
CGAD_UNARY_GRADIENT(sinh, map_two_slowly)
CGAD_UNARY_GRADIENT(cosh, map_two_slowly)
CGAD_UNARY_GRADIENT(asinh, map_two)
CGAD_UNARY_GRADIENT(acosh, map_two)
CGAD_UNARY_GRADIENT(atanh, map_two)
CGAD_UNARY_GRADIENT(log1p, map_two)
CGAD_UNARY_GRADIENT(expm1, map_two)
CGAD_UNARY_GRADIENT(erf, map_two)
CGAD_UNARY_GRADIENT(mish, map_two)
CGAD_UNARY_GRADIENT(softsign, map_two)
CGAD_UNARY_GRADIENT(gelu_exact, map_two_slowly)

// MARK: Functions with constants

CGAD_KERNEL(cgad_cuda_leaky_relu, i64 n, const float *x, float *y, float slope) {
  map(n, x, y, [=](float v) -> float { return v_leaky_relu(v, slope); });
}

CGAD_KERNEL(cgad_cuda_leaky_relu_grad, i64 n, const float *s, const float *dy, float *dx, float slope) {
  map_two(n, s, dy, dx, [=](float v, float d) -> float { return slope_leaky_relu(v, d, slope); });
}

CGAD_KERNEL(cgad_cuda_elu, i64 n, const float *x, float *y, float alpha) {
  map_slowly(n, x, y, [=](float v) -> float { return v_elu(v, alpha); });
}

CGAD_KERNEL(cgad_cuda_elu_grad, i64 n, const float *y, const float *dy, float *dx, float alpha) {
  map_two(n, y, dy, dx, [=](float v, float d) -> float { return slope_elu(v, d, alpha); });
}

/// The exponent is given by its bits.
CGAD_KERNEL(cgad_cuda_pow, i64 n, const float *x, float *y, i64 bits) {
  exponent power = exponent_of(double_of((u64)bits));
  map_slowly(n, x, y, [=](float v) -> float { return v_pow(v, power); });
}

CGAD_KERNEL(cgad_cuda_pow_grad, i64 n, const float *x, const float *dy, float *dx, i64 bits) {
  double value = double_of((u64)bits);
  exponent power = exponent_of(value), less = exponent_of(value - 1);
  map_two_slowly(n, x, dy, dx, [=](float v, float d) -> float { return slope_pow(v, d, power, less, (float)value); });
}

CGAD_KERNEL(cgad_cuda_clamp, i64 n, const float *x, float *y, float low, float high) {
  map(n, x, y, [=](float v) -> float { return clamp(v, low, high); });
}

CGAD_KERNEL(cgad_cuda_clamp_grad, i64 n, const float *x, const float *dy, float *dx, float low, float high) {
  map_two(n, x, dy, dx, [=](float v, float d) -> float { return slope_clamp(v, d, low, high); });
}

// MARK: Types

CGAD_KERNEL(cgad_cuda_cast_i32, i64 n, const i32 *x, float *y) {
  map(n, x, y, [](i32 v) -> float { return (float)v; });
}

CGAD_KERNEL(cgad_cuda_cast_u8, i64 n, const u8 *x, float *y) {
  map(n, x, y, [](u8 v) -> float { return (float)v; });
}
