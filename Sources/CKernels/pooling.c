// Pooling and upsampling, plane by plane.

#include "pool.h"
#include "vector.h"

typedef struct {
  cgad_pooling p;
  const float *x, *dy;
  float *out;
} pooling;

/// The part of a window that lies inside the image.
typedef struct {
  size_t y, y_end, x, x_end;
} area;

// MARK: Geometry

/// Returns whether `out` is how often a window fits, none lying outside the image.
static bool fits(size_t in, size_t out, size_t window, size_t stride, size_t padding) {
  if (in < 1 || window < 1 || stride < 1 || padding > window / 2) return false;
  if (in > INT32_MAX || window > INT32_MAX) return false;
  return window <= in + 2 * padding && out == (in + 2 * padding - window) / stride + 1;
}

static int check(const cgad_pooling *p) {
  bool fits_y = fits(p->in_y, p->out_y, p->window_y, p->stride_y, p->padding_y);
  return fits_y && fits(p->in_x, p->out_x, p->window_x, p->stride_x, p->padding_x) ? CGAD_OK : CGAD_BAD_ARGUMENT;
}

static size_t after(size_t position, size_t padding) { return position > padding ? position - padding : 0; }

static size_t least(size_t a, size_t b) { return a < b ? a : b; }

static area window_at(const cgad_pooling *p, size_t oy, size_t ox) {
  size_t y = oy * p->stride_y, x = ox * p->stride_x;
  return (area){
    after(y, p->padding_y), least(after(y + p->window_y, p->padding_y), p->in_y), after(x, p->padding_x),
    least(after(x + p->window_x, p->padding_x), p->in_x),
  };
}

static size_t planes_per_chunk(const cgad_pooling *p) {
  return cgad_rows_per_chunk(p->in_y * p->in_x + p->out_y * p->out_x);
}

// MARK: Greatest

/// Returns the position of the first greatest element of a window, that of a NaN if there is one.
CGAD_INLINE size_t greatest(const float *plane, size_t width, area a) {
  size_t best = a.y * width + a.x;
  for (size_t y = a.y; y < a.y_end; y++) {
    for (size_t i = y * width + a.x; i < y * width + a.x_end; i++) {
      if (plane[i] > plane[best] || plane[i] != plane[i]) best = i;
    }
  }
  return best;
}

static void max_plane(const cgad_pooling *p, const float *x, float *y) {
  for (size_t oy = 0; oy < p->out_y; oy++)
    for (size_t ox = 0; ox < p->out_x; ox++) *y++ = x[greatest(x, p->in_x, window_at(p, oy, ox))];
}

static void max_body(void *context, size_t begin, size_t end, size_t chunk) {
  const pooling *t = context;
  (void)chunk;
  size_t in = t->p.in_y * t->p.in_x, out = t->p.out_y * t->p.out_x;
  for (size_t i = begin; i < end; i++) max_plane(&t->p, t->x + i * in, t->out + i * out);
}

int cgad_max_pool2d(cgad_pool *pool, const cgad_pooling *p, const float *x, float *y) {
  pooling t = {.p = *p, .x = x, .out = y};
  if (check(p) != CGAD_OK) return CGAD_BAD_ARGUMENT;
  cgad_parallel_for(pool, p->planes, planes_per_chunk(p), max_body, &t);
  return CGAD_OK;
}

static void max_gradient_plane(const cgad_pooling *p, const float *x, const float *dy, float *dx) {
  memset(dx, 0, p->in_y * p->in_x * sizeof(float));
  for (size_t oy = 0; oy < p->out_y; oy++)
    for (size_t ox = 0; ox < p->out_x; ox++) dx[greatest(x, p->in_x, window_at(p, oy, ox))] += *dy++;
}

static void max_gradient_body(void *context, size_t begin, size_t end, size_t chunk) {
  const pooling *t = context;
  (void)chunk;
  size_t in = t->p.in_y * t->p.in_x, out = t->p.out_y * t->p.out_x;
  for (size_t i = begin; i < end; i++) max_gradient_plane(&t->p, t->x + i * in, t->dy + i * out, t->out + i * in);
}

int cgad_max_pool2d_gradient(cgad_pool *pool, const cgad_pooling *p, const float *x, const float *dy, float *dx) {
  pooling t = {.p = *p, .x = x, .dy = dy, .out = dx};
  if (check(p) != CGAD_OK) return CGAD_BAD_ARGUMENT;
  cgad_parallel_for(pool, p->planes, planes_per_chunk(p), max_gradient_body, &t);
  return CGAD_OK;
}

