// Counter-based random numbers: the words of the processor's kernels.

/// Source: the finalizer of SplitMix64 (Steele, Lea and Flood 2014).
CGAD_DEVICE u64 mix(u64 z) {
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
  z = (z ^ z >> 27) * 0x94d049bb133111ebu;
  return z ^ z >> 31;
}

/// Writes the four words of block `block` of the stream of a path.
///
/// Source: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011: Philox 4×32 of ten rounds.
CGAD_DEVICE void philox(const cgad_step_keys &keys, u64 path, u64 block, u32 *c) {
  u64 key = mix(mix(keys.seed + 0x9e3779b97f4a7c15u) ^ path);
  u32 k0 = (u32)key, k1 = (u32)(key >> 32);
  c[0] = (u32)block;
  c[1] = (u32)(block >> 32);
  c[2] = keys.step;
  c[3] = keys.source;
  CGAD_UNROLL
  for (int round = 0; round < 10; round++) {
    u64 p = (u64)0xd2511f53u * c[0], q = (u64)0xcd9e8d57u * c[2];
    c[0] = (u32)(q >> 32) ^ c[1] ^ k0;
    c[1] = (u32)q;
    c[2] = (u32)(p >> 32) ^ c[3] ^ k1;
    c[3] = (u32)p;
    k0 += 0x9e3779b9u;
    k1 += 0xbb67ae85u;
  }
}

/// Returns the elements of block `block` with those zeroed whose number in `[0, 1)` is less than `rate`, and the others
/// multiplied by `factor`.
CGAD_DEVICE pack<float> dropped(
  const cgad_step_keys &keys, u64 path, u64 block, const pack<float> &x, float rate, float factor) {
  u32 words[4];
  philox(keys, path, block, words);
  pack<float> y;
  CGAD_UNROLL
  for (int j = 0; j < 4; j++) y.v[j] = (float)(words[j] >> 8) * 0x1p-24f >= rate ? x.v[j] * factor : 0.0f;
  return y;
}

CGAD_KERNEL(
  cgad_cuda_dropout, i64 n, const float *x, float *y, float rate, float factor, i64 path, const cgad_step_keys *keys) {
  bool packed = is_packed(x) && is_packed(y);
  for (i64 block = global_thread(); block * 4 < n; block += global_threads()) {
    bool whole = packed && block * 4 + 4 <= n;
    pack<float> v = {{0, 0, 0, 0}};
    if (whole) v = ((const pack<float> *)x)[block];
    CGAD_UNROLL
    for (int j = 0; j < 4; j++)
      if (!whole && block * 4 + j < n) v.v[j] = x[block * 4 + j];
    v = dropped(*keys, (u64)path, (u64)block, v, rate, factor);
    if (whole) ((pack<float> *)y)[block] = v;
    CGAD_UNROLL
    for (int j = 0; j < 4; j++)
      if (!whole && block * 4 + j < n) y[block * 4 + j] = v.v[j];
  }
}
