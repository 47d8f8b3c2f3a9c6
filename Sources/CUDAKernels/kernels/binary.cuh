// Functions of two and three tensors with broadcasting.

#define CGAD_WALK_2 i64 rank, CGAD_EIGHT(e), CGAD_EIGHT(p), CGAD_EIGHT(q)
#define CGAD_WALK_2_OF { rank, {CGAD_EIGHT_OF(e)}, {{CGAD_EIGHT_OF(p)}, {CGAD_EIGHT_OF(q)}} }

/// Defines the kernel of an expression of `u` and `v`, of type `X`, and the position `i` of the result.
#define CGAD_COMBINATION(name, X, Z, expression) \
  CGAD_KERNEL(cgad_cuda_##name, i64 n, i64 packed, const X *x, const X *y, Z *z, CGAD_WALK_2) { \
    walk<2> w = CGAD_WALK_2_OF; \
    combine(n, packed, w, x, y, z, [=](X u, X v, i64) -> Z { return expression; }); \
  }

CGAD_COMBINATION(add, float, float, u + v)
CGAD_COMBINATION(sub, float, float, u - v)
CGAD_COMBINATION(mul, float, float, u *v)
CGAD_COMBINATION(div, float, float, u / v)
CGAD_COMBINATION(maximum, float, float, maximum(u, v))
CGAD_COMBINATION(minimum, float, float, minimum(u, v))
CGAD_COMBINATION(power, float, float, v_pow_of(u, v))

CGAD_COMBINATION(equal_f32, float, u8, u == v)
CGAD_COMBINATION(not_equal_f32, float, u8, u != v)
CGAD_COMBINATION(less_f32, float, u8, u < v)
CGAD_COMBINATION(less_equal_f32, float, u8, u <= v)
CGAD_COMBINATION(greater_f32, float, u8, u > v)
CGAD_COMBINATION(greater_equal_f32, float, u8, u >= v)

CGAD_COMBINATION(equal_i32, i32, u8, u == v)
CGAD_COMBINATION(not_equal_i32, i32, u8, u != v)
CGAD_COMBINATION(less_i32, i32, u8, u < v)
CGAD_COMBINATION(less_equal_i32, i32, u8, u <= v)
CGAD_COMBINATION(greater_i32, i32, u8, u > v)
CGAD_COMBINATION(greater_equal_i32, i32, u8, u >= v)

// an operand is true unless it is 0
CGAD_COMBINATION(logical_and, u8, u8, u != 0 && v != 0)
CGAD_COMBINATION(logical_or, u8, u8, u != 0 || v != 0)
CGAD_COMBINATION(logical_equal, u8, u8, (u != 0) == (v != 0))
CGAD_COMBINATION(logical_xor, u8, u8, (u != 0) != (v != 0))
CGAD_COMBINATION(logical_not, u8, u8, ((void)v, u == 0))

// MARK: Gradients of maximum and minimum

/// The part of `dz` that `u` gets: half of it where the two are equal.
CGAD_DEVICE float share(bool is_less, float u, float v, float dz) {
  return u == v ? dz * 0.5f : is_less ? 0.0f : dz;
}

CGAD_KERNEL(
  cgad_cuda_maximum_grad, i64 n, i64 packed, const float *x, const float *y, const float *dz, float *dx, CGAD_WALK_2) {
  walk<2> w = CGAD_WALK_2_OF;
  combine(n, packed, w, x, y, dx, [=](float u, float v, i64 i) -> float { return share(u < v, u, v, dz[i]); });
}

CGAD_KERNEL(
  cgad_cuda_minimum_grad, i64 n, i64 packed, const float *x, const float *y, const float *dz, float *dx, CGAD_WALK_2) {
  walk<2> w = CGAD_WALK_2_OF;
  combine(n, packed, w, x, y, dx, [=](float u, float v, i64 i) -> float { return share(u > v, u, v, dz[i]); });
}

// MARK: Where

/// Of elements of 4 bytes.
CGAD_KERNEL(
  cgad_cuda_where, i64 n, const u8 *c, const i32 *x, const i32 *y, i32 *z, i64 rank, CGAD_EIGHT(e), CGAD_EIGHT(s),
  CGAD_EIGHT(p), CGAD_EIGHT(q)) {
  walk<3> w = {
    rank, {CGAD_EIGHT_OF(e)}, {{CGAD_EIGHT_OF(s)}, {CGAD_EIGHT_OF(p)}, {CGAD_EIGHT_OF(q)}},
  };
  for (i64 i = global_thread(); i < n; i += global_threads()) {
    i64 at[3];
    locate(w, i, at);
    z[i] = c[at[0]] != 0 ? x[at[1]] : y[at[2]];
  }
}
