// Products of matrices.

/// Reads panels of `extent` outer indices of a row-major operand, for a tile `T`: `along_inner` iff its elements are contiguous
/// along the inner index; `fours` iff four of them can be read at once.
template <class T, int extent, bool along_inner, bool fours>
struct panel_reader {
  /// The elements of a thread.
  static constexpr int count = extent * T::depth / T::threads;

  /// This thread's first element of the next panel.
  const float *from;

  i64 stride;

  /// Whether all of a thread's elements are inside as soon as its first one is, along the outer index.
  static constexpr bool has_one_outer = !along_inner || (fours && T::threads / 2 % extent == 0);

  /// How many inner indices there are from this thread's first on, none where it reads nothing, and outer ones; where its first
  /// element is in the panel.
  int left, inside, to;

  float values[count];

  /// The outer and the inner index of this thread's first element, in the panel.
  static CGAD_DEVICE_METHOD int outer(int t) {
    if constexpr (along_inner) return t / (fours ? 2 : 8) % extent;
    return fours ? t % (extent / 4) * 4 : t % extent;
  }

  static CGAD_DEVICE_METHOD int inner(int t) {
    if constexpr (along_inner) return fours ? t % 2 * 4 + t / (2 * extent) * 8 : t % 8;
    return t / (fours ? extent / 4 : extent);
  }

  /// How much further the outer and the inner index of its element `i` are.
  static CGAD_DEVICE_METHOD constexpr int outer_of(int i) {
    if (!along_inner) return fours ? i % 4 : 0;
    return fours ? i / 4 * (T::threads / 2) % extent : i * (T::threads / 8) % extent;
  }

  static CGAD_DEVICE_METHOD constexpr int inner_of(int i) {
    if (!along_inner) return fours ? i / 4 * (T::threads * 4 / extent) : i * (T::threads / extent);
    return fours ? i / 4 * T::threads / (2 * extent) * 8 + i % 4 : i * (T::threads / 8) / extent * 8;
  }

  /// Places this thread: `first` is the first outer index of the tile, `all` the number of outer indices, `k` the first inner
  /// index of `inners`.
  CGAD_DEVICE_METHOD void place(const float *base, i64 row_stride, i64 first, i64 all, i64 k, int inners) {
    int t = own_thread(), o = outer(t), i = inner(t);
    stride = row_stride;
    from = along_inner ? base + (first + o) * stride + k + i : base + (k + i) * stride + first + o;
    inside = (int)least(all - first - o, extent);
    left = inside > 0 ? inners - i : 0;
    to = i * (extent + 4) + o;
  }

  /// Reads this thread's elements of the next panel; those outside are zeros.
  CGAD_DEVICE_METHOD void read() {
    CGAD_UNROLL
    for (int i = 0; i < count; i += fours ? 4 : 1) {
      const float *p = from + (along_inner ? outer_of(i) * stride + inner_of(i) : inner_of(i) * stride + outer_of(i));
      bool is_inside = inner_of(i) < left && (has_one_outer || outer_of(i) < inside);
      if constexpr (fours) {
        pack<float> r = {{0.0f, 0.0f, 0.0f, 0.0f}};
        if (is_inside) r = *(const pack<float> *)p;
        CGAD_UNROLL
        for (int j = 0; j < 4; j++) values[i + j] = r.v[j];
      } else {
        values[i] = is_inside ? *p : 0.0f;
      }
    }
    from += along_inner ? T::depth : T::depth * stride;
    left -= T::depth;
  }

  /// Writes what was read to a panel.
  CGAD_DEVICE_METHOD void write(float *panel) const {
    constexpr int pitch = extent + 4;
    CGAD_UNROLL
    for (int i = 0; i < count; i += fours && !along_inner ? 4 : 1) {
      float *p = panel + to + inner_of(i) * pitch + outer_of(i);
      if constexpr (fours && !along_inner) {
        pack<float> r = {{values[i], values[i + 1], values[i + 2], values[i + 3]}};
        *(pack<float> *)p = r;
      } else {
        *p = values[i];
      }
    }
  }
};

/// The extents of products and where their matrices lie.
struct products {
  i64 m, n, k;
  const float *a, *b;
  float *c;
  i64 count;
  /// The products are summed; they are added to what the results hold.
  bool summed, adds;
  /// In shared memory, six extents along which the products are counted, and six strides of each operand, in matrices.
  const i64 *axes;
  /// In shared memory, the first row and the first column of this block's tile of the results, the first inner index of its
  /// part, and the extent of that.
  const i64 *tile;
};

/// Writes where the operands of product `index` lie.
CGAD_DEVICE void place_matrices(const products &p, u32 index, const float **a, const float **b) {
  i64 from_a = 0, from_b = 0;
  for (int d = 5; d >= 0 && index > 0; d--) {
    u32 extent = (u32)p.axes[d], i = extent == 1 ? 0 : index % extent;
    index = extent == 1 ? index : index / extent;
    from_a += i * p.axes[6 + d];
    from_b += i * p.axes[12 + d];
  }
  *a = p.a + from_a * p.m * p.k;
  *b = p.b + from_b * p.k * p.n;
}

