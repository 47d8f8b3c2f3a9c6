// Functions of one tensor, and their derivatives times dy.

CGAD_DEVICE float f_softsign(float x) {
  float y = x / (magnitude(x) + 1.0f);
  return magnitude(x) == infinity() ? f_sign(x) : y;
}

/// Far out, where the square would overflow, the root is `|x|`.
CGAD_DEVICE float asinh_slope(float x, float dy) {
  float a = magnitude(x);
  return dy / (a > 1.0e6f ? a : square_root(x * x + 1.0f));
}

CGAD_DEVICE float softsign_slope(float x, float dy) {
  float q = 1.0f / (magnitude(x) + 1.0f);
  return q * q * dy;
}

/// Defines the kernel of a function of `x`, an expression.
#define CGAD_UNARY(name, loop, expression) \
  CGAD_KERNEL(cgad_cuda_##name, i64 n, const float *x_, float *y_) { \
    loop(n, x_, y_, [](float x) -> float { return expression; }); \
  }

CGAD_UNARY(neg, map, -x)
CGAD_UNARY(abs, map, magnitude(x))
CGAD_UNARY(relu, map, x <= 0.0f ? 0.0f : x)
CGAD_UNARY(tanh, map, f_tanh(x))
CGAD_UNARY(sigmoid, map, f_sigmoid(x))
CGAD_UNARY(exp, map, f_exp(x))
CGAD_UNARY(log, map, f_log(x))
CGAD_UNARY(sqrt, map, square_root(x))
CGAD_UNARY(rsqrt, map, 1.0f / square_root(x))
CGAD_UNARY(square, map, x *x)
CGAD_UNARY(sin, map_slowly, f_sin(x))
CGAD_UNARY(cos, map_slowly, f_cos(x))
CGAD_UNARY(gelu, map, f_gelu(x))
CGAD_UNARY(silu, map, f_silu(x))
CGAD_UNARY(softplus, map, f_softplus(x))
CGAD_UNARY(reciprocal, map, 1.0f / x)
CGAD_UNARY(sign, map, f_sign(x))
CGAD_UNARY(tan, map_slowly, f_tan(x))
CGAD_UNARY(asin, map_slowly, f_asin(x))
CGAD_UNARY(acos, map_slowly, f_acos(x))
CGAD_UNARY(atan, map_slowly, f_atan(x))
CGAD_UNARY(sinh, map_slowly, f_sinh(x))
CGAD_UNARY(cosh, map_slowly, f_cosh(x))
CGAD_UNARY(asinh, map_slowly, f_asinh(x))
CGAD_UNARY(acosh, map_slowly, f_acosh(x))
CGAD_UNARY(atanh, map_slowly, f_atanh(x))
CGAD_UNARY(log1p, map_slowly, f_log_of_next(x))
CGAD_UNARY(expm1, map_slowly, f_expm1(x))
CGAD_UNARY(erf, map_slowly, f_erf(x))
CGAD_UNARY(mish, map, f_mish(x))
CGAD_UNARY(softsign, map, f_softsign(x))
CGAD_UNARY(gelu_exact, map_slowly, f_gelu_exact(x))

// MARK: Derivatives, times dy, of the output y or the input x, both called s

/// Defines the kernel of an expression of `s` and `dy`.
#define CGAD_UNARY_GRADIENT(name, loop, expression) \
  CGAD_KERNEL(cgad_cuda_##name##_grad, i64 n, const float *s_, const float *dy_, float *dx_) { \
    loop(n, s_, dy_, dx_, [](float s, float dy) -> float { return expression; }); \
  }

