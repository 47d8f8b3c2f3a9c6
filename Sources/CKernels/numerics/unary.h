// The functions of one tensor, and their derivatives times dy of the input x or the output y; for processors and devices.

// MARK: Functions

CGAD_FUNCTION f32s unary_neg(f32s x) { return -x; }

CGAD_FUNCTION f32s unary_abs(f32s x) { return magnitude(x); }

CGAD_FUNCTION f32s unary_relu(f32s x) { return choose(x <= 0.0f, splat(0.0f), x); }

CGAD_FUNCTION f32s unary_tanh(f32s x) { return v_tanh(x); }

CGAD_FUNCTION f32s unary_sigmoid(f32s x) { return v_sigmoid(x); }

CGAD_FUNCTION f32s unary_exp(f32s x) { return v_exp(x); }

CGAD_FUNCTION f32s unary_log(f32s x) { return v_log(x); }

CGAD_FUNCTION f32s unary_sqrt(f32s x) { return v_sqrt(x); }

CGAD_FUNCTION f32s unary_rsqrt(f32s x) { return 1.0f / v_sqrt(x); }

CGAD_FUNCTION f32s unary_square(f32s x) { return x * x; }

CGAD_FUNCTION f32s unary_sin(f32s x) { return v_sin(x); }

CGAD_FUNCTION f32s unary_cos(f32s x) { return v_cos(x); }

CGAD_FUNCTION f32s unary_gelu(f32s x) { return v_gelu(x); }

CGAD_FUNCTION f32s unary_silu(f32s x) { return v_silu(x); }

CGAD_FUNCTION f32s unary_softplus(f32s x) { return v_softplus(x); }

CGAD_FUNCTION f32s unary_reciprocal(f32s x) { return 1.0f / x; }

CGAD_FUNCTION f32s unary_sign(f32s x) { return v_sign(x); }

CGAD_FUNCTION f32s unary_tan(f32s x) { return v_tan(x); }

CGAD_FUNCTION f32s unary_asin(f32s x) { return v_asin(x); }

CGAD_FUNCTION f32s unary_acos(f32s x) { return v_acos(x); }

CGAD_FUNCTION f32s unary_atan(f32s x) { return v_atan(x); }

CGAD_FUNCTION f32s unary_sinh(f32s x) { return v_sinh(x); }

CGAD_FUNCTION f32s unary_cosh(f32s x) { return v_cosh(x); }

CGAD_FUNCTION f32s unary_asinh(f32s x) { return v_asinh(x); }

CGAD_FUNCTION f32s unary_acosh(f32s x) { return v_acosh(x); }

CGAD_FUNCTION f32s unary_atanh(f32s x) { return v_atanh(x); }

CGAD_FUNCTION f32s unary_log1p(f32s x) { return v_log_of_next(x); }

CGAD_FUNCTION f32s unary_expm1(f32s x) { return v_expm1(x); }

CGAD_FUNCTION f32s unary_erf(f32s x) { return v_erf(x); }

CGAD_FUNCTION f32s unary_mish(f32s x) { return v_mish(x); }

CGAD_FUNCTION f32s unary_softsign(f32s x) {
  f32s y = x / (magnitude(x) + 1.0f);
  return choose(magnitude(x) == infinity(), v_sign(x), y);
}

CGAD_FUNCTION f32s unary_gelu_exact(f32s x) { return v_gelu_exact(x); }

// MARK: Derivatives, times dy, of the output y or the input x

CGAD_FUNCTION f32s slope_abs(f32s x, f32s dy) { return choose(x == 0.0f, splat(0.0f), v_sign(x)) * dy; }

CGAD_FUNCTION f32s slope_relu(f32s y, f32s dy) { return choose(y <= 0.0f, splat(0.0f), dy); }

CGAD_FUNCTION f32s slope_tanh(f32s y, f32s dy) { return (1.0f - y * y) * dy; }

CGAD_FUNCTION f32s slope_sigmoid(f32s y, f32s dy) { return y * (1.0f - y) * dy; }

CGAD_FUNCTION f32s slope_exp(f32s y, f32s dy) { return y * dy; }

CGAD_FUNCTION f32s slope_log(f32s x, f32s dy) { return dy / x; }

CGAD_FUNCTION f32s slope_sqrt(f32s y, f32s dy) { return dy / (y + y); }

