// Products of matrices by tensor cores, of operands that are rounded.
//
// Each element of both operands is rounded as it is read: to tf32, which has 11 bits, to the nearest number, ties away from
// zero; or to bf16, which has 8, to the nearest, ties to even. Products of these are exact, and are added up in f32. A product
// is off by at most (2⁻¹⁰ + k · 2⁻²²) · Σ |a·b| for tf32, and (2⁻⁷ + k · 2⁻²²) · Σ |a·b| for bf16, to first order, k being the
// inner extent: twice the rounding of an operand, 2⁻¹¹ and 2⁻⁸, and for each addition at most two units in the last place, as
// the ISA leaves open in which order an instruction adds, and that it may cut off. A device gives the same bits each time.
//
// A panel has 16 words for each outer index: 16 elements of tf32, or 32 of bf16 by twos. Threads 4 g + t of a warp hold outer
// index g of a fragment and of the inner ones words 4 t to 4 t + 3, the first two for one instruction and the others for the
// next. So the inner index is permuted, that of both operands alike, and four words of a thread lie side by side.
//
// Source: NVIDIA, PTX ISA, Matrix Fragments for mma.m16n8k8 with .tf32 and mma.m16n8k16 with floating-point types.

/// The extents of a tile, of which each warp makes `warp_down` by `warp_across` elements; a word has `in_word` of an operand's:
/// one of tf32 or two of bf16.
template <int down, int across, int warp_down, int warp_across, int in_word>
struct tensor_tile {
  static constexpr int rows = down, columns = across, warp_rows = warp_down, warp_columns = warp_across;

  static constexpr int elements = in_word;

  /// The warps that lie side by side, and the threads of a block.
  static constexpr int warps = columns / warp_columns, threads = rows / warp_rows * warps * 32;

  /// The fragments of a warp, of 16 rows and of 8 columns.
  static constexpr int high = warp_rows / 16, wide = warp_columns / 8;

  /// The words of a panel for each outer index, and its inner indices.
  static constexpr int words = 16, depth = words * elements;

  /// The words of the left panel, and of both.
  static constexpr int left_size = rows * words, size = left_size + columns * words;
};

typedef tensor_tile<128, 128, 64, 32, 1> tf32_square_tile;
typedef tensor_tile<64, 64, 32, 32, 1> tf32_narrow_tile;
typedef tensor_tile<128, 128, 64, 32, 2> bf16_square_tile;
typedef tensor_tile<64, 64, 32, 32, 2> bf16_narrow_tile;

/// `count` words that are written at once.
template <int count>
struct alignas(4 * count) word_pack {
  u32 v[count];
};

/// Two floats that are read and written at once.
struct alignas(8) float_pair {
  float v[2];
};

/// Returns where word `word` of outer index `outer` is in a panel of `extent` outer indices: those of operands that are
/// contiguous along the inner index lie side by side; the others lie by words, and are exchanged by eights so that threads of a
/// warp find them in different banks.
template <class T, int extent, bool along_inner>
CGAD_DEVICE int word_place(int outer, int word) {
  if constexpr (along_inner) return outer * T::words + word;
  return word * extent + (outer ^ (word / 4 * 8));
}

/// Reads panels of `extent` outer indices of a row-major operand, for a tile `T`; `along_inner` iff its elements are contiguous
/// along the inner index. A thread reads by fours along the contiguous index.
template <class T, int extent, bool along_inner>
struct word_reader {
  /// The fours that lie side by side in a panel, and from one of a thread's fours to the next the lines that they lie in: outer
  /// indices, or words.
  static constexpr int side = along_inner ? T::depth / 4 : extent / 4, step = T::threads / side;

  /// The fours of a thread, a word's elements being counted as one where they do not lie side by side.
  static constexpr int count = extent * T::words / T::threads / 4 * (along_inner ? T::elements : 1);

  /// The elements of a word that do not lie side by side.
  static constexpr int layers = along_inner ? 1 : T::elements;

  /// This thread's first element of the next panel.
  const float *from;

  i64 stride;

  /// How many inner indices there are from this thread's first one on, and outer ones.
  int left, inside;

  /// Four elements may be read at once.
  bool by_fours;

  float values[count * layers][4];

  /// The line of this thread's first four elements, and their place in it.
  static CGAD_DEVICE_METHOD int line(int t) { return t / side; }

  static CGAD_DEVICE_METHOD int place_in_line(int t) { return t % side * 4; }

