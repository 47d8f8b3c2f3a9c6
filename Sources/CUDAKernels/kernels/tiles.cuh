// What products of matrices have in common: how a block multiplies panels that lie in shared memory.
//
// A block makes `rows` by `columns` elements of a product, a thread 8 by 8 or 8 by 16 of them: the latter read less of shared
// memory for each multiplication, which is what limits the others. A panel has 8 inner indices for each
// slice of the threads, which multiplies these alone; the sums of the slices are added up at last, in their order. While one
// panel is multiplied, the next one is on its way to registers. So each element is the sum of `slices` chains of fused
// multiply-adds in ascending order of the inner index, and differs from the exact sum by at most k · 2⁻²⁴ · Σ |a·b|, to first
// order, k being the inner extent.
//
// Source of slices: NVIDIA, CUTLASS, sliced-K reduction.

/// The extents of a tile and of its panels.
template <int down, int across, int slice_count, int group_count>
struct product_tile {
  static constexpr int rows = down, columns = across, slices = slice_count;

  /// The groups of four columns of a thread, and all its columns.
  static constexpr int groups = group_count, own = 4 * group_count;

  /// The threads of a slice, and of a block.
  static constexpr int each = rows * columns / (8 * own), threads = each * slices;

  /// The inner indices of a panel.
  static constexpr int depth = 8 * slices;

  /// From one inner index to the next, in the panels of the left and of the right operand.
  static constexpr int left_pitch = rows + 4, right_pitch = columns + 4;

  /// The floats of the left panel, and of both.
  static constexpr int left_size = depth * left_pitch, size = left_size + depth * right_pitch;
};

typedef product_tile<128, 256, 1, 4> huge_tile;
typedef product_tile<128, 128, 1, 4> large_tile;
typedef product_tile<64, 128, 1, 2> medium_tile;
typedef product_tile<64, 64, 4, 2> small_tile;

/// As large and small ones, by more and by fewer threads, each of which gathers for one row and one column.
typedef product_tile<128, 128, 1, 2> square_tile;
typedef product_tile<64, 64, 2, 2> narrow_tile;

/// The slice of this thread, and its first row and column; its others are up to 3 further, and these half a tile further down,
/// and one and more parts of a tile further across.
struct tile_place {
  int slice, row, column;
};

/// A warp has 4 by 8 threads, so that it reads few addresses of a panel.
template <class T>
CGAD_DEVICE tile_place place_in_tile() {
  constexpr int warps = T::columns / (8 * T::own);
  int t = own_thread(), warp = t % T::each / 32, lane = t % 32;
  tile_place p = {t / T::each, (warp / warps * 4 + lane / 8) * 4, (warp % warps * 8 + lane % 8) * 4};
  return p;
}

/// Passes `count` panels, at least one, of a tile `T` through shared memory, where there are two, `panels`. `fetch()` reads the
/// next one to registers, `put(panel)` writes what was read last, and `multiply(panel)` uses it, while the next is on its way.
template <class T, class W, class F, class P, class M>
CGAD_DEVICE void pass_panels(W *panels, int count, F fetch, P put, M multiply) {
  fetch();
  __syncthreads();
  put(panels);
  __syncthreads();
  W *now = panels;
  while (true) {
    if (--count > 0) fetch();
    __syncwarp();  // keeps the compiler from reading where the panels are written, which would wait for memory
    multiply(now);
    if (count <= 0) break;
    now = now == panels ? panels + T::size : panels;
    put(now);
    __syncthreads();
  }
}