// MARK: Mean

static double sum(const float *plane, size_t width, area a) {
  double total = 0;
  for (size_t y = a.y; y < a.y_end; y++)
    for (size_t i = y * width + a.x; i < y * width + a.x_end; i++) total += (double)plane[i];
  return total;
}

static void avg_plane(const cgad_pooling *p, const float *x, float *y) {
  double count = (double)p->window_y * (double)p->window_x;
  for (size_t oy = 0; oy < p->out_y; oy++)
    for (size_t ox = 0; ox < p->out_x; ox++) *y++ = (float)(sum(x, p->in_x, window_at(p, oy, ox)) / count);
}

static void avg_body(void *context, size_t begin, size_t end, size_t chunk) {
  const pooling *t = context;
  (void)chunk;
  size_t in = t->p.in_y * t->p.in_x, out = t->p.out_y * t->p.out_x;
  for (size_t i = begin; i < end; i++) avg_plane(&t->p, t->x + i * in, t->out + i * out);
}

int cgad_avg_pool2d(cgad_pool *pool, const cgad_pooling *p, const float *x, float *y) {
  pooling t = {.p = *p, .x = x, .out = y};
  if (check(p) != CGAD_OK) return CGAD_BAD_ARGUMENT;
  cgad_parallel_for(pool, p->planes, planes_per_chunk(p), avg_body, &t);
  return CGAD_OK;
}

CGAD_INLINE void add(float *plane, size_t width, area a, float value) {
  for (size_t y = a.y; y < a.y_end; y++)
    for (size_t i = y * width + a.x; i < y * width + a.x_end; i++) plane[i] += value;
}

static void avg_gradient_plane(const cgad_pooling *p, const float *dy, float *dx) {
  float count = (float)((double)p->window_y * (double)p->window_x);
  memset(dx, 0, p->in_y * p->in_x * sizeof(float));
  for (size_t oy = 0; oy < p->out_y; oy++)
    for (size_t ox = 0; ox < p->out_x; ox++) add(dx, p->in_x, window_at(p, oy, ox), *dy++ / count);
}

static void avg_gradient_body(void *context, size_t begin, size_t end, size_t chunk) {
  const pooling *t = context;
  (void)chunk;
  size_t in = t->p.in_y * t->p.in_x, out = t->p.out_y * t->p.out_x;
  for (size_t i = begin; i < end; i++) avg_gradient_plane(&t->p, t->dy + i * out, t->out + i * in);
}

int cgad_avg_pool2d_gradient(cgad_pool *pool, const cgad_pooling *p, const float *dy, float *dx) {
  pooling t = {.p = *p, .dy = dy, .out = dx};
  if (check(p) != CGAD_OK) return CGAD_BAD_ARGUMENT;
  cgad_parallel_for(pool, p->planes, planes_per_chunk(p), avg_gradient_body, &t);
  return CGAD_OK;
}

// MARK: Upsampling

typedef struct {
  size_t x, factor_y, factor_x;
  const float *in;
  float *out;
} upsampling;

/// Does rows of elements, which are of all planes.
static void upsample_body(void *context, size_t begin, size_t end, size_t chunk) {
  const upsampling *u = context;
  (void)chunk;
  size_t width = u->x * u->factor_x;
  for (size_t row = begin; row < end; row++) {
    float *first = u->out + row * u->factor_y * width, *out = first;
    for (size_t i = 0; i < u->x; i++)
      for (size_t j = 0; j < u->factor_x; j++) *out++ = u->in[row * u->x + i];
    for (size_t i = 1; i < u->factor_y; i++) memcpy(first + i * width, first, width * sizeof(float));
  }
}

void cgad_upsample_nearest(
  cgad_pool *pool, size_t planes, size_t y, size_t x, size_t factor_y, size_t factor_x, const float *in, float *out) {
  upsampling u = {x, factor_y, factor_x, in, out};
  cgad_parallel_for(pool, planes * y, cgad_rows_per_chunk(x * factor_x * factor_y), upsample_body, &u);
}

