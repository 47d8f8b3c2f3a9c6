#pragma once

/// Exchanges between the lanes of a warp; `width` is a power of two up to 32 that splits the warp into segments.

__forceinline__ unsigned cgad_lane() {
  return (cgad_simt_thread(0) + cgad_simt_block_extent(0) * (cgad_simt_thread(1) + cgad_simt_block_extent(1) * cgad_simt_thread(2))) % 32;
}

/// The value of lane `source`, for values of four or eight bytes.
template <typename T>
__forceinline__ T cgad_shuffle(unsigned mask, T value, unsigned source, const char *file, int line) {
  if constexpr (sizeof(T) == 8) {
    auto bits = cgad_simt_exchange(mask, __builtin_bit_cast(unsigned long long, value), source, file, line);
    return __builtin_bit_cast(T, bits);
  } else {
    auto bits = cgad_simt_exchange(mask, __builtin_bit_cast(unsigned, value), source, file, line);
    return __builtin_bit_cast(T, unsigned(bits));
  }
}

template <typename T>
__forceinline__ T __shfl_sync(unsigned mask, T value, int source, int width = 32, CGAD_SITE) {
  unsigned segment = unsigned(width) - 1;
  return cgad_shuffle(mask, value, (cgad_lane() & ~segment) | (unsigned(source) & segment), file, line);
}

template <typename T>
__forceinline__ T __shfl_xor_sync(unsigned mask, T value, int lanes, int width = 32, CGAD_SITE) {
  unsigned lane = cgad_lane(), end = (lane & ~(unsigned(width) - 1)) + unsigned(width), source = lane ^ unsigned(lanes);
  return cgad_shuffle(mask, value, source < end ? source : lane, file, line);
}

template <typename T>
__forceinline__ T __shfl_down_sync(unsigned mask, T value, unsigned delta, int width = 32, CGAD_SITE) {
  unsigned lane = cgad_lane(), end = (lane & ~(unsigned(width) - 1)) + unsigned(width), source = lane + delta;
  return cgad_shuffle(mask, value, source < end ? source : lane, file, line);
}

template <typename T>
__forceinline__ T __shfl_up_sync(unsigned mask, T value, unsigned delta, int width = 32, CGAD_SITE) {
  unsigned lane = cgad_lane(), begin = lane & ~(unsigned(width) - 1);
  return cgad_shuffle(mask, value, lane >= begin + delta ? lane - delta : lane, file, line);
}

__forceinline__ unsigned __ballot_sync(unsigned mask, int predicate, CGAD_SITE) {
  return cgad_simt_ballot(mask, predicate, file, line);
}
__forceinline__ int __any_sync(unsigned mask, int predicate, CGAD_SITE) {
  return cgad_simt_ballot(mask, predicate, file, line) != 0;
}
__forceinline__ int __all_sync(unsigned mask, int predicate, CGAD_SITE) {
  return cgad_simt_ballot(mask, !predicate, file, line) == 0;
}

/// Kernels use the functions of this shim instead of instructions.
#define CGAD_SIMULATED_TENSOR_CORES 1

/// Adds to `c` the product of `a` and `b`, of which each lane has its part: see `cgad_simt_multiply`.
__forceinline__ void cgad_multiply_fragments(
    bool ofBF16, float (&c)[4], const unsigned (&a)[4], const unsigned (&b)[2], CGAD_SITE) {
  CGADFragments mine = {{a[0], a[1], a[2], a[3]}, {b[0], b[1]}, {c[0], c[1], c[2], c[3]}};
  cgad_simt_multiply(&mine, ofBF16, file, line);
  for (int i = 0; i < 4; i++) c[i] = mine.c[i];
}
