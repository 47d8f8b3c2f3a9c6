// Copies and constants.

CGAD_KERNEL(cgad_cuda_fill, i64 n, float value, float *y) {
  for (i64 i = global_thread(); i < n; i += global_threads()) y[i] = value;
}

CGAD_KERNEL(cgad_cuda_fill_i32, i64 n, i64 value, i32 *y) {
  for (i64 i = global_thread(); i < n; i += global_threads()) y[i] = (i32)value;
}

CGAD_KERNEL(cgad_cuda_arange, i64 n, float *y) {
  for (i64 i = global_thread(); i < n; i += global_threads()) y[i] = (float)i;
}

CGAD_KERNEL(cgad_cuda_zero, i64 bytes, u8 *y) {
  i64 words = is_packed(y) ? bytes / 4 : 0;
  for (i64 i = global_thread(); i < words; i += global_threads()) ((u32 *)y)[i] = 0;
  for (i64 i = words * 4 + global_thread(); i < bytes; i += global_threads()) y[i] = 0;
}

// MARK: Strided memory

#define CGAD_WALK_1 i64 rank, CGAD_EIGHT(e), CGAD_EIGHT(p)
#define CGAD_WALK_1_OF { rank, {CGAD_EIGHT_OF(e)}, {{CGAD_EIGHT_OF(p)}} }

/// Writes the elements of `x`, addressed by strides, to the dense `y`; `packed` as for `combine`.
template <class T>
CGAD_DEVICE void copy_from_strided(
  i64 n, i64 packed, const T *__restrict__ x, T *__restrict__ y, const walk<1> &w) {
  i64 at[1], stride = inner_stride(w, 0);
  if (packed) {
    for (i64 i = 4 * global_thread(); i < n; i += 4 * global_threads()) {
      locate(w, i, at);
      *(pack<T> *)(y + i) = take_pack(x + at[0], stride);
    }
    return;
  }
  for (i64 i = global_thread(); i < n; i += global_threads()) {
    locate(w, i, at);
    y[i] = x[at[0]];
  }
}

/// Writes the dense `x` to elements of `y`, addressed by strides; `packed` as for `combine`, the innermost stride being 1.
template <class T>
CGAD_DEVICE void copy_to_strided(i64 n, i64 packed, const T *__restrict__ x, T *__restrict__ y, const walk<1> &w) {
  i64 at[1];
  if (packed) {
    for (i64 i = 4 * global_thread(); i < n; i += 4 * global_threads()) {
      locate(w, i, at);
      *(pack<T> *)(y + at[0]) = *(const pack<T> *)(x + i);
    }
    return;
  }
  for (i64 i = global_thread(); i < n; i += global_threads()) {
    locate(w, i, at);
    y[at[0]] = x[i];
  }
}

/// Defines the copies of elements of the size of `T`, of so many bytes.
#define CGAD_COPIES(T, size) \
  CGAD_KERNEL(cgad_cuda_from_strided_##size, i64 n, i64 packed, const T *x, T *y, CGAD_WALK_1) { \
    walk<1> w = CGAD_WALK_1_OF; \
    copy_from_strided(n, packed, x, y, w); \
  } \
  CGAD_KERNEL(cgad_cuda_to_strided_##size, i64 n, i64 packed, const T *x, T *y, CGAD_WALK_1) { \
    walk<1> w = CGAD_WALK_1_OF; \
    copy_to_strided(n, packed, x, y, w); \
  }

CGAD_COPIES(u8, 1)
CGAD_COPIES(unsigned short, 2)
CGAD_COPIES(u32, 4)
CGAD_COPIES(u64, 8)

// MARK: Transposition

/// As `cgad_cuda_from_strided_4`, where `x` is contiguous along dimension `unit` and not along the innermost one: by
/// tiles of 32 by 32 of these two that are read and written by whole lines. Blocks are of 32 by 8 threads.
CGAD_KERNEL(cgad_cuda_transpose, i64 tiles, i64 unit, const u32 *x, u32 *y, CGAD_WALK_1) {
  __shared__ u32 tile[32 * 33];
  walk<1> w = CGAD_WALK_1_OF;
  i64 inner = 1, x_step = 0, unit_extent = 1, unit_step = 1;
  CGAD_UNROLL
  for (int d = 7; d >= 0; d--) {
    if (d == rank - 1) inner = w.extents[d], x_step = w.strides[0][d];
    if (d == unit) unit_extent = w.extents[d];
    if (d > unit && d < rank) unit_step *= w.extents[d];
  }
  i64 down = (unit_extent + 31) / 32, across = (inner + 31) / 32;
  for (i64 t = blockIdx.x; t < tiles; t += gridDim.x) {
    i64 row = t % down * 32, column = t / down % across * 32, other = t / down / across, from = 0, to = 0, step = inner;
    CGAD_UNROLL
    for (int d = 6; d >= 0; d--) {
      if (d < rank - 1 && d != unit) {
        i64 next = divide(other, w.extents[d]), index = other - next * w.extents[d];
        other = next;
        from += index * w.strides[0][d];
        to += index * step;
      }
      if (d < rank - 1) step *= w.extents[d];
    }
    __syncthreads();
    for (i64 j = threadIdx.y; j < 32; j += 8) {
      if (row + threadIdx.x < unit_extent && column + j < inner)
        tile[j * 33 + threadIdx.x] = x[from + row + threadIdx.x + (column + j) * x_step];
    }
    __syncthreads();
    for (i64 j = threadIdx.y; j < 32; j += 8) {
      if (row + j < unit_extent && column + threadIdx.x < inner)
        y[to + (row + j) * unit_step + column + threadIdx.x] = tile[threadIdx.x * 33 + j];
    }
  }
}
