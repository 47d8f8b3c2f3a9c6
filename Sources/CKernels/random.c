// Counter-based random numbers: element i of a stream does not depend on how the stream is cut into parts.

#include "numerics.h"
#include "pool.h"

#define MULTIPLIER_0 0xd2511f53u
#define MULTIPLIER_1 0xcd9e8d57u
#define WEYL_0 0x9e3779b9u
#define WEYL_1 0xbb67ae85u

// MARK: One block

void cgad_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]) {
  uint32_t c[4] = {counter[0], counter[1], counter[2], counter[3]}, k[2] = {key[0], key[1]};
  for (int round = 0; round < 10; round++) {
    uint64_t p = (uint64_t)MULTIPLIER_0 * c[0], q = (uint64_t)MULTIPLIER_1 * c[2];
    uint32_t next[4] = {(uint32_t)(q >> 32) ^ c[1] ^ k[0], (uint32_t)q, (uint32_t)(p >> 32) ^ c[3] ^ k[1], (uint32_t)p};
    memcpy(c, next, sizeof c);
    k[0] += WEYL_0;
    k[1] += WEYL_1;
  }
  memcpy(out, c, sizeof c);
}

// MARK: Sixteen blocks

/// The key and the upper half of the counter.
typedef struct {
  uint32_t key[2];
  uint32_t step, source;
} stream;

/// Source: the finalizer of SplitMix64 (Steele, Lea and Flood 2014).
static uint64_t mix(uint64_t z) {
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
  z = (z ^ z >> 27) * 0x94d049bb133111eb;
  return z ^ z >> 31;
}

static stream make_stream(cgad_stream s) {
  uint64_t key = mix(mix(s.seed + 0x9e3779b97f4a7c15) ^ s.path_hash);
  return (stream){{(uint32_t)key, (uint32_t)(key >> 32)}, s.step, s.micro_batch | (uint32_t)s.replica << 16};
}

/// Writes the upper and the lower words of the products of `a` and `b`, the even and the odd lanes in turn.
CGAD_INLINE void multiply(u32x16 a, uint32_t b, u32x16 *high, u32x16 *low) {
  const uint64_t lower = 0xffffffff;
  u64x8 even = ((u64x8)a & lower) * b, odd = ((u64x8)a >> 32) * b;
  *high = (u32x16)(even >> 32 | (odd & ~lower));
  *low = (u32x16)((even & lower) | odd << 32);
}

/// Writes the four words of the 16 blocks from `block`, a multiple of 16, on.
CGAD_INLINE void philox_x16(const stream *s, uint64_t block, u32x16 c[4]) {
  const u32x16 lanes = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  const u32x16 zero = {0};
  uint32_t k0 = s->key[0], k1 = s->key[1];
  c[0] = lanes + (uint32_t)block;
  c[1] = zero + (uint32_t)(block >> 32);
  c[2] = zero + s->step;
  c[3] = zero + s->source;
  for (int round = 0; round < 10; round++, k0 += WEYL_0, k1 += WEYL_1) {
    u32x16 p_high, p_low, q_high, q_low;
    multiply(c[0], MULTIPLIER_0, &p_high, &p_low);
    multiply(c[2], MULTIPLIER_1, &q_high, &q_low);
    c[0] = q_high ^ c[1] ^ k0;
    c[1] = q_low;
    c[2] = p_high ^ c[3] ^ k1;
    c[3] = p_low;
  }
}

/// Puts word j of block i, which is lane i of `v[j]`, at place 4i + j.
CGAD_INLINE void interleave(f32x16 v[4]) {
  f32x16 a = interleave_low(v[0], v[2]), b = interleave_low(v[1], v[3]);
  f32x16 c = interleave_high(v[0], v[2]), d = interleave_high(v[1], v[3]);
  v[0] = interleave_low(a, b);
  v[1] = interleave_high(a, b);
  v[2] = interleave_low(c, d);
  v[3] = interleave_high(c, d);
}

// MARK: Numbers

/// Returns the upper 24 bits as numbers in `[0, 1)`.
CGAD_INLINE f32x16 unit_interval(u32x16 words) {
  return __builtin_convertvector((i32x16)(words >> 8), f32x16) * 0x1p-24f;
}

/// Writes the 64 uniform numbers of elements `i ..< i + 64`, `i` being a multiple of 64.
CGAD_INLINE void uniform_x64(const stream *s, size_t i, f32x16 u[4]) {
  u32x16 words[4];
  philox_x16(s, i / 4, words);
  for (int j = 0; j < 4; j++) u[j] = unit_interval(words[j]);
  interleave(u);
}

/// Writes `radius` times the cosine and the sine of `turn` / 2³² of a full turn.
///
/// The upper two bits of `turn`, rounded, are the quarter; the polynomials are those of Cephes `sinf` and `cosf`.
CGAD_INLINE void polar(f32x16 radius, u32x16 turn, f32x16 *x, f32x16 *y) {
  u32x16 quarter = (turn + 0x20000000u) >> 30;
  f32x16 r = __builtin_convertvector((i32x16)(turn - (quarter << 30)), f32x16) * 1.46291808e-9f;
  f32x16 z = r * r;
  f32x16 sine = ((z * -1.9515295891e-4f + 8.3321608736e-3f) * z - 1.6666654611e-1f) * z * r + r;
  f32x16 cosine = (z * 2.443315711809948e-5f - 1.388731625493765e-3f) * z + 4.166664568298827e-2f;
  cosine = cosine * z * z - z * 0.5f + 1.0f;
  i32x16 odd = -(i32x16)(quarter & 1);
  u32x16 cosine_sign = ((quarter + 1) & 2) << 30, sine_sign = (quarter & 2) << 30;
  *x = (f32x16)((u32x16)choose(odd, sine, cosine) ^ cosine_sign) * radius;
  *y = (f32x16)((u32x16)choose(odd, cosine, sine) ^ sine_sign) * radius;
}

