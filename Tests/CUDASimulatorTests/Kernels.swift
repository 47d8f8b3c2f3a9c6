/// Kernels that tests run, right ones and wrong ones.
enum Kernels {

  static let right = """
    #define KERNEL(name, ...) extern "C" __global__ void name(__VA_ARGS__)

    __device__ long long number() { return (long long)blockIdx.x * blockDim.x + threadIdx.x; }

    KERNEL(add, const float *a, const float *b, float *c, long long n) {
      if (number() < n) c[number()] = a[number()] + b[number()];
    }

    // The sum of each block of 256.
    KERNEL(sum, const float *x, float *y, long long n) {
      __shared__ float tile[256];
      tile[threadIdx.x] = number() < n ? x[number()] : 0;
      __syncthreads();
      for (int half = 128; half > 0; half /= 2) {
        if (threadIdx.x < half) tile[threadIdx.x] += tile[threadIdx.x + half];
        __syncthreads();
      }
      if (threadIdx.x == 0) y[blockIdx.x] = tile[0];
    }

    // The same by shuffles and dynamic shared memory, in blocks of any multiple of 32.
    KERNEL(shuffledSum, const float *x, float *y, long long n) {
      extern __shared__ __align__(16) unsigned char bytes[];
      float *sums = (float *)bytes, value = number() < n ? x[number()] : 0;
      for (int lanes = 16; lanes > 0; lanes /= 2) value += __shfl_down_sync(0xffffffff, value, lanes);
      if (threadIdx.x % 32 == 0) sums[threadIdx.x / 32] = value;
      __syncthreads();
      if (threadIdx.x != 0) return;
      for (int warp = 1; warp < blockDim.x / 32; warp++) value += sums[warp];
      y[blockIdx.x] = value;
    }

    // Each pair of neighbours exchanged, within a warp.
    KERNEL(exchange, float *x) {
      __shared__ float tile[64];
      tile[threadIdx.x] = x[threadIdx.x];
      __syncwarp();
      x[threadIdx.x] = tile[threadIdx.x ^ 1];
    }

    // The product of 16 by 8 and 8 by 8 numbers, by the lanes of a warp.
    KERNEL(fragments, const float *a, const float *b, float *c) {
      int g = threadIdx.x / 4, t = threadIdx.x % 4;
      unsigned left[4], right[2];
      for (int i = 0; i < 4; i++) left[i] = __float_as_uint(a[(g + i % 2 * 8) * 8 + t + i / 2 * 4]);
      for (int i = 0; i < 2; i++) right[i] = __float_as_uint(b[(t + i * 4) * 8 + g]);
      float sums[4] = {0, 0, 0, 0};
      cgad_multiply_fragments(false, sums, left, right);
      for (int i = 0; i < 4; i++) c[(g + i / 2 * 8) * 8 + 2 * t + i % 2] = sums[i];
    }

    // The same of 16 by 16 and 16 by 8 numbers of bf16, two in a word.
    KERNEL(halfFragments, const float *a, const float *b, float *c) {
      int g = threadIdx.x / 4, t = threadIdx.x % 4;
      unsigned left[4] = {0, 0, 0, 0}, right[2] = {0, 0};
      for (int i = 0; i < 8; i++)
        left[i / 2] |= __float_as_uint(a[(g + i / 2 % 2 * 8) * 16 + 2 * t + i % 2 + i / 4 * 8]) >> 16 << i % 2 * 16;
      for (int i = 0; i < 4; i++)
        right[i / 2] |= __float_as_uint(b[(2 * t + i % 2 + i / 2 * 8) * 8 + g]) >> 16 << i % 2 * 16;
      float sums[4] = {0, 0, 0, 0};
      cgad_multiply_fragments(true, sums, left, right);
      for (int i = 0; i < 4; i++) c[(g + i / 2 * 8) * 8 + 2 * t + i % 2] = sums[i];
    }

    KERNEL(largest, const float *x, unsigned long long *word, long long n) {
      if (number() < n) atomicMax(word, (unsigned long long)x[number()]);
    }
    """

  static let wrong = """
    #define KERNEL(name, ...) extern "C" __global__ void name(__VA_ARGS__)

    KERNEL(unbounded, const float *x, float *y) { y[blockIdx.x * blockDim.x + threadIdx.x] = x[threadIdx.x]; }

    KERNEL(missingBarrier, float *y) {
      __shared__ float tile[64];
      tile[threadIdx.x] = 1;
      y[threadIdx.x] = tile[63 - threadIdx.x];
    }

    KERNEL(missingWarpBarrier, float *y) {
      __shared__ float tile[32];
      tile[threadIdx.x] = 1;
      y[threadIdx.x] = tile[threadIdx.x ^ 1];
    }

    KERNEL(warpBarrierForBlock, float *y) {
      __shared__ float tile[64];
      tile[threadIdx.x] = 1;
      __syncwarp();
      y[threadIdx.x] = tile[63 - threadIdx.x];
    }

    KERNEL(missingSecondBarrier, const float *x, float *y) {
      __shared__ float tile[64];
      float sum = 0;
      for (int i = 0; i < 2; i++) {
        tile[threadIdx.x] = x[i * 64 + threadIdx.x];
        __syncthreads();
        sum += tile[63 - threadIdx.x];
      }
      y[threadIdx.x] = sum;
    }

    KERNEL(divergent, float *y) {
      if (threadIdx.x < 16) __syncthreads();
      y[threadIdx.x] = 1;
    }

    KERNEL(twoBarriers, float *y) {
      if (threadIdx.x < 16)
        __syncthreads();
      else
        __syncthreads();
      y[threadIdx.x] = 1;
    }

    KERNEL(absentLane, float *y) {
      if (threadIdx.x < 31) y[threadIdx.x] = __shfl_xor_sync(0xffffffff, 1.0f, 1);
    }

    KERNEL(fewFragments, float *y) {
      unsigned left[4] = {0, 0, 0, 0}, right[2] = {0, 0};
      float sums[4] = {0, 0, 0, 0};
      cgad_multiply_fragments(false, sums, left, right);
      y[threadIdx.x] = sums[0];
    }

    KERNEL(absentFragment, float *y) {
      unsigned left[4] = {0, 0, 0, 0}, right[2] = {0, 0};
      float sums[4] = {0, 0, 0, 0};
      if (threadIdx.x < 31) cgad_multiply_fragments(false, sums, left, right);
      y[threadIdx.x] = sums[0];
    }

    KERNEL(sameElement, float *y) { y[0] = threadIdx.x; }

    KERNEL(sameElementOfBlocks, float *y) {
      if (threadIdx.x == 0) y[0] = blockIdx.x;
    }

    KERNEL(unwrittenShared, float *y) {
      __shared__ float tile[64];
      if (threadIdx.x < 63) tile[threadIdx.x] = 1;
      __syncthreads();
      y[threadIdx.x] = tile[threadIdx.x];
    }

    KERNEL(pastShared, float *y) {
      extern __shared__ float tile[];
      tile[threadIdx.x] = 1;
      y[threadIdx.x] = tile[threadIdx.x];
    }

    KERNEL(misaligned, const float *x, float *y) { *(double *)((char *)y + 4) = x[0]; }

    KERNEL(trap, float *y) { __trap(); }
    """

}