CGAD_UNARY_GRADIENT(abs, map_two, (s == 0.0f ? 0.0f : f_sign(s)) * dy)
CGAD_UNARY_GRADIENT(relu, map_two, s <= 0.0f ? 0.0f : dy)
CGAD_UNARY_GRADIENT(tanh, map_two, (1.0f - s * s) * dy)
CGAD_UNARY_GRADIENT(sigmoid, map_two, s *(1.0f - s) * dy)
CGAD_UNARY_GRADIENT(exp, map_two, s *dy)
CGAD_UNARY_GRADIENT(log, map_two, dy / s)
CGAD_UNARY_GRADIENT(sqrt, map_two, dy / (s + s))
CGAD_UNARY_GRADIENT(rsqrt, map_two, s *s *s * -0.5f * dy)
CGAD_UNARY_GRADIENT(square, map_two, (s + s) * dy)
CGAD_UNARY_GRADIENT(sin, map_two_slowly, f_cos(s) * dy)
CGAD_UNARY_GRADIENT(cos, map_two_slowly, -f_sin(s) * dy)
CGAD_UNARY_GRADIENT(gelu, map_two, f_gelu_derivative(s) * dy)
CGAD_UNARY_GRADIENT(silu, map_two, f_silu_derivative(s) * dy)
CGAD_UNARY_GRADIENT(softplus, map_two, f_sigmoid(s) * dy)
CGAD_UNARY_GRADIENT(reciprocal, map_two, -(s * s) * dy)
CGAD_UNARY_GRADIENT(tan, map_two, (s * s + 1.0f) * dy)
CGAD_UNARY_GRADIENT(asin, map_two, dy / square_root((1.0f - s) * (s + 1.0f)))
CGAD_UNARY_GRADIENT(acos, map_two, -dy / square_root((1.0f - s) * (s + 1.0f)))
CGAD_UNARY_GRADIENT(atan, map_two, dy / (s * s + 1.0f))
CGAD_UNARY_GRADIENT(sinh, map_two_slowly, f_cosh(s) * dy)
CGAD_UNARY_GRADIENT(cosh, map_two_slowly, f_sinh(s) * dy)
CGAD_UNARY_GRADIENT(asinh, map_two, asinh_slope(s, dy))
CGAD_UNARY_GRADIENT(acosh, map_two, dy / (square_root(s - 1.0f) * square_root(s + 1.0f)))
CGAD_UNARY_GRADIENT(atanh, map_two, dy / ((1.0f - s) * (s + 1.0f)))
CGAD_UNARY_GRADIENT(log1p, map_two, dy / (s + 1.0f))
CGAD_UNARY_GRADIENT(expm1, map_two, (s + 1.0f) * dy)
CGAD_UNARY_GRADIENT(erf, map_two, f_exp(-(s * s)) * 1.12837917f * dy)
CGAD_UNARY_GRADIENT(mish, map_two, f_mish_derivative(s) * dy)
CGAD_UNARY_GRADIENT(softsign, map_two, softsign_slope(s, dy))
CGAD_UNARY_GRADIENT(gelu_exact, map_two_slowly, f_gelu_exact_derivative(s) * dy)

// MARK: Functions with constants

CGAD_KERNEL(cgad_cuda_leaky_relu, i64 n, const float *x, float *y, float slope) {
  map(n, x, y, [=](float v) -> float { return v <= 0.0f ? v * slope : v; });
}

CGAD_KERNEL(cgad_cuda_leaky_relu_grad, i64 n, const float *s, const float *dy, float *dx, float slope) {
  map_two(n, s, dy, dx, [=](float v, float d) -> float { return v <= 0.0f ? d * slope : d; });
}

CGAD_KERNEL(cgad_cuda_elu, i64 n, const float *x, float *y, float alpha) {
  map_slowly(n, x, y, [=](float v) -> float { return v <= 0.0f ? f_expm1(v) * alpha : v; });
}

CGAD_KERNEL(cgad_cuda_elu_grad, i64 n, const float *y, const float *dy, float *dx, float alpha) {
  map_two(n, y, dy, dx, [=](float v, float d) -> float { return v <= 0.0f ? (v + alpha) * d : d; });
}

/// The exponent is given by its bits.
CGAD_KERNEL(cgad_cuda_pow, i64 n, const float *x, float *y, i64 exponent) {
  double power = double_of(exponent);
  map_slowly(n, x, y, [=](float v) -> float { return f_pow(v, power); });
}

CGAD_KERNEL(cgad_cuda_pow_grad, i64 n, const float *x, const float *dy, float *dx, i64 exponent) {
  double power = double_of(exponent), less = power - 1;
  float factor = (float)power;
  map_two_slowly(n, x, dy, dx, [=](float v, float d) -> float {
    return power == 0 ? 0.0f : f_pow(v, less) * factor * d;
  });
}

CGAD_KERNEL(cgad_cuda_clamp, i64 n, const float *x, float *y, float low, float high) {
  map(n, x, y, [=](float v) -> float { return limited(v, low, high); });
}

CGAD_KERNEL(cgad_cuda_clamp_grad, i64 n, const float *x, const float *dy, float *dx, float low, float high) {
  map_two(n, x, dy, dx, [=](float v, float d) -> float { return v >= low && v <= high ? d : 0.0f; });
}

// MARK: Types

CGAD_KERNEL(cgad_cuda_cast_i32, i64 n, const i32 *x, float *y) {
  map(n, x, y, [](i32 v) -> float { return (float)v; });
}

CGAD_KERNEL(cgad_cuda_cast_u8, i64 n, const u8 *x, float *y) {
  map(n, x, y, [](u8 v) -> float { return (float)v; });
}