CGAD_FUNCTION f32s slope_rsqrt(f32s y, f32s dy) { return y * y * y * -0.5f * dy; }

CGAD_FUNCTION f32s slope_square(f32s x, f32s dy) { return (x + x) * dy; }

CGAD_FUNCTION f32s slope_sin(f32s x, f32s dy) { return v_cos(x) * dy; }

CGAD_FUNCTION f32s slope_cos(f32s x, f32s dy) { return -v_sin(x) * dy; }

CGAD_FUNCTION f32s slope_gelu(f32s x, f32s dy) { return v_gelu_derivative(x) * dy; }

CGAD_FUNCTION f32s slope_gelu_exact(f32s x, f32s dy) { return v_gelu_exact_derivative(x) * dy; }

CGAD_FUNCTION f32s slope_silu(f32s x, f32s dy) { return v_silu_derivative(x) * dy; }

CGAD_FUNCTION f32s slope_softplus(f32s x, f32s dy) { return v_sigmoid(x) * dy; }

CGAD_FUNCTION f32s slope_reciprocal(f32s y, f32s dy) { return -(y * y) * dy; }

CGAD_FUNCTION f32s slope_tan(f32s y, f32s dy) { return (y * y + 1.0f) * dy; }

CGAD_FUNCTION f32s slope_asin(f32s x, f32s dy) { return dy / v_sqrt((1.0f - x) * (x + 1.0f)); }

CGAD_FUNCTION f32s slope_acos(f32s x, f32s dy) { return -dy / v_sqrt((1.0f - x) * (x + 1.0f)); }

CGAD_FUNCTION f32s slope_atan(f32s x, f32s dy) { return dy / (x * x + 1.0f); }

CGAD_FUNCTION f32s slope_sinh(f32s x, f32s dy) { return v_cosh(x) * dy; }

CGAD_FUNCTION f32s slope_cosh(f32s x, f32s dy) { return v_sinh(x) * dy; }

/// Far out, where the square would overflow, the root is `|x|`.
CGAD_FUNCTION f32s slope_asinh(f32s x, f32s dy) {
  f32s a = magnitude(x);
  return dy / choose(a > 1.0e6f, a, v_sqrt(x * x + 1.0f));
}

CGAD_FUNCTION f32s slope_acosh(f32s x, f32s dy) { return dy / (v_sqrt(x - 1.0f) * v_sqrt(x + 1.0f)); }

CGAD_FUNCTION f32s slope_atanh(f32s x, f32s dy) { return dy / ((1.0f - x) * (x + 1.0f)); }

CGAD_FUNCTION f32s slope_log1p(f32s x, f32s dy) { return dy / (x + 1.0f); }

CGAD_FUNCTION f32s slope_expm1(f32s y, f32s dy) { return (y + 1.0f) * dy; }

CGAD_FUNCTION f32s slope_erf(f32s x, f32s dy) { return v_exp(-(x * x)) * 1.12837917f * dy; }

CGAD_FUNCTION f32s slope_mish(f32s x, f32s dy) { return v_mish_derivative(x) * dy; }

CGAD_FUNCTION f32s slope_softsign(f32s x, f32s dy) {
  f32s q = 1.0f / (magnitude(x) + 1.0f);
  return q * q * dy;
}

// MARK: Functions with constants, and their derivatives times dy

CGAD_FUNCTION f32s v_leaky_relu(f32s x, float slope) { return choose(x <= 0.0f, x * slope, x); }

CGAD_FUNCTION f32s v_elu(f32s x, float alpha) { return choose(x <= 0.0f, v_expm1(x) * alpha, x); }

CGAD_FUNCTION f32s slope_leaky_relu(f32s s, f32s dy, float slope) { return choose(s <= 0.0f, dy * slope, dy); }

CGAD_FUNCTION f32s slope_elu(f32s y, f32s dy, float alpha) { return choose(y <= 0.0f, (y + alpha) * dy, dy); }

/// Requires: `less` is one less than `power`, and `factor` is `power` as a float.
CGAD_FUNCTION f32s slope_pow(f32s x, f32s dy, exponent power, exponent less, float factor) {
  return power.value == 0 ? splat(0.0f) : v_pow(x, less) * factor * dy;
}

CGAD_FUNCTION f32s slope_clamp(f32s x, f32s dy, float low, float high) {
  return choose((x >= low) & (x <= high), dy, splat(0.0f));
}