/// Adds to `sums` the products of this slice over `count` panels. `fetch()` reads the next panel to registers, and
/// `put(panel)` writes what was read last.
template <class T, class F, class P>
CGAD_DEVICE void accumulate(float (&sums)[8][T::own], float *panels, int count, F fetch, P put) {
  tile_place at = place_in_tile<T>();
  pass_panels<T>(panels, count, fetch, put, [&](const float *now) {
    const float *left = now + at.slice * 8 * T::left_pitch + at.row;
    const float *right = now + T::left_size + at.slice * 8 * T::right_pitch + at.column;
    CGAD_UNROLL
    for (int i = 0; i < 8; i++) {
      float u[8], v[T::own];
      CGAD_UNROLL
      for (int g = 0; g < 2; g++) {
        pack<float> a = *(const pack<float> *)(left + i * T::left_pitch + g * (T::rows / 2));
        CGAD_UNROLL
        for (int j = 0; j < 4; j++) u[g * 4 + j] = a.v[j];
      }
      CGAD_UNROLL
      for (int g = 0; g < T::groups; g++) {
        pack<float> b = *(const pack<float> *)(right + i * T::right_pitch + g * (T::columns / T::groups));
        CGAD_UNROLL
        for (int j = 0; j < 4; j++) v[g * 4 + j] = b.v[j];
      }
      CGAD_UNROLL
      for (int x = 0; x < 8; x++) {
        CGAD_UNROLL
        for (int y = 0; y < T::own; y++) sums[x][y] = fused(u[x], v[y], sums[x][y]);
      }
    }
  });
}

/// Adds to the sums of the first slice those of the others.
template <class T>
CGAD_DEVICE void add_slices(float (&sums)[8][T::own], float *panels) {
  int t = (int)threadIdx.x % T::each, slice = (int)threadIdx.x / T::each;
  CGAD_UNROLL
  for (int s = 1; s < T::slices; s++) {
    __syncthreads();
    CGAD_UNROLL
    for (int i = 0; i < 8 * T::own; i++)
      if (slice == s) panels[i * T::each + t] = sums[i / T::own][i % T::own];
    __syncthreads();
    CGAD_UNROLL
    for (int i = 0; i < 8 * T::own; i++)
      if (slice == 0) sums[i / T::own][i % T::own] += panels[i * T::each + t];
  }
}

/// Writes the sums, those of the tile at `first_row`, `first_column` of a product of `m` rows and `n` columns, or iff `adds`,
/// adds them to what is there. `target(i, j)` returns where an element lies; iff `by_fours`, four columns, from a multiple of
/// four on, lie in one pack.
template <class T, class F>
CGAD_DEVICE void put_sums(
  const float (&sums)[8][T::own], i64 first_row, i64 first_column, i64 m, i64 n, bool by_fours, bool adds, F target) {
  tile_place at = place_in_tile<T>();
  if (at.slice > 0) return;
  CGAD_UNROLL
  for (int x = 0; x < 8; x++) {
    i64 i = first_row + at.row + x / 4 * (T::rows / 2) + x % 4;
    if (i >= m) continue;
    CGAD_UNROLL
    for (int g = 0; g < T::groups; g++) {
      i64 j = first_column + at.column + g * (T::columns / T::groups);
      if (by_fours) {
        pack<float> r = {{sums[x][g * 4], sums[x][g * 4 + 1], sums[x][g * 4 + 2], sums[x][g * 4 + 3]}};
        if (j >= n) continue;
        pack<float> *p = (pack<float> *)target(i, j);
        if (adds) {
          pack<float> there = *p;
          CGAD_UNROLL
          for (int y = 0; y < 4; y++) r.v[y] = there.v[y] + r.v[y];
        }
        *p = r;
        continue;
      }
      CGAD_UNROLL
      for (int y = 0; y < 4; y++) {
        if (j + y >= n) continue;
        float *p = target(i, j + y), sum = sums[x][g * 4 + y];
        *p = adds ? *p + sum : sum;
      }
    }
  }
}

/// The shared memory of both panels, twice.
#define CGAD_PANELS(tile) __shared__ __align__(16) float panels[2 * tile::size]

/// The blocks of small tiles that a multiprocessor should hold: two spill but on the architectures 8.x and 9.x.
#if defined(__CUDA_ARCH__) && (__CUDA_ARCH__ < 800 || __CUDA_ARCH__ >= 1000)
#define CGAD_SMALL_BLOCKS 1
#else
#define CGAD_SMALL_BLOCKS 2
#endif
