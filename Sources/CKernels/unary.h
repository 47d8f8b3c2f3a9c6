// The functions of one tensor, for what is said of each of them.

#ifndef CGAD_UNARY_H
#define CGAD_UNARY_H

/// `M(name, saved)` for each `cgad_unary_name`, where `saved` is what its derivative reads: its `input` or its `output`.
#define CGAD_EACH_UNARY(M) \
  M(neg, input) \
  M(abs, input) \
  M(relu, output) \
  M(tanh, output) \
  M(sigmoid, output) \
  M(exp, output) \
  M(log, input) \
  M(sqrt, output) \
  M(rsqrt, output) \
  M(square, input) \
  M(sin, input) \
  M(cos, input) \
  M(gelu, input) \
  M(silu, input) \
  M(softplus, input) \
  M(reciprocal, output) \
  M(sign, input) \
  M(tan, output) \
  M(asin, input) \
  M(acos, input) \
  M(atan, input) \
  M(sinh, input) \
  M(cosh, input) \
  M(asinh, input) \
  M(acosh, input) \
  M(atanh, input) \
  M(log1p, input) \
  M(expm1, output) \
  M(erf, input) \
  M(mish, input) \
  M(softsign, input) \
  M(gelu_exact, input)

#endif
