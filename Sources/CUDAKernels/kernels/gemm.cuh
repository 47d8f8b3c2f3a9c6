// Matrix products.
//
// A block of 256 threads computes a tile of the result, each thread 8 by 8 or 4 by 4 elements of it. While it multiplies
// two panels that lie in shared memory, the next ones are on their way to registers. Each element is one chain of fused
// multiply-adds in ascending order of the inner index, whatever the tile, unless the inner extent is cut into parts: so
// it differs from the exact sum by at most k · 2⁻²⁴ · Σ |a·b|, to first order.

/// Reads panels of a row-major operand: `along_inner` iff its elements are contiguous along the inner index.
template <int tile, int depth, bool along_inner, bool fours>
struct panel_reader {
  /// This thread's first element of the next panel.
  const float *from;

  /// How many inner indices there are from this thread's first on; none if its outer indices are outside.
  int left;

  /// How many of this thread's outer indices are inside: one, or four that are contiguous.
  int inside;

  /// Places this thread: `first` is the first outer index of the tile, `extent` the number of outer indices, `k` the first
  /// inner index of `inner`.
  CGAD_DEVICE_METHOD void place(const float *base, i64 stride, i64 first, i64 extent, i64 k, int inner) {
    int t = (int)threadIdx.x, offset = along_inner ? t % (depth / 4) * 4 : t / (tile / 4);
    i64 outer = first + (along_inner ? t / (depth / 4) : t % (tile / 4) * 4);
    from = base + (along_inner ? outer * stride + k + offset : (k + offset) * stride + outer);
    left = outer < extent ? inner - offset : 0;
    inside = (int)least(extent - outer, 4);
  }

  /// Reads this thread's four elements of the next panel; those outside are zeros.
  CGAD_DEVICE_METHOD pack<float> read(i64 stride) {
    pack<float> r = {{0.0f, 0.0f, 0.0f, 0.0f}};
    if (left > 0) {
      if constexpr (fours) {
        r = *(const pack<float> *)from;
      } else {
        CGAD_UNROLL
        for (int j = 0; j < 4; j++)
          if (j < (along_inner ? left : inside)) r.v[j] = from[j];
      }
    }
    from += along_inner ? depth : depth * stride;
    left -= depth;
    return r;
  }

  /// Writes the four elements to a panel of `depth` rows.
  CGAD_DEVICE_METHOD void write(float *panel, const pack<float> &r) const {
    int t = (int)threadIdx.x;
    if constexpr (along_inner) {
      CGAD_UNROLL
      for (int j = 0; j < 4; j++) panel[(t % (depth / 4) * 4 + j) * (tile + 4) + t / (depth / 4)] = r.v[j];
    } else {
      *(pack<float> *)(panel + t / (tile / 4) * (tile + 4) + t % (tile / 4) * 4) = r;
    }
  }
};

/// The extents of products and where their matrices lie.
struct products {
  i64 m, n, k;
  const float *a, *b;
  float *c;
  i64 count;
  /// The products are summed.
  bool summed;
  /// The inner indices of one part; the results of parts lie one behind the other.
  i64 part;
  /// In shared memory, six extents along which the products are counted, and six strides of each operand, in matrices.
  const i64 *axes;
  /// In shared memory, the first row and the first column of this block's tile of the results.
  const i64 *tile;
};

CGAD_DEVICE void place_matrices(const products &p, i64 index, const float **a, const float **b) {
  i64 from_a = 0, from_b = 0;
  for (int d = 5; d >= 0 && index > 0; d--) {
    i64 extent = p.axes[d], i = extent == 1 ? 0 : index % extent;
    index = extent == 1 ? index : index / extent;
    from_a += i * p.axes[6 + d];
    from_b += i * p.axes[12 + d];
  }
  *a = p.a + from_a * p.m * p.k;
  *b = p.b + from_b * p.k * p.n;
}

/// Writes the first row and the first column of the tile of this block, there being so many tiles down and across: by bands
/// of eight rows of tiles, so that those at work at one time share operands.
CGAD_DEVICE void place_tile(i64 down, i64 across, i64 tile, i64 *at) {
  i64 band = blockIdx.x / (8 * across), height = least(8, down - band * 8), in_band = blockIdx.x - band * 8 * across;
  at[0] = (band * 8 + in_band % height) * tile;
  at[1] = in_band / height * tile;
}

/// Reads `each` elements of row `k` of a panel: by fours, 64 apart.
template <int tile, int each>
CGAD_DEVICE void read_row(const float *panel, int k, int first, float *out) {
  CGAD_UNROLL
  for (int g = 0; g < each / 4; g++) {
    pack<float> r = *(const pack<float> *)(panel + k * (tile + 4) + g * 64 + first);
    CGAD_UNROLL
    for (int j = 0; j < 4; j++) out[g * 4 + j] = r.v[j];
  }
}

