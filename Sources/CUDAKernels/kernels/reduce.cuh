// Reductions along any axes, in the order of the processor's kernels.
//
// Neighbouring axes that are both reduced, or both kept, are joined. If the innermost axis is reduced, an output is the
// total of runs: by blocks of 4096 in 64 lanes of float, the blocks in double. If it is kept, outputs are totals of
// columns: by 32 rows in float, these in double. In a second pass, outputs are centers until they are written.

/// The way to combine elements: also sums of the squares of what they differ from a center by, and of e to the power of
/// that difference.
enum total_kind { total_sum, total_max, total_min, total_squares, total_powers };

/// What becomes of a total: nothing; the quotient by the number of elements; a logarithm, to which the center is added.
enum finish_kind { finish_plain, finish_mean, finish_logarithm };

template <int kind>
CGAD_DEVICE float total_identity() {
  return kind == total_max ? -infinity() : kind == total_min ? infinity() : 0.0f;
}

template <int kind, class T>
CGAD_DEVICE T total_of(T a, T b) {
  if constexpr (kind == total_max) return a > b || a != a ? a : b;
  else if constexpr (kind == total_min) return a < b || a != a ? a : b;
  else return a + b;
}

/// Returns what an element adds to a total.
template <int kind>
CGAD_DEVICE float total_term(float x, float center) {
  if constexpr (kind == total_powers) return v_exp(x - center);
  else if constexpr (kind == total_squares) return (x - center) * (x - center);
  else return x;
}

CGAD_DEVICE float finished(i64 finish, double total, i64 count, float center) {
  if (finish == finish_plain) return (float)total;
  if (finish == finish_mean) return (float)(total / (double)count);
  return center - center == 0 ? (float)((double)center + (double)v_log((float)total)) : center;
}

/// The center of a total that has one, which the result holds before; others must not read what nothing has written.
template <int kind>
CGAD_DEVICE float center_of(const float *y) {
  return kind == total_squares || kind == total_powers ? *y : 0.0f;
}

/// At most four axes.
struct axis_set {
  i64 extents[4], strides[4];
};

#define CGAD_AXES(p) i64 p##0, i64 p##1, i64 p##2, i64 p##3, i64 p##4, i64 p##5, i64 p##6, i64 p##7
#define CGAD_AXES_OF(p) { {p##0, p##1, p##2, p##3}, {p##4, p##5, p##6, p##7} }

/// Returns the offset of position `i` of the product of `axes`.
CGAD_DEVICE i64 offset_of(const axis_set &axes, i64 i) {
  i64 sum = 0;
  CGAD_UNROLL
  for (int d = 3; d >= 0; d--) {
    if (axes.extents[d] == 1) continue;
    i64 next = divide(i, axes.extents[d]);
    sum += (i - next * axes.extents[d]) * axes.strides[d];
    i = next;
  }
  return sum;
}

// MARK: Runs

/// Returns the total of the block `[begin, end)` of a run, in four times 16 lanes, to all lanes of this warp.
template <int kind, class X>
CGAD_DEVICE float run_block(const X *x, i64 begin, i64 end, float center) {
  int lane = (int)threadIdx.x;
  float a = total_identity<kind>(), b = a;
  i64 i = begin;
  CGAD_EIGHT_AT_A_TIME
  for (; i + 64 <= end; i += 64) {
    a = total_of<kind>(a, total_term<kind>((float)x[i + lane], center));
    b = total_of<kind>(b, total_term<kind>((float)x[i + 32 + lane], center));
  }
  for (; i + 16 <= end; i += 16)
    if (lane < 16) a = total_of<kind>(a, total_term<kind>((float)x[i + lane], center));
  if (lane >= 16 && i + lane - 16 < end) a = total_of<kind>(a, total_term<kind>((float)x[i + lane - 16], center));
  a = total_of<kind>(a, __shfl_xor_sync(CGAD_ALL_LANES, a, 16));
  b = total_of<kind>(b, __shfl_xor_sync(CGAD_ALL_LANES, b, 16));
  a = total_of<kind>(a, b);
  for (int d = 8; d > 0; d /= 2) a = total_of<kind>(a, __shfl_xor_sync(CGAD_ALL_LANES, a, d));
  return a;
}

