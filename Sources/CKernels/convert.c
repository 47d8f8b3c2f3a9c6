#include "cgad_convert.h"

#include <math.h>
#include <string.h>

// A fused multiply-add rounds once where two instructions round twice; data must not depend on the machine.
#pragma STDC FP_CONTRACT OFF

void cgad_gather_copy(
    void *target, const void *source, const int64_t *rows, int64_t count, int64_t stride, int64_t row_bytes) {
  for (int64_t i = 0; i < count; i++)
    memcpy((char *)target + i * row_bytes, (const char *)source + rows[i] * stride, (size_t)row_bytes);
}

#define GATHER(NAME, FROM, TO)                                                                                  \
  void NAME(                                                                                                    \
      TO *target, const FROM *source, const int64_t *rows, int64_t count, int64_t stride, int64_t width) {      \
    for (int64_t i = 0; i < count; i++) {                                                                       \
      const FROM *restrict from = source + rows[i] * stride;                                                    \
      TO *restrict to = target + i * width;                                                                     \
      for (int64_t j = 0; j < width; j++) to[j] = (TO)from[j];                                                  \
    }                                                                                                           \
  }

GATHER(cgad_gather_u8_f32, uint8_t, float)
GATHER(cgad_gather_u8_i32, uint8_t, int32_t)
GATHER(cgad_gather_u16_i32, uint16_t, int32_t)
GATHER(cgad_gather_i64_i32, int64_t, int32_t)

#define FIND_OUTSIDE(NAME, TYPE)                                                      \
  int64_t NAME(const TYPE *source, int64_t count, int64_t low, int64_t high) {        \
    for (int64_t i = 0; i < count; i++)                                               \
      if ((int64_t)source[i] < low || (int64_t)source[i] > high) return i;            \
    return -1;                                                                        \
  }

FIND_OUTSIDE(cgad_find_outside_u8, uint8_t)
FIND_OUTSIDE(cgad_find_outside_u16, uint16_t)
FIND_OUTSIDE(cgad_find_outside_i32, int32_t)
FIND_OUTSIDE(cgad_find_outside_i64, int64_t)

#define SWAP(TYPE, SWAPPED)                                          \
  for (int64_t i = 0; i < count; i++) {                              \
    TYPE v;                                                          \
    memcpy(&v, (char *)elements + i * (int64_t)sizeof v, sizeof v);  \
    v = SWAPPED(v);                                                  \
    memcpy((char *)elements + i * (int64_t)sizeof v, &v, sizeof v);  \
  }

void cgad_swap_bytes(void *elements, int64_t count, int64_t width) {
  if (width == 2) SWAP(uint16_t, __builtin_bswap16)
  if (width == 4) SWAP(uint32_t, __builtin_bswap32)
  if (width == 8) SWAP(uint64_t, __builtin_bswap64)
}

void cgad_widen_i16_i32(int32_t *target, const int16_t *source, int64_t count) {
  for (int64_t i = 0; i < count; i++) target[i] = source[i];
}

#define STORE(TYPE) \
  for (int64_t i = 0; i < count; i++) ((TYPE *)target)[i] = (TYPE)source[i];

void cgad_store_i32(void *target, const int32_t *source, int64_t count, int64_t width) {
  if (width == 1) STORE(uint8_t)
  if (width == 2) STORE(uint16_t)
  if (width == 4) STORE(int32_t)
  if (width == 8) STORE(int64_t)
}

// Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014. The state after n steps is
// key + n * gamma, so that any value can be computed without those before it.
uint64_t cgad_split_mix(uint64_t key, uint64_t counter) {
  uint64_t z = key + (counter + 1) * 0x9e3779b97f4a7c15u;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

// The normal deviate below which lies the part `p` of the distribution: Wichura, algorithm AS 241, routine PPND7, 1988.
// Its third branch is for p < exp(-25), which a p in steps of 2^-32 never reaches.
static double normal_quantile(double p) {
  double q = p - 0.5;
  if (fabs(q) <= 0.425) {
    double r = 0.180625 - q * q;
    double above = ((59.109374720 * r + 159.29113202) * r + 50.434271938) * r + 3.3871327179;
    double below = ((67.187563600 * r + 78.757757664) * r + 17.895169469) * r + 1.0;
    return q * above / below;
  }
  double r = sqrt(-log(q < 0 ? p : 1.0 - p)) - 1.6;
  double above = ((0.17023821103 * r + 1.3067284816) * r + 2.7568153900) * r + 1.4234372777;
  double below = (0.12021132975 * r + 0.73700164250) * r + 1.0;
  return q < 0 ? -above / below : above / below;
}

void cgad_keyed_normal(float *target, int64_t count, uint64_t key, uint64_t first) {
  for (int64_t i = 0; i < count; i++) {
    uint64_t bits = cgad_split_mix(key, first + (uint64_t)i) >> 32;
    target[i] = (float)normal_quantile(((double)bits + 0.5) * 0x1p-32);
  }
}

void cgad_random_below(int32_t *target, int64_t count, uint64_t key, int32_t bound) {
  for (int64_t i = 0; i < count; i++)
    target[i] = (int32_t)(((cgad_split_mix(key, (uint64_t)i) >> 32) * (uint64_t)bound) >> 32);
}

void cgad_linear_map(
    float *target, const float *row, const float *weights, int64_t inputs, int64_t outputs, float scale) {
  memset(target, 0, (size_t)outputs * sizeof *target);
  for (int64_t i = 0; i < inputs; i++) {
    const float x = row[i];
    const float *restrict w = weights + i * outputs;
    for (int64_t j = 0; j < outputs; j++) target[j] += x * w[j];
  }
  for (int64_t j = 0; j < outputs; j++) target[j] *= scale;
}

void cgad_argmax_groups(int32_t *target, const float *scores, int64_t count, int64_t bound) {
  for (int64_t i = 0; i < count; i++) {
    const float *group = scores + i * bound;
    int64_t best = 0;
    for (int64_t j = 1; j < bound; j++)
      if (group[j] > group[best]) best = j;
    target[i] = (int32_t)best;
  }
}

void cgad_add_scaled(float *target, const float *addend, int64_t count, float scale) {
  for (int64_t i = 0; i < count; i++) target[i] += scale * addend[i];
}