/// Returns √(-2 log u) for u = (w + ½) / 2³², which rounds to a number in `(0, 1]`.
CGAD_INLINE f32x16 radius(u32x16 w) {
  f32x16 u = __builtin_convertvector(w, f32x16) * 0x1p-32f + 0x1p-33f;
  return v_sqrt(v_log(u) * -2.0f);
}

/// Writes the 64 normal numbers of elements `i ..< i + 64`, `i` being a multiple of 64: words 0 and 1 of a block give
/// the radius and the angle of elements 0 and 1, words 2 and 3 those of elements 2 and 3.
///
/// Source: Box and Muller, "A note on the generation of random normal deviates", 1958.
CGAD_INLINE void normal_x64(const stream *s, size_t i, f32x16 z[4]) {
  u32x16 words[4];
  philox_x16(s, i / 4, words);
  polar(radius(words[0]), words[1], &z[0], &z[1]);
  polar(radius(words[2]), words[3], &z[2], &z[3]);
  interleave(z);
}

// MARK: Loops

typedef struct {
  stream stream;
  const float *x;
  float *y;
  float a, b, c;
} generation;

static size_t least(size_t a, size_t b) { return a < b ? a : b; }

/// Stores the lanes of `v` that are in `[i, end)`, lane 0 being element `i`.
CGAD_INLINE void store_until(float *y, size_t i, size_t end, f32x16 v) {
  if (i + LANES <= end) store(y + i, v);
  else if (i < end) store_first(y + i, v, end - i);
}

CGAD_INLINE f32x16 load_until(const float *x, size_t i, size_t end) {
  return i + LANES <= end ? load(x + i) : load_first(x + i, end - least(i, end), 0);
}

CGAD_CLONES static void dropout_body(void *context, size_t begin, size_t end, size_t chunk) {
  const generation *g = context;
  (void)chunk;
  for (size_t i = begin; i < end; i += 4 * LANES) {
    f32x16 u[4];
    uniform_x64(&g->stream, i, u);
    for (size_t j = 0; j < 4; j++) {
      f32x16 x = load_until(g->x, i + j * LANES, end);
      store_until(g->y, i + j * LANES, end, choose(u[j] >= g->a, x * g->b, splat(0.0f)));
    }
  }
}

int cgad_dropout(cgad_pool *pool, size_t n, const float *x, float rate, cgad_stream s, float *y) {
  if (!(rate >= 0 && rate <= 1)) return CGAD_BAD_ARGUMENT;
  float factor = rate < 1 ? (float)(1 / (1 - (double)rate)) : 0;
  generation g = {.stream = make_stream(s), .x = x, .y = y, .a = rate, .b = factor};
  cgad_parallel_for(pool, n, CGAD_GRAIN, dropout_body, &g);
  return CGAD_OK;
}

CGAD_CLONES static void uniform_body(void *context, size_t begin, size_t end, size_t chunk) {
  const generation *g = context;
  (void)chunk;
  for (size_t i = begin; i < end; i += 4 * LANES) {
    f32x16 u[4];
    uniform_x64(&g->stream, i, u);
    for (size_t j = 0; j < 4; j++)
      store_until(g->y, i + j * LANES, end, lesser(u[j] * g->b + g->a, splat(g->c)));
  }
}

/// Returns the greatest number below `x`, which is finite.
static float below(float x) {
  int32_t bits;
  if (x == 0) return -0x1p-149f;
  memcpy(&bits, &x, sizeof bits);
  bits += x > 0 ? -1 : 1;
  memcpy(&x, &bits, sizeof x);
  return x;
}

int cgad_random_uniform(cgad_pool *pool, size_t n, float low, float high, cgad_stream s, float *y) {
  float width = high - low;
  if (!(low <= high && width - width == 0)) return CGAD_BAD_ARGUMENT;
  float last = low == high ? low : below(high);
  generation g = {.stream = make_stream(s), .y = y, .a = low, .b = width, .c = last};
  cgad_parallel_for(pool, n, CGAD_GRAIN, uniform_body, &g);
  return CGAD_OK;
}

CGAD_CLONES static void normal_body(void *context, size_t begin, size_t end, size_t chunk) {
  const generation *g = context;
  (void)chunk;
  for (size_t i = begin; i < end; i += 4 * LANES) {
    f32x16 z[4];
    normal_x64(&g->stream, i, z);
    for (size_t j = 0; j < 4; j++) store_until(g->y, i + j * LANES, end, z[j] * g->b + g->a);
  }
}

void cgad_random_normal(cgad_pool *pool, size_t n, float mean, float deviation, cgad_stream s, float *y) {
  generation g = {.stream = make_stream(s), .y = y, .a = mean, .b = deviation};
  cgad_parallel_for(pool, n, CGAD_GRAIN, normal_body, &g);
}