/// Returns the total of `runs` runs of `inner` elements, each combined before it is added, to all threads.
template <int kind, class X>
CGAD_DEVICE double runs_total(
  const team &t, const X *x, i64 runs, i64 inner, const axis_set &axes, float center) {
  i64 each = (inner + CGAD_ROW_BLOCK - 1) / CGAD_ROW_BLOCK, items = runs * each;
  double total = (double)total_identity<kind>(), run = total;
  i64 rest = each;  // blocks of the run that are not added
  for (i64 first = 0; first < items; first += t.size) {
    i64 item = first + t.index, at = divide(item, each), begin = (item - at * each) * CGAD_ROW_BLOCK;
    float mine = 0.0f;
    if (item < items) {
      const X *from = x + offset_of(axes, at);
      mine = run_block<kind>(from, begin, least(begin + CGAD_ROW_BLOCK, inner), center);
    }
    if (t.size > 1) {
      __syncthreads();
      if (threadIdx.x == 0) t.values[t.index] = mine;
      __syncthreads();
    }
    for (int w = 0; w < t.size && first + w < items; w++) {
      run = total_of<kind>(run, (double)(t.size > 1 ? t.values[w] : mine));
      if (--rest > 0) continue;
      rest = each;
      total = total_of<kind>(total, run);
      run = (double)total_identity<kind>();
    }
  }
  return total;
}

// MARK: Kernels

/// Defines the kernels that combine elements of type `X`.
///
/// `runs`: a block, of 32 threads for each of its warps, takes an output. `parts`: a block takes a chunk of the only run.
/// `columns`: a block takes so many columns as it has threads along x, and as many groups of 32 rows as along y; the rows
/// are in `parts` parts, which are combined later if there are more than one.
#define CGAD_REDUCTION(name, kind, X) \
  CGAD_KERNEL( \
    cgad_cuda_##name##_runs, i64 outputs, i64 runs, i64 inner, CGAD_AXES(k), CGAD_AXES(r), const X *x, float *y, \
    i64 finish, i64 count) { \
    __shared__ float values[64]; \
    axis_set kept = CGAD_AXES_OF(k), reduced = CGAD_AXES_OF(r); \
    for (i64 o = blockIdx.x; o < outputs; o += gridDim.x) { \
      float center = center_of<kind>(y + o); \
      double total = runs_total<kind>(whole_block(values), x + offset_of(kept, o), runs, inner, reduced, center); \
      __syncthreads(); \
      if (threadIdx.x == 0 && threadIdx.y == 0) y[o] = finished(finish, total, count, center); \
    } \
  } \
  CGAD_KERNEL(cgad_cuda_##name##_parts, i64 n, i64 chunk, const X *x, const float *center, double *partials) { \
    __shared__ float values[64]; \
    axis_set none = {{1, 1, 1, 1}, {0, 0, 0, 0}}; \
    i64 begin = blockIdx.x * chunk; \
    double total = \
      runs_total<kind>(whole_block(values), x + begin, 1, least(chunk, n - begin), none, center_of<kind>(center)); \
    if (threadIdx.x == 0 && threadIdx.y == 0) partials[blockIdx.x] = total; \
  } \
  CGAD_KERNEL( \
    cgad_cuda_##name##_columns, i64 items, i64 inner, i64 rows, i64 extent, i64 stride, i64 parts, CGAD_AXES(k), \
    CGAD_AXES(r), const X *x, float *y, double *partials, i64 finish, i64 count) { \
    axis_set kept = CGAD_AXES_OF(k), reduced = CGAD_AXES_OF(r); \
    column_layout layout = {inner, rows, extent, stride, parts}; \
    reduce_columns<kind>(layout, items, kept, reduced, x, y, partials, finish, count); \
  } \
  CGAD_KERNEL( \
    cgad_cuda_##name##_finish, i64 outputs, i64 parts, const double *partials, float *y, i64 finish, i64 count) { \
    for (i64 o = global_thread(); o < outputs; o += global_threads()) { \
      double total = (double)total_identity<kind>(); \
      for (i64 p = 0; p < parts; p++) total = total_of<kind>(total, partials[o * parts + p]); \
      y[o] = finished(finish, total, count, center_of<kind>(y + o)); \
    } \
  }

/// Columns of `rows` rows; rows are `stride` apart in segments of `extent`.
struct column_layout {
  i64 inner, rows, extent, stride, parts;
};

/// The rows of one part, in groups of 32 that do not cross from one segment to the next.
struct row_groups {
  i64 begin, end, extent, head, head_groups, each, count;
};