  /// Places this thread: `first` is the first outer index of the tile, `all` the number of outer indices, `k` the first inner
  /// index of `inners`.
  CGAD_DEVICE_METHOD void place(
    const float *base, i64 row_stride, bool fours, i64 first, i64 all, i64 k, int inners) {
    int t = own_thread();
    int o = along_inner ? line(t) : place_in_line(t), i = along_inner ? place_in_line(t) : line(t) * T::elements;
    stride = row_stride;
    from = along_inner ? base + (first + o) * stride + k + i : base + (k + i) * stride + first + o;
    inside = (int)least(all - first - o, extent);
    left = inners - i;
    by_fours = fours;
  }

  /// Reads this thread's elements of the next panel; those outside are zeros.
  CGAD_DEVICE_METHOD void read() {
    CGAD_UNROLL
    for (int i = 0; i < count * layers; i++) {
      int further = i / layers * step * (along_inner ? 1 : T::elements) + i % layers;
      int lines = along_inner ? inside - further : left - further, there = lines > 0 ? along_inner ? left : inside : 0;
      const float *p = from + further * stride;
      pack<float> r = {{0.0f, 0.0f, 0.0f, 0.0f}};
      if (by_fours) {
        if (there > 0) r = *(const pack<float> *)p;
      } else {
        CGAD_UNROLL
        for (int j = 0; j < 4; j++)
          if (j < there) r.v[j] = p[j];
      }
      CGAD_UNROLL
      for (int j = 0; j < 4; j++) values[i][j] = r.v[j];
    }
    from += along_inner ? T::depth : T::depth * stride;
    left -= T::depth;
  }

  /// Writes what was read to a panel, rounded.
  CGAD_DEVICE_METHOD void write(u32 *panel) const {
    int t = own_thread();
    CGAD_UNROLL
    for (int i = 0; i < count; i++) {
      int at = line(t) + i * step, in_line = place_in_line(t);
      constexpr int words = along_inner ? 4 / T::elements : 4;
      word_pack<words> r;
      CGAD_UNROLL
      for (int j = 0; j < words; j++) {
        if constexpr (T::elements == 1) r.v[j] = tf32_of(values[i][j]);
        if constexpr (T::elements == 2 && along_inner) r.v[j] = two_bf16_of(values[i][2 * j], values[i][2 * j + 1]);
        if constexpr (T::elements == 2 && !along_inner) r.v[j] = two_bf16_of(values[2 * i][j], values[2 * i + 1][j]);
      }
      int outer = along_inner ? at : in_line, word = along_inner ? in_line / T::elements : at;
      *(word_pack<words> *)(panel + word_place<T, extent, along_inner>(outer, word)) = r;
    }
  }
};

/// Returns words 4 t to 4 t + 3 of an outer index, t being the thread's number within a group of four.
template <class T, int extent, bool along_inner>
CGAD_DEVICE word_pack<4> words_of(const u32 *panel, int outer) {
  int word = own_thread() % 4 * 4;
  word_pack<4> r;
  if constexpr (along_inner) {
    r = *(const word_pack<4> *)(panel + word_place<T, extent, along_inner>(outer, word));
  } else {
    CGAD_UNROLL
    for (int j = 0; j < 4; j++) r.v[j] = panel[word_place<T, extent, along_inner>(outer, word + j)];
  }
  return r;
}

/// The first row and the first column of this warp's part of a tile.
struct warp_place {
  int row, column;
};

template <class T>
CGAD_DEVICE warp_place place_of_warp() {
  int warp = own_thread() / 32;
  warp_place p = {warp / T::warps * T::warp_rows, warp % T::warps * T::warp_columns};
  return p;
}

/// Adds the products of one panel of both operands to the sums of this warp's fragments.
template <class T, bool transposed_a, bool transposed_b>
CGAD_DEVICE void multiply_words(float (&sums)[T::high][T::wide][4], const u32 *panel) {
  warp_place at = place_of_warp<T>();
  int g = own_thread() % 32 / 4;
  word_pack<4> left[T::high][2], right[T::wide];
  CGAD_UNROLL
  for (int x = 0; x < T::high; x++) {
    CGAD_UNROLL
    for (int h = 0; h < 2; h++) left[x][h] = words_of<T, T::rows, !transposed_a>(panel, at.row + x * 16 + h * 8 + g);
  }
  CGAD_UNROLL
  for (int y = 0; y < T::wide; y++)
    right[y] = words_of<T, T::columns, transposed_b>(panel + T::left_size, at.column + y * 8 + g);
  CGAD_UNROLL
  for (int w = 0; w < 4; w += 2) {
    CGAD_UNROLL
    for (int x = 0; x < T::high; x++) {
      u32 a[4] = {left[x][0].v[w], left[x][1].v[w], left[x][0].v[w + 1], left[x][1].v[w + 1]};
      CGAD_UNROLL
      for (int y = 0; y < T::wide; y++) {
        u32 b[2] = {right[y].v[w], right[y].v[w + 1]};
        CGAD_MULTIPLY_FRAGMENTS(T::elements == 2, sums[x][y], a, b);
      }
    }
  }
}

