// Sums and maxima of rows by warps, in the order of the processor's kernels.
//
// There, a row is summed by blocks of 4096 elements in lanes of float, the blocks in double. Here, the lanes of a warp
// are these lanes, and the warps of a team take different blocks; then all threads add up the blocks in order. Blocks of
// threads have 32 threads along x and one warp for each y.

#define CGAD_ALL_LANES 0xffffffffu

/// The elements summed in float before they are in double.
#define CGAD_ROW_BLOCK 4096

/// The warps that share a row: all of a block, or one.
struct team {
  int size, index;
  /// Two floats for each warp of a block, in shared memory.
  float *values;
};

CGAD_DEVICE team whole_block(float *values) {
  team t = {(int)blockDim.y, (int)threadIdx.y, values};
  return t;
}

CGAD_DEVICE team one_warp() {
  team t = {1, 0, nullptr};
  return t;
}

/// Returns the sum of 16 lanes, by halves.
CGAD_DEVICE float sum_sixteen(float v) {
  v += __shfl_xor_sync(CGAD_ALL_LANES, v, 8);
  v += __shfl_xor_sync(CGAD_ALL_LANES, v, 4);
  v += __shfl_xor_sync(CGAD_ALL_LANES, v, 2);
  v += __shfl_xor_sync(CGAD_ALL_LANES, v, 1);
  return v;
}

/// Returns the sum over a block, `[begin, end)`, of `term(i)`, in two times 16 lanes, which are this warp's.
template <class F>
CGAD_DEVICE float block_sum(i64 begin, i64 end, F term) {
  int lane = (int)threadIdx.x;
  float s = 0.0f;
  i64 i = begin;
  CGAD_EIGHT_AT_A_TIME
  for (; i + 32 <= end; i += 32) s += term(i + lane);
  if (lane < 16 && i + lane < end) s += term(i + lane);
  if (lane < 16 && i + 16 + lane < end) s += term(i + 16 + lane);
  s += __shfl_xor_sync(CGAD_ALL_LANES, s, 16);
  return sum_sixteen(s);
}

/// Returns the sum over `[0, n)` of `term(i)`, in two times 16 lanes, to all threads.
template <class F>
CGAD_DEVICE double row_sum(const team &t, i64 n, F term) {
  double sum = 0;
  for (i64 first = 0; first < n; first += (i64)t.size * CGAD_ROW_BLOCK) {
    i64 begin = first + (i64)t.index * CGAD_ROW_BLOCK;
    float mine = begin < n ? block_sum(begin, least(begin + CGAD_ROW_BLOCK, n), term) : 0.0f;
    if (t.size == 1) {
      sum += (double)mine;
      continue;
    }
    __syncthreads();
    if (threadIdx.x == 0) t.values[t.index] = mine;
    __syncthreads();
    for (int w = 0; w < t.size && first + (i64)w * CGAD_ROW_BLOCK < n; w++) sum += (double)t.values[w];
  }
  return sum;
}

/// As `row_sum`, in 16 lanes: the halves of a warp take different blocks.
template <class F>
CGAD_DEVICE double narrow_row_sum(const team &t, i64 n, F term) {
  int half = (int)threadIdx.x / 16, lane = (int)threadIdx.x % 16;
  double sum = 0;
  for (i64 first = 0; first < n; first += 2 * (i64)t.size * CGAD_ROW_BLOCK) {
    i64 begin = first + (2 * (i64)t.index + half) * CGAD_ROW_BLOCK, end = least(begin + CGAD_ROW_BLOCK, n);
    float mine = 0.0f;
    CGAD_EIGHT_AT_A_TIME
    for (i64 i = begin + lane; i < end; i += 16) mine += term(i);
    mine = sum_sixteen(mine);
    float other = __shfl_xor_sync(CGAD_ALL_LANES, mine, 16);
    if (t.size == 1) {
      sum += (double)(half == 0 ? mine : other);
      if (first + CGAD_ROW_BLOCK < n) sum += (double)(half == 0 ? other : mine);
      continue;
    }
    __syncthreads();
    if (lane == 0) t.values[2 * t.index + half] = mine;
    __syncthreads();
    for (int w = 0; w < 2 * t.size && first + (i64)w * CGAD_ROW_BLOCK < n; w++) sum += (double)t.values[w];
  }
  return sum;
}

/// Returns the greatest of `n` elements, NaNs left out, to all threads.
CGAD_DEVICE float row_max(const team &t, const float *x, i64 n) {
  float m = -infinity();
  CGAD_EIGHT_AT_A_TIME
  for (i64 i = (i64)t.index * 32 + threadIdx.x; i < n; i += (i64)t.size * 32) m = greater(x[i], m);
  for (int d = 16; d > 0; d /= 2) m = greater(m, __shfl_xor_sync(CGAD_ALL_LANES, m, d));
  if (t.size == 1) return m;
  __syncthreads();
  if (threadIdx.x == 0) t.values[t.index] = m;
  __syncthreads();
  for (int w = 0; w < t.size; w++) m = greater(t.values[w], m);
  return m;
}

/// Calls `body(i)` for `[0, n)`.
template <class F>
CGAD_DEVICE void for_row(const team &t, i64 n, F body) {
  CGAD_EIGHT_AT_A_TIME
  for (i64 i = (i64)t.index * 32 + threadIdx.x; i < n; i += (i64)t.size * 32) body(i);
}

// MARK: Failures

/// Leaves the first position and its value, which is not in `0 ..< bound`: bit 63, 31 bits that fall with the position,
/// and the 32 bits of the value.
CGAD_KERNEL(cgad_cuda_check_indices, i64 n, i64 bound, const i32 *indices, u64 *failure) {
  for (i64 i = global_thread(); i < n; i += global_threads()) {
    if (indices[i] >= 0 && indices[i] < bound) continue;
    u64 position = 0x7fffffff - (u64)least(i, 0x7fffffff);
    atomicMax(failure, 0x8000000000000000u | position << 32 | (u32)indices[i]);
  }
}