CGAD_DEVICE row_groups groups_of(const column_layout &l, i64 part) {
  row_groups g;
  g.begin = part * l.rows / l.parts;
  g.end = (part + 1) * l.rows / l.parts;
  g.extent = l.extent;
  g.head = least(l.extent - g.begin % l.extent, g.end - g.begin);
  g.head_groups = (g.head + 31) / 32;
  g.each = (l.extent + 31) / 32;
  i64 rest = g.end - g.begin - g.head;
  g.count = g.head_groups + rest / l.extent * g.each + (rest % l.extent + 31) / 32;
  return g;
}

/// Returns the first row of group `i`, and writes the end.
CGAD_DEVICE i64 rows_of(const row_groups &g, i64 i, i64 *end) {
  i64 segment = g.begin, segment_end = g.begin + g.head;
  if (i >= g.head_groups) {
    i -= g.head_groups;
    segment = segment_end + i / g.each * g.extent;
    segment_end = least(segment + g.extent, g.end);
    i %= g.each;
  }
  *end = least(segment + i * 32 + 32, segment_end);
  return segment + i * 32;
}

template <int kind, class X>
CGAD_DEVICE void reduce_columns(
  const column_layout &l, i64 items, const axis_set &kept, const axis_set &reduced, const X *x, float *y,
  double *partials, i64 finish, i64 count) {
  CGAD_DYNAMIC_SHARED(float, sums);
  int width = (int)blockDim.x, height = (int)blockDim.y;
  i64 tiles = (l.inner + width - 1) / width;
  for (i64 item = blockIdx.x; item < items; item += gridDim.x) {
    i64 part = item % l.parts, column = item / l.parts % tiles * width + threadIdx.x, o = item / l.parts / tiles;
    row_groups groups = groups_of(l, part);
    bool is_inside = column < l.inner;
    i64 output = o * l.inner + column;
    const X *from = x + offset_of(kept, o) + column;
    float center = is_inside ? center_of<kind>(y + output) : 0.0f;
    double total = (double)total_identity<kind>();
    for (i64 first = 0; first < groups.count; first += height) {
      float sum = total_identity<kind>();
      if (is_inside && first + threadIdx.y < groups.count) {
        i64 end, row = rows_of(groups, first + threadIdx.y, &end);
        const X *p = from + offset_of(reduced, row);
        CGAD_EIGHT_AT_A_TIME
        for (; row < end; row++, p += l.stride) sum = total_of<kind>(sum, total_term<kind>((float)*p, center));
      }
      __syncthreads();
      sums[threadIdx.y * width + threadIdx.x] = sum;
      __syncthreads();
      if (threadIdx.y > 0) continue;
      for (i64 g = 0; g < height && first + g < groups.count; g++)
        total = total_of<kind>(total, (double)sums[g * width + threadIdx.x]);
    }
    if (threadIdx.y > 0 || !is_inside) continue;
    if (l.parts == 1) y[output] = finished(finish, total, count, center);
    else partials[output * l.parts + part] = total;
  }
}

CGAD_REDUCTION(sum, total_sum, float)
CGAD_REDUCTION(sum_u8, total_sum, u8)
CGAD_REDUCTION(max, total_max, float)
CGAD_REDUCTION(min, total_min, float)
CGAD_REDUCTION(squares, total_squares, float)
CGAD_REDUCTION(powers, total_powers, float)

// MARK: The first greatest element

/// Returns whether element `x` at `i` comes before `y` at `j`: NaNs first, then the greater, then the first.
CGAD_DEVICE bool is_before(float x, i64 i, float y, i64 j) {
  bool x_is_nan = x != x, y_is_nan = y != y;
  if (x_is_nan != y_is_nan) return x_is_nan;
  if (!x_is_nan && x != y) return x > y;
  return i < j;
}

/// Blocks have 32 threads along x; a warp takes a row.
CGAD_KERNEL(cgad_cuda_argmax, i64 rows, i64 columns, const float *x, i32 *y) {
  for (i64 row = (i64)blockIdx.x * blockDim.y + threadIdx.y; row < rows; row += (i64)gridDim.x * blockDim.y) {
    float best = -infinity();
    i64 at = columns;
    for (i64 i = threadIdx.x; i < columns; i += 32) {
      float v = x[row * columns + i];
      if (is_before(v, i, best, at)) best = v, at = i;
    }
    for (int d = 16; d > 0; d /= 2) {
      float other = __shfl_xor_sync(CGAD_ALL_LANES, best, d);
      i64 place = __shfl_xor_sync(CGAD_ALL_LANES, at, d);
      if (is_before(other, place, best, at)) best = other, at = place;
    }
    if (threadIdx.x == 0) y[row] = (i32)at;
  }
}