/// Writes the sums of this warp's fragments, those of the tile at `first_row`, `first_column` of a product `c` of `m` rows and
/// `n` columns, or iff `adds`, adds them to what is there.
template <class T>
CGAD_DEVICE void put_fragments(
  const float (&sums)[T::high][T::wide][4], float *c, i64 first_row, i64 first_column, i64 m, i64 n,
  bool adds) {
  warp_place at = place_of_warp<T>();
  int lane = own_thread() % 32;
  bool by_twos = n % 2 == 0 && ((u64)c & 7) == 0;
  CGAD_UNROLL
  for (int x = 0; x < 2 * T::high; x++) {
    i64 i = first_row + at.row + x * 8 + lane / 4;
    if (i >= m) continue;
    CGAD_UNROLL
    for (int y = 0; y < T::wide; y++) {
      i64 j = first_column + at.column + y * 8 + lane % 4 * 2;
      float *to = c + i * n + j;
      const float *from = &sums[x / 2][y][x % 2 * 2];
      if (by_twos) {
        if (j >= n) continue;
        float_pair r = {{from[0], from[1]}};
        if (adds) {
          float_pair there = *(const float_pair *)to;
          r.v[0] = there.v[0] + r.v[0];
          r.v[1] = there.v[1] + r.v[1];
        }
        *(float_pair *)to = r;
        continue;
      }
      if (j < n) to[0] = adds ? to[0] + from[0] : from[0];
      if (j + 1 < n) to[1] = adds ? to[1] + from[1] : from[1];
    }
  }
}

/// As `multiply`, of rounded operands.
template <class T, bool transposed_a, bool transposed_b>
CGAD_DEVICE void multiply_rounded(const products &p, float *panels) {
  u32 count = (u32)p.count;
  for (u32 z = blockIdx.z; z < (p.summed ? 1 : count); z += gridDim.z) {
    float sums[T::high][T::wide][4] = {};
    for (u32 product = z; product < (p.summed ? count : z + 1); product++) {
      word_reader<T, T::rows, !transposed_a> a;
      word_reader<T, T::columns, transposed_b> b;
      i64 row_a = transposed_a ? p.m : p.k, row_b = transposed_b ? p.k : p.n;
      const float *at_a, *at_b;
      place_matrices(p, product, &at_a, &at_b);
      a.place(at_a, row_a, row_a % 4 == 0 && is_packed(p.a), p.tile[0], p.m, p.tile[2], (int)p.tile[3]);
      b.place(at_b, row_b, row_b % 4 == 0 && is_packed(p.b), p.tile[1], p.n, p.tile[2], (int)p.tile[3]);
      pass_panels<T>(
        (u32 *)panels, ((int)p.tile[3] + T::depth - 1) / T::depth, [&]() { a.read(), b.read(); },
        [&](u32 *panel) { a.write(panel), b.write(panel + T::left_size); },
        [&](const u32 *panel) { multiply_words<T, transposed_a, transposed_b>(sums, panel); });
    }
    put_fragments<T>(
      sums, p.c + (i64)(blockIdx.y + z) * p.m * p.n, p.tile[0], p.tile[1], p.m, p.n, p.adds);
  }
}

#define CGAD_ROUNDED_GEMMS(form, ...) \
  CGAD_PRODUCT(tf32_square_##form, tf32_square_tile, 1, (multiply_rounded<tf32_square_tile, __VA_ARGS__>)) \
  CGAD_PRODUCT(tf32_narrow_##form, tf32_narrow_tile, 3, (multiply_rounded<tf32_narrow_tile, __VA_ARGS__>)) \
  CGAD_PRODUCT(bf16_square_##form, bf16_square_tile, 1, (multiply_rounded<bf16_square_tile, __VA_ARGS__>)) \
  CGAD_PRODUCT(bf16_narrow_##form, bf16_narrow_tile, 3, (multiply_rounded<bf16_narrow_tile, __VA_ARGS__>))

CGAD_ROUNDED_GEMMS(nn, false, false)
CGAD_ROUNDED_GEMMS(nt, false, true)
CGAD_ROUNDED_GEMMS(tn, true, false)
CGAD_ROUNDED_GEMMS(tt, true, true)
