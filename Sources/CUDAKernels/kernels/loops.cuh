// Loops over elements: each thread takes every so many of them, so that any number of threads will do.

/// Four elements that are read and written at once where their address is a multiple of their size.
template <class T>
struct alignas(4 * sizeof(T)) pack {
  T v[4];
};

template <class T>
CGAD_DEVICE bool is_packed(const T *p) {
  return ((u64)p & (sizeof(pack<T>) - 1)) == 0;
}

// MARK: Dense operands

/// Writes `f(x)` to each element of `y`.
template <class X, class Y, class F>
CGAD_DEVICE void map(i64 n, const X *x, Y *y, F f) {
  i64 first = global_thread(), step = global_threads(), packs = is_packed(x) && is_packed(y) ? n / 4 : 0;
  for (i64 i = first; i < packs; i += step) {
    pack<X> a = ((const pack<X> *)x)[i];
    pack<Y> b;
    CGAD_UNROLL
    for (int j = 0; j < 4; j++) b.v[j] = f(a.v[j]);
    ((pack<Y> *)y)[i] = b;
  }
  for (i64 i = packs * 4 + first; i < n; i += step) y[i] = f(x[i]);
}

/// Writes `f(x, y)` to each element of `z`.
template <class F>
CGAD_DEVICE void map_two(
  i64 n, const float *x, const float *y, float *z, F f) {
  bool fits = is_packed(x) && is_packed(y) && is_packed(z);
  i64 first = global_thread(), step = global_threads(), packs = fits ? n / 4 : 0;
  for (i64 i = first; i < packs; i += step) {
    pack<float> a = ((const pack<float> *)x)[i], b = ((const pack<float> *)y)[i], c;
    CGAD_UNROLL
    for (int j = 0; j < 4; j++) c.v[j] = f(a.v[j], b.v[j]);
    ((pack<float> *)z)[i] = c;
  }
  for (i64 i = packs * 4 + first; i < n; i += step) z[i] = f(x[i], y[i]);
}

/// As `map`, of functions that compute for longer than memory takes.
template <class F>
CGAD_DEVICE void map_slowly(i64 n, const float *x, float *y, F f) {
  for (i64 i = global_thread(); i < n; i += global_threads()) y[i] = f(x[i]);
}

/// As `map_two`, of functions that compute for longer than memory takes.
template <class F>
CGAD_DEVICE void map_two_slowly(
  i64 n, const float *x, const float *y, float *z, F f) {
  for (i64 i = global_thread(); i < n; i += global_threads()) z[i] = f(x[i], y[i]);
}

// MARK: Strided operands

/// Eight parameters, and what they are in an initializer.
#define CGAD_EIGHT(p) i64 p##0, i64 p##1, i64 p##2, i64 p##3, i64 p##4, i64 p##5, i64 p##6, i64 p##7
#define CGAD_EIGHT_OF(p) p##0, p##1, p##2, p##3, p##4, p##5, p##6, p##7

/// The extents of an output and the strides in elements of its operands, 0 behind the rank.
template <int operands>
struct walk {
  i64 rank;
  i64 extents[8];
  i64 strides[operands][8];
};

/// Writes where element `i` of the output is in each operand; `I` holds `i` and all extents.
template <class I, int operands>
CGAD_DEVICE void locate_as(const walk<operands> &w, I i, i64 *at) {
  CGAD_UNROLL
  for (int k = 0; k < operands; k++) at[k] = 0;
  CGAD_UNROLL
  for (int d = 7; d >= 0; d--) {
    if (d >= w.rank) continue;
    I extent = (I)w.extents[d], next = d == 0 ? 0 : i / extent, index = i - next * extent;
    CGAD_UNROLL
    for (int k = 0; k < operands; k++) at[k] += (i64)index * w.strides[k][d];
    i = next;
  }
}

template <int operands>
CGAD_DEVICE void locate(const walk<operands> &w, i64 i, i64 *at) {
  if (i <= 0xffffffff) locate_as<u32>(w, (u32)i, at);
  else locate_as<u64>(w, (u64)i, at);
}

/// Returns the four elements from `p` on, or four times the one there if the innermost stride is 0.
template <class T>
CGAD_DEVICE pack<T> take_pack(const T *p, i64 stride) {
  if (stride != 0) return *(const pack<T> *)p;
  pack<T> all = {{*p, *p, *p, *p}};
  return all;
}

template <int operands>
CGAD_DEVICE i64 inner_stride(const walk<operands> &w, int k) {
  i64 stride = 0;
  CGAD_UNROLL
  for (int d = 0; d < 8; d++)
    if (d == w.rank - 1) stride = w.strides[k][d];
  return stride;
}

/// Writes `f(x, y, i)` to each element `i` of `z`; by fours where `packed`, which says that the innermost extent and all
/// outer strides are multiples of four, the innermost strides 0 or 1, and the addresses aligned.
template <class X, class Z, class F>
CGAD_DEVICE void combine(
  i64 n, i64 packed, const walk<2> &w, const X *x, const X *y, Z *z, F f) {
  i64 at[2];
  if (packed) {
    i64 p = inner_stride(w, 0), q = inner_stride(w, 1);
    for (i64 i = 4 * global_thread(); i < n; i += 4 * global_threads()) {
      locate(w, i, at);
      pack<X> a = take_pack(x + at[0], p), b = take_pack(y + at[1], q);
      pack<Z> c;
      CGAD_UNROLL
      for (int j = 0; j < 4; j++) c.v[j] = f(a.v[j], b.v[j], i + j);
      *(pack<Z> *)(z + i) = c;
    }
    return;
  }
  for (i64 i = global_thread(); i < n; i += global_threads()) {
    locate(w, i, at);
    z[i] = f(x[at[0]], y[at[1]], i);
  }
}