template <int tile, int depth, bool transposed_a, bool transposed_b, bool fours>
CGAD_DEVICE void multiply(const products &p, float *panels) {
  constexpr int each = tile / 16, size = depth * (tile + 4);
  i64 first = blockIdx.y * p.part, stride_a = transposed_a ? p.m : p.k, stride_b = transposed_b ? p.k : p.n;
  int inner = (int)least(p.k - first, p.part);
  for (i64 z = blockIdx.z; z < (p.summed ? 1 : p.count); z += gridDim.z) {
    float sums[each][each] = {};
    for (i64 product = z; product < (p.summed ? p.count : z + 1); product++) {
      panel_reader<tile, depth, !transposed_a, fours> a;
      panel_reader<tile, depth, transposed_b, fours> b;
      const float *at_a, *at_b;
      place_matrices(p, product, &at_a, &at_b);
      a.place(at_a, stride_a, p.tile[0], p.m, first, inner);
      b.place(at_b, stride_b, p.tile[1], p.n, first, inner);
      pack<float> next_a = a.read(stride_a), next_b = b.read(stride_b);
      __syncthreads();
      a.write(panels, next_a);
      b.write(panels + size, next_b);
      __syncthreads();
      float *now = panels;
      for (int left = inner - depth;; left -= depth) {
        if (left > 0) {
          next_a = a.read(stride_a);
          next_b = b.read(stride_b);
        }
        __syncwarp();  // keeps the compiler from reading where the panels are written, which would wait for memory
        CGAD_UNROLL
        for (int i = 0; i < depth; i++) {
          float u[each], v[each];
          read_row<tile, each>(now, i, (int)threadIdx.x / 16 * 4, u);
          read_row<tile, each>(now + size, i, (int)threadIdx.x % 16 * 4, v);
          CGAD_UNROLL
          for (int x = 0; x < each; x++) {
            CGAD_UNROLL
            for (int y = 0; y < each; y++) sums[x][y] = fused(u[x], v[y], sums[x][y]);
          }
        }
        if (left <= 0) break;
        now = now == panels ? panels + 2 * size : panels;
        a.write(now, next_a);
        b.write(now + size, next_b);
        __syncthreads();
      }
    }
    i64 row = p.tile[0] + threadIdx.x / 16 * 4, column = p.tile[1] + threadIdx.x % 16 * 4;
    float *c = p.c + (blockIdx.y + z) * p.m * p.n;
    bool by_fours = p.n % 4 == 0 && is_packed(c);
    CGAD_UNROLL
    for (int x = 0; x < each; x++) {
      i64 i = row + x / 4 * 64 + x % 4;
      if (i >= p.m) continue;
      CGAD_UNROLL
      for (int g = 0; g < each / 4; g++) {
        i64 j = column + g * 64;
        pack<float> r = {{sums[x][g * 4], sums[x][g * 4 + 1], sums[x][g * 4 + 2], sums[x][g * 4 + 3]}};
        if (by_fours) {
          if (j < p.n) *(pack<float> *)(c + i * p.n + j) = r;
          continue;
        }
        CGAD_UNROLL
        for (int y = 0; y < 4; y++)
          if (j + y < p.n) c[i * p.n + j + y] = r.v[y];
      }
    }
  }
}

/// Defines the kernel of tiles of `tile` by `tile`; `by_fours` says that extents of contiguous indices are multiples of
/// four, and addresses of 16. There is one part of the inner index for each block along y; one product if there are more.
#define CGAD_GEMM(name, tile, depth, blocks, transposed_a, transposed_b, by_fours) \
  CGAD_BOUNDED_KERNEL( \
    cgad_cuda_gemm_##name, 256, blocks, i64 m, i64 n, i64 k, const float *a, const float *b, float *c, i64 e0, i64 e1, \
    i64 e2, i64 e3, i64 e4, i64 e5, i64 a0, i64 a1, i64 a2, i64 a3, i64 a4, i64 a5, i64 b0, i64 b1, i64 b2, i64 b3, \
    i64 b4, i64 b5, i64 count, i64 summed, i64 part) { \
    __shared__ __align__(16) float panels[4 * depth * (tile + 4)]; \
    __shared__ i64 axes[20]; \
    const i64 all[18] = {e0, e1, e2, e3, e4, e5, a0, a1, a2, a3, a4, a5, b0, b1, b2, b3, b4, b5}; \
    if (threadIdx.x == 0) { \
      CGAD_UNROLL \
      for (int i = 0; i < 18; i++) axes[i] = all[i]; \
      place_tile((m + tile - 1) / tile, (n + tile - 1) / tile, tile, axes + 18); \
    } \
    __syncthreads(); \
    products p = {m, n, k, a, b, c, count, summed != 0, part, axes, axes + 18}; \
    multiply<tile, depth, transposed_a, transposed_b, by_fours>(p, panels); \
  }

/// The blocks of great tiles that a multiprocessor should hold: two spill but on the architectures 8.x and 9.x.
#if defined(__CUDA_ARCH__) && (__CUDA_ARCH__ < 800 || __CUDA_ARCH__ >= 1000)
#define CGAD_LARGE_BLOCKS 1
#else
#define CGAD_LARGE_BLOCKS 2
#endif

#define CGAD_GEMMS(form, transposed_a, transposed_b) \
  CGAD_GEMM(large_##form, 128, 8, CGAD_LARGE_BLOCKS, transposed_a, transposed_b, false) \
  CGAD_GEMM(large_##form##_fours, 128, 8, CGAD_LARGE_BLOCKS, transposed_a, transposed_b, true) \
  CGAD_GEMM(small_##form, 64, 16, 3, transposed_a, transposed_b, false) \
  CGAD_GEMM(small_##form##_fours, 64, 16, 3, transposed_a, transposed_b, true)

CGAD_GEMMS(nn, false, false)
CGAD_GEMMS(nt, false, true)
CGAD_GEMMS(tn, true, false)
CGAD_GEMMS(tt, true, true)

/// Adds up `parts` results of `n` elements that lie one behind the other, in their order.
CGAD_KERNEL(cgad_cuda_sum_in_order, i64 n, i64 parts, const float *x, float *y) {
  for (i64 i = global_thread(); i < n; i += global_threads()) {
    float sum = x[i];
    for (i64 p = 1; p < parts; p++) sum += x[p * n + i];
    y[i] = sum;
  }
}