static void upsample_gradient_body(void *context, size_t begin, size_t end, size_t chunk) {
  const upsampling *u = context;
  (void)chunk;
  size_t width = u->x * u->factor_x;
  for (size_t row = begin; row < end; row++) {
    const float *first = u->in + row * u->factor_y * width;
    for (size_t i = 0; i < u->x; i++) {
      area a = {0, u->factor_y, i * u->factor_x, (i + 1) * u->factor_x};
      u->out[row * u->x + i] = (float)sum(first, width, a);
    }
  }
}

void cgad_upsample_nearest_gradient(
  cgad_pool *pool, size_t planes, size_t y, size_t x, size_t factor_y, size_t factor_x, const float *dout, float *din) {
  upsampling u = {x, factor_y, factor_x, dout, din};
  cgad_parallel_for(pool, planes * y, cgad_rows_per_chunk(x * factor_x * factor_y), upsample_gradient_body, &u);
}

// MARK: Bilinear upsampling

/// The two elements that one of the result lies between, and the share of the second.
typedef struct {
  size_t first, second;
  float share;
} mixture;

/// Returns what element `i` of an axis enlarged by `factor` is made of; those beyond the first and the last centre repeat
/// the border.
CGAD_INLINE mixture mixture_at(size_t i, size_t factor, size_t extent) {
  double centre = ((double)i + 0.5) / (double)factor - 0.5;
  double at = centre < 0 ? 0 : centre;
  size_t first = (size_t)at;
  return (mixture){first, least(first + 1, extent - 1), (float)(at - (double)first)};
}

typedef struct {
  size_t y, x, factor_y, factor_x;
  const float *in;
  float *out;
} enlargement;

/// Does rows of the result, which are of all planes.
static void bilinear_body(void *context, size_t begin, size_t end, size_t chunk) {
  const enlargement *e = context;
  (void)chunk;
  size_t rows = e->y * e->factor_y, columns = e->x * e->factor_x;
  for (size_t row = begin; row < end; row++) {
    const float *plane = e->in + row / rows * e->y * e->x;
    float *out = e->out + row * columns;
    mixture v = mixture_at(row % rows, e->factor_y, e->y);
    const float *top = plane + v.first * e->x, *bottom = plane + v.second * e->x;
    for (size_t j = 0; j < columns; j++) {
      mixture h = mixture_at(j, e->factor_x, e->x);
      float above = top[h.first] * (1 - h.share) + top[h.second] * h.share;
      float below = bottom[h.first] * (1 - h.share) + bottom[h.second] * h.share;
      out[j] = above * (1 - v.share) + below * v.share;
    }
  }
}

void cgad_upsample_bilinear(
  cgad_pool *pool, size_t planes, size_t y, size_t x, size_t factor_y, size_t factor_x, const float *in, float *out) {
  enlargement e = {y, x, factor_y, factor_x, in, out};
  cgad_parallel_for(pool, planes * y * factor_y, cgad_rows_per_chunk(x * factor_x), bilinear_body, &e);
}

static void bilinear_gradient_plane(const enlargement *e, const float *dout, float *din) {
  size_t rows = e->y * e->factor_y, columns = e->x * e->factor_x;
  memset(din, 0, e->y * e->x * sizeof(float));
  for (size_t i = 0; i < rows; i++) {
    mixture v = mixture_at(i, e->factor_y, e->y);
    float *top = din + v.first * e->x, *bottom = din + v.second * e->x;
    for (size_t j = 0; j < columns; j++) {
      mixture h = mixture_at(j, e->factor_x, e->x);
      float d = *dout++, above = d * (1 - v.share), below = d * v.share;
      top[h.first] += above * (1 - h.share);
      top[h.second] += above * h.share;
      bottom[h.first] += below * (1 - h.share);
      bottom[h.second] += below * h.share;
    }
  }
}

static void bilinear_gradient_body(void *context, size_t begin, size_t end, size_t chunk) {
  const enlargement *e = context;
  (void)chunk;
  size_t in = e->y * e->x, out = in * e->factor_y * e->factor_x;
  for (size_t i = begin; i < end; i++) bilinear_gradient_plane(e, e->in + i * out, e->out + i * in);
}

void cgad_upsample_bilinear_gradient(
  cgad_pool *pool, size_t planes, size_t y, size_t x, size_t factor_y, size_t factor_x, const float *dout, float *din) {
  enlargement e = {y, x, factor_y, factor_x, dout, din};
  cgad_parallel_for(pool, planes, cgad_rows_per_chunk(y * factor_y * x * factor_x), bilinear_gradient_body, &e);
}