/// Writes the first row and the first column of the tile of this block: by bands of eight rows of tiles, so that those at work
/// at one time share operands.
template <class T>
CGAD_DEVICE void place_tile(i64 m, i64 n, i64 *at) {
  u32 down = (u32)((m + T::rows - 1) / T::rows), across = (u32)((n + T::columns - 1) / T::columns);
  u32 band = blockIdx.x / (8 * across), height = (u32)least(8, down - band * 8), in_band = blockIdx.x - band * 8 * across;
  at[0] = (i64)(band * 8 + in_band % height) * T::rows;
  at[1] = (i64)(in_band / height) * T::columns;
}

template <class T, bool transposed_a, bool transposed_b, bool fours>
CGAD_DEVICE void multiply(const products &p, float *panels) {
  u32 count = (u32)p.count;
  for (u32 z = blockIdx.z; z < (p.summed ? 1 : count); z += gridDim.z) {
    float sums[8][T::own] = {};
    for (u32 product = z; product < (p.summed ? count : z + 1); product++) {
      panel_reader<T, T::rows, !transposed_a, fours> a;
      panel_reader<T, T::columns, transposed_b, fours> b;
      const float *at_a, *at_b;
      place_matrices(p, product, &at_a, &at_b);
      a.place(at_a, transposed_a ? p.m : p.k, p.tile[0], p.m, p.tile[2], (int)p.tile[3]);
      b.place(at_b, transposed_b ? p.k : p.n, p.tile[1], p.n, p.tile[2], (int)p.tile[3]);
      accumulate<T>(
        sums, panels, ((int)p.tile[3] + T::depth - 1) / T::depth, [&]() { a.read(), b.read(); },
        [&](float *panel) { a.write(panel), b.write(panel + T::left_size); });
    }
    add_slices<T>(sums, panels);
    float *c = p.c + (i64)(blockIdx.y + z) * p.m * p.n;
    put_sums<T>(
      sums, p.tile[0], p.tile[1], p.m, p.n, p.n % 4 == 0 && is_packed(c), p.adds,
      [&](i64 i, i64 j) -> float * { return c + i * p.n + j; });
  }
}

/// Defines a kernel that makes tiles of products, of which `multiply_` makes one from the products and the shared memory. There
/// is one part of the inner index for each block along y; one product if there are more.
#define CGAD_PRODUCT(name, tile_, blocks, multiply_) \
  CGAD_BOUNDED_KERNEL( \
    cgad_cuda_gemm_##name, tile_::threads, blocks, i64 m, i64 n, i64 k, const float *a, const float *b, float *c, i64 e0, \
    i64 e1, i64 e2, i64 e3, i64 e4, i64 e5, i64 a0, i64 a1, i64 a2, i64 a3, i64 a4, i64 a5, i64 b0, i64 b1, i64 b2, i64 b3, \
    i64 b4, i64 b5, i64 count, i64 summed, i64 part, i64 adds) { \
    CGAD_PANELS(tile_); \
    __shared__ i64 axes[22]; \
    const i64 all[18] = {e0, e1, e2, e3, e4, e5, a0, a1, a2, a3, a4, a5, b0, b1, b2, b3, b4, b5}; \
    if (threadIdx.x == 0) { \
      CGAD_UNROLL \
      for (int i = 0; i < 18; i++) axes[i] = all[i]; \
      place_tile<tile_>(m, n, axes + 18); \
      axes[20] = blockIdx.y * part; \
      axes[21] = least(k - axes[20], part); \
    } \
    __syncthreads(); \
    products p = {m, n, k, a, b, c, count, summed != 0, adds != 0, axes, axes + 18}; \
    multiply_(p, panels); \
  }

/// Defines the kernel of a kind of tiles; `by_fours` says that extents of contiguous indices are multiples of four, and
/// addresses of 16.
#define CGAD_GEMM(name, tile_, blocks, transposed_a, transposed_b, by_fours) \
  CGAD_PRODUCT(name, tile_, blocks, (multiply<tile_, transposed_a, transposed_b, by_fours>))

#define CGAD_GEMMS(form, transposed_a, transposed_b) \
  CGAD_GEMM(huge_##form##_fours, huge_tile, 1, transposed_a, transposed_b, true) \
  CGAD_GEMM(large_##form, large_tile, 2, transposed_a, transposed_b, false) \
  CGAD_GEMM(large_##form##_fours, large_tile, 2, transposed_a, transposed_b, true) \
  CGAD_GEMM(medium_##form, medium_tile, 3, transposed_a, transposed_b, false) \
  CGAD_GEMM(medium_##form##_fours, medium_tile, 3, transposed_a, transposed_b, true) \
  CGAD_GEMM(small_##form, small_tile, 1, transposed_a, transposed_b, false) \
  CGAD_GEMM(small_##form##_fours, small_tile, CGAD_SMALL_BLOCKS, transposed_a, transposed_b, true)

CGAD_GEMMS(nn, false, false)
CGAD_GEMMS(nt, false, true)
CGAD_GEMMS(tn, true, false)
CGAD_GEMMS(tt, true, true)

/// Adds up `parts` results of `n` elements that lie one behind the other, in their order, and iff `adds`, what `y` holds.
CGAD_KERNEL(cgad_cuda_sum_in_order, i64 n, i64 parts, const float *x, float *y, i64 adds) {
  for (i64 i = global_thread(); i < n; i += global_threads()) {
    float sum = x[i];
    for (i64 p = 1; p < parts; p++) sum += x[p * n + i];
    y[i] = adds ? y[i] + sum : sum;
  }
}
