// Rows and elements read and written where indices say. If an index is out of range nothing is written.

CGAD_KERNEL(
  cgad_cuda_gather, i64 n, i64 columns, i64 rows, const float *table, const i32 *indices, float *y,
  const u64 *failure) {
  if (*failure != 0) return;
  for (i64 i = global_thread(); i < n; i += global_threads()) {
    i64 row = divide(i, columns), index = indices[row];
    if (index >= 0 && index < rows) y[i] = table[index * columns + (i - row * columns)];
  }
}

/// Of the elements along the last axis of `x`, that each index says.
CGAD_KERNEL(
  cgad_cuda_gather_last, i64 n, i64 columns, const float *x, const i32 *indices, float *y, const u64 *failure) {
  if (*failure != 0) return;
  for (i64 i = global_thread(); i < n; i += global_threads()) {
    i64 index = indices[i];
    if (index >= 0 && index < columns) y[i] = x[i * columns + index];
  }
}

/// Writes the elements of `x`, or 1 if that is null, where the indices say along a new last axis, and zeros elsewhere.
CGAD_KERNEL(
  cgad_cuda_scatter_last, i64 n, i64 columns, const float *x, const i32 *indices, float *y, const u64 *failure) {
  if (*failure != 0) return;
  for (i64 i = global_thread(); i < n; i += global_threads()) {
    i64 row = divide(i, columns);
    y[i] = indices[row] != i - row * columns ? 0.0f : x == nullptr ? 1.0f : x[row];
  }
}

// MARK: Sums of rows

/// The rows of the result that one block makes, and the threads of a block, each of which makes a column.
#define CGAD_SCATTER_ROWS 16
#define CGAD_SCATTER_THREADS 128

/// The indices that each thread looks through at a time.
#define CGAD_SCATTER_EACH 8

/// Adds up the rows of `x`, `count` of them, each where its index says, in their order.
///
/// Blocks look through all indices for those of their rows, list them in order, and then add the rows of the list, a thread
/// for each column.
CGAD_KERNEL(
  cgad_cuda_scatter_add, i64 rows, i64 columns, i64 count, const float *x, const i32 *indices, float *y,
  const u64 *failure) {
  __shared__ float sums[CGAD_SCATTER_ROWS * CGAD_SCATTER_THREADS];
  __shared__ int matches[CGAD_SCATTER_EACH * CGAD_SCATTER_THREADS];
  __shared__ int ends[CGAD_SCATTER_THREADS];
  if (*failure != 0) return;
  int t = (int)threadIdx.x;
  i64 blocks = (rows + CGAD_SCATTER_ROWS - 1) / CGAD_SCATTER_ROWS;
  i64 tiles = (columns + CGAD_SCATTER_THREADS - 1) / CGAD_SCATTER_THREADS;
  for (i64 item = blockIdx.x; item < blocks * tiles; item += gridDim.x) {
    i64 row = item % blocks * CGAD_SCATTER_ROWS, column = item / blocks * CGAD_SCATTER_THREADS + t;
    for (int r = 0; r < CGAD_SCATTER_ROWS; r++) sums[r * CGAD_SCATTER_THREADS + t] = 0.0f;
    for (i64 first = 0; first < count; first += CGAD_SCATTER_EACH * CGAD_SCATTER_THREADS) {
      int mine = 0;
      i64 begin = first + t * CGAD_SCATTER_EACH, end = least(begin + CGAD_SCATTER_EACH, count);
      for (i64 i = begin; i < end; i++) mine += indices[i] >= row && indices[i] < row + CGAD_SCATTER_ROWS ? 1 : 0;
      __syncthreads();
      ends[t] = mine;
      for (int d = 1; d < CGAD_SCATTER_THREADS; d *= 2) {
        __syncthreads();
        int before = t >= d ? ends[t - d] : 0;
        __syncthreads();
        ends[t] += before;
      }
      int place = ends[t] - mine;
      for (i64 i = begin; i < end; i++) {
        if (indices[i] < row || indices[i] >= row + CGAD_SCATTER_ROWS) continue;
        matches[place++] = (int)(i - first) * CGAD_SCATTER_ROWS + (int)(indices[i] - row);
      }
      __syncthreads();
      for (int m = 0; m < ends[CGAD_SCATTER_THREADS - 1] && column < columns; m++) {
        i64 from = first + matches[m] / CGAD_SCATTER_ROWS;
        sums[matches[m] % CGAD_SCATTER_ROWS * CGAD_SCATTER_THREADS + t] += x[from * columns + column];
      }
    }
    for (int r = 0; r < CGAD_SCATTER_ROWS; r++)
      if (row + r < rows && column < columns) y[(row + r) * columns + column] = sums[r * CGAD_SCATTER_THREADS + t];
  }
}
