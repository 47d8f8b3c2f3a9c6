// Convolution by products of the weights with columns of pixels.
//
// The pixels that one pixel of the result reads, over the channels of its group, are a column of `depth` elements. A tile
// of columns is gathered into the caller's working memory, a part of it for each thread, and multiplied there, so that no buffer
// grows with the image. Tiles have sizes that depend on the geometry alone and are summed in order, so the thread count changes no bit.
// Convolutions of single pixels multiply the image where it lies.

#include "pool.h"
#include "vector.h"

#include <cblas.h>

/// The most elements of a tile.
#define TILE_ELEMENTS ((size_t)1 << 16)

/// The elements that the working memory of a thread is a multiple of: a cache line.
#define LINE_ELEMENTS ((size_t)16)

/// The columns of a tile where the depth is large.
#define TILE_COLUMNS ((size_t)128)

/// The columns of a part of an image that is multiplied where it lies.
#define DIRECT_COLUMNS ((size_t)2048)

/// The output channels of one task of the weights' gradient.
#define CHANNEL_BLOCK ((size_t)128)

/// The parts that the depth is split into for the weights' gradient.
#define DEPTH_PARTS ((size_t)8)

typedef struct {
  const cgad_convolution *c;
  const float *w, *dy;
  float *out;
  /// Where the channels of the image, or of its gradient, lie.
  cgad_channels image;
  /// Channels of a group, pixels of an image, and elements of a column.
  size_t in_group, out_group, in_area, out_area, window, depth;
  /// The tiles of one task and their greatest extents; `blocks` counts tasks of one image and group.
  size_t columns, rows, blocks;
  /// The number of tasks.
  size_t tasks;
  /// The working memory, and how many elements of it each chunk of the tasks has; none where `is_direct`.
  float *workspace;
  size_t tile;
  bool is_direct;
} convolution;

// MARK: Geometry

static size_t least(size_t a, size_t b) { return a < b ? a : b; }

static size_t parts(size_t extent, size_t part) { return extent / part + (extent % part != 0); }

/// Returns whether `out` is how often a window fits.
static bool fits(size_t in, size_t out, size_t window, size_t stride, size_t padding, size_t dilation) {
  if (in < 1 || window < 1 || stride < 1 || dilation < 1) return false;
  if (in > INT32_MAX || window > INT32_MAX || padding > INT32_MAX || dilation > INT32_MAX) return false;
  size_t span = dilation * (window - 1) + 1, padded = in + 2 * padding;
  return span <= padded && out == (padded - span) / stride + 1;
}

static bool product_fits(size_t a, size_t b, size_t *product) {
  return !__builtin_mul_overflow(a, b, product) && *product <= INT32_MAX;
}

/// Returns whether the parts of an image have all its channels; there may be several parts where there is one group.
static bool covers(const cgad_channels *image, const cgad_convolution *c) {
  if (image->count < 2) return true;
  size_t sum = 0;
  for (size_t i = 0; i < image->count; i++) {
    if (image->channels[i] > c->in_channels) return false;
    sum += image->channels[i];
  }
  return c->groups == 1 && sum == c->in_channels;
}

static int measure(convolution *t, const cgad_convolution *c) {
  if (!fits(c->in_y, c->out_y, c->window_y, c->stride_y, c->padding_y, c->dilation_y)) return CGAD_BAD_ARGUMENT;
  if (!fits(c->in_x, c->out_x, c->window_x, c->stride_x, c->padding_x, c->dilation_x)) return CGAD_BAD_ARGUMENT;
  if (c->groups < 1 || c->in_channels < 1 || c->out_channels < 1) return CGAD_BAD_ARGUMENT;
  if (c->in_channels % c->groups != 0 || c->out_channels % c->groups != 0) return CGAD_BAD_ARGUMENT;
  t->c = c;
  t->in_group = c->in_channels / c->groups;
  t->out_group = c->out_channels / c->groups;
  if (!product_fits(c->in_y, c->in_x, &t->in_area) || !product_fits(c->out_y, c->out_x, &t->out_area)) {
    return CGAD_TOO_LARGE;
  }
  if (!product_fits(c->window_y, c->window_x, &t->window) || !product_fits(t->window, t->in_group, &t->depth)) {
    return CGAD_TOO_LARGE;
  }
  if (t->out_group > INT32_MAX) return CGAD_TOO_LARGE;
  if (!covers(&t->image, c)) return CGAD_BAD_ARGUMENT;
  t->is_direct = t->image.count < 2 && t->window == 1 && c->stride_y == 1 && c->stride_x == 1 && c->padding_y == 0 && c->padding_x == 0;
  return CGAD_OK;
}

/// Sets the extents of tiles of whole depth, or of a part of it with `TILE_COLUMNS` columns.
static void set_tiles(convolution *t) {
  size_t columns = TILE_ELEMENTS / least(t->depth, TILE_ELEMENTS);
  t->columns = least(t->out_area, columns > TILE_COLUMNS ? columns : TILE_COLUMNS);
  t->rows = least(t->depth, TILE_ELEMENTS / t->columns);
}

/// Sets the tasks and tiles of `pass`.
static void divide(convolution *t, cgad_convolution_pass pass) {
  const cgad_convolution *c = t->c;
  switch (pass) {
  case cgad_convolution_forward:
    set_tiles(t);
    if (t->is_direct) t->columns = least(t->out_area, DIRECT_COLUMNS);
    t->blocks = parts(t->out_area, t->columns);
    t->tasks = c->images * c->groups * t->blocks;
    break;
  case cgad_convolution_input_gradient:
    set_tiles(t);
    t->blocks = least(DEPTH_PARTS, parts(t->in_group, 16));
    t->tasks = c->images * c->groups * t->blocks;
    break;
  case cgad_convolution_weight_gradient:
    // at most 256 rows, so that a tile has at least 256 columns where the image does
    t->rows = least(t->depth, least(parts(parts(t->depth, DEPTH_PARTS), 16) * 16, 256));
    t->columns = least(t->out_area, TILE_ELEMENTS / t->rows);
    t->blocks = parts(t->out_group, CHANNEL_BLOCK) * parts(t->depth, t->rows);
    t->tasks = c->images == 0 ? 0 : c->groups * t->blocks;
    break;
  }
  t->tile = t->is_direct ? 0 : parts(t->rows * t->columns, LINE_ELEMENTS) * LINE_ELEMENTS;
}

static size_t workspace_size(const convolution *t, int threads) {
  return cgad_task_chunks(threads, t->tasks) * t->tile * sizeof(float);
}

int cgad_conv2d_workspace(
  const cgad_convolution *c, cgad_convolution_pass pass, cgad_channels image, int threads, size_t *size) {
  if (threads < 1 || threads > CGAD_MAX_THREADS) return CGAD_BAD_ARGUMENT;
  convolution t = {.image = image};
  int status = measure(&t, c);
  if (status != CGAD_OK) return status;
  divide(&t, pass);
  *size = workspace_size(&t, threads);
  return CGAD_OK;
}

/// Measures and divides `pass`, and does its tasks.
static int run_tasks(
  convolution *t, cgad_pool *pool, const cgad_convolution *c, cgad_convolution_pass pass, cgad_memory memory,
  cgad_body *body) {
  int status = measure(t, c);
  if (status != CGAD_OK) return status;
  divide(t, pass);
  if (memory.size < workspace_size(t, cgad_pool_threads(pool))) return CGAD_BAD_ARGUMENT;
  t->workspace = memory.address;
  cgad_parallel_tasks(pool, t->tasks, body, t);
  return CGAD_OK;
}

/// Returns the working memory of chunk `chunk`, `tile` elements.
static float *tile_memory(const convolution *t, size_t chunk) {
  return t->is_direct ? NULL : t->workspace + chunk * t->tile;
}

// MARK: Columns

/// Where rows and columns of a tile lie: rows `[row, row_end)` of the depth, columns `[column, column_end)`.
typedef struct {
  size_t row, row_end, column, column_end;
} tile;

/// A run of pixels of one row of the result, and the row of pixels of the image that one element of the window reads
/// there: those before `low` and from `high` on lie outside the image.
typedef struct {
  size_t count, low, high;
  ptrdiff_t first;
  ptrdiff_t stride;
} run;

/// Returns the least `i` for which `first + i · stride` is not below `bound`.
static size_t first_at(ptrdiff_t first, size_t stride, ptrdiff_t bound) {
  return first >= bound ? 0 : parts((size_t)(bound - first), stride);
}

/// Returns the run of pixels from `column` on, at most up to `end`, for element `k` of the window.
static run run_at(const convolution *t, size_t k, size_t column, size_t end) {
  const cgad_convolution *c = t->c;
  size_t oy = column / c->out_x, ox = column % c->out_x;
  ptrdiff_t y = (ptrdiff_t)(oy * c->stride_y + k / c->window_x * c->dilation_y) - (ptrdiff_t)c->padding_y;
  ptrdiff_t x = (ptrdiff_t)(ox * c->stride_x + k % c->window_x * c->dilation_x) - (ptrdiff_t)c->padding_x;
  run r = {.count = least(c->out_x - ox, end - column), .stride = (ptrdiff_t)c->stride_x};
  bool is_inside = y >= 0 && y < (ptrdiff_t)c->in_y;
  r.low = is_inside ? least(first_at(x, c->stride_x, 0), r.count) : r.count;
  r.high = is_inside ? least(first_at(x, c->stride_x, (ptrdiff_t)c->in_x), r.count) : r.count;
  r.first = y * (ptrdiff_t)c->in_x + x;
  return r;
}

CGAD_CLONES static void gather_run(const run *r, const float *plane, float *out) {
  size_t n = r->high - r->low;
  const float *p = n == 0 ? plane : plane + r->first + (ptrdiff_t)r->low * r->stride;
  memset(out, 0, r->low * sizeof(float));
  if (r->stride == 1) memcpy(out + r->low, p, n * sizeof(float));
  else
    for (size_t i = 0; i < n; i++) out[r->low + i] = p[(ptrdiff_t)i * r->stride];
  memset(out + r->high, 0, (r->count - r->high) * sizeof(float));
}

CGAD_CLONES static void scatter_run(const run *r, const float *in, float *plane) {
  size_t n = r->high - r->low;
  if (n == 0) return;
  float *p = plane + r->first + (ptrdiff_t)r->low * r->stride;
  if (r->stride == 1) {
    for (size_t i = 0; i < n; i++) p[i] += in[r->low + i];
  } else {
    for (size_t i = 0; i < n; i++) p[(ptrdiff_t)i * r->stride] += in[r->low + i];
  }
}

/// Returns where channel `channel` of group `plane % groups` of image `plane / groups` lies.
static float *channel_plane(const convolution *t, size_t plane, size_t channel) {
  const cgad_channels *image = &t->image;
  if (image->count < 2) return image->parts[0] + (plane * t->in_group + channel) * t->in_area;
  size_t part = 0;
  for (; channel >= image->channels[part]; part++) channel -= image->channels[part];
  return image->parts[part] + (plane * image->channels[part] + channel) * t->in_area;
}

/// Gathers a tile of the columns of the channels of a group of an image.
static void gather_tile(const convolution *t, tile at, size_t image_plane, float *out) {
  for (size_t row = at.row; row < at.row_end; row++) {
    const float *plane = channel_plane(t, image_plane, row / t->window);
    for (size_t column = at.column; column < at.column_end;) {
      run r = run_at(t, row % t->window, column, at.column_end);
      gather_run(&r, plane, out);
      out += r.count;
      column += r.count;
    }
  }
}

/// Adds a tile of columns to the pixels they were gathered from.
static void scatter_tile(const convolution *t, tile at, const float *in, size_t image_plane) {
  for (size_t row = at.row; row < at.row_end; row++) {
    float *plane = channel_plane(t, image_plane, row / t->window);
    for (size_t column = at.column; column < at.column_end;) {
      run r = run_at(t, row % t->window, column, at.column_end);
      scatter_run(&r, in, plane);
      in += r.count;
      column += r.count;
    }
  }
}

// MARK: Products

typedef struct {
  const float *p;
  size_t stride;
  bool transposed;
} matrix;

/// Writes the product of `a`, `[m, k]`, and `b`, `[k, n]`, or adds it to `out`.
static void multiply(size_t m, size_t n, size_t k, matrix a, matrix b, bool adds, float *out, size_t stride) {
  cblas_sgemm(
    CblasRowMajor, a.transposed ? CblasTrans : CblasNoTrans, b.transposed ? CblasTrans : CblasNoTrans, (blasint)m,
    (blasint)n, (blasint)k, 1, a.p, (blasint)a.stride, b.p, (blasint)b.stride, adds ? 1 : 0, out, (blasint)stride);
}

// MARK: Forward

/// Computes columns `[begin, end)` of one image and group.
static void forward_tile(const convolution *t, size_t begin, size_t end, size_t plane, const float *w, float *y,
                         float *scratch) {
  size_t n = end - begin;
  if (t->is_direct) {
    matrix pixels = {channel_plane(t, plane, 0) + begin, t->in_area, false};
    return multiply(t->out_group, n, t->depth, (matrix){w, t->depth, false}, pixels, false, y + begin, t->out_area);
  }
  for (size_t row = 0; row < t->depth; row += t->rows) {
    tile at = {row, least(row + t->rows, t->depth), begin, end};
    gather_tile(t, at, plane, scratch);
    matrix weights = {w + row, t->depth, false}, columns = {scratch, n, false};
    multiply(t->out_group, n, at.row_end - row, weights, columns, row > 0, y + begin, t->out_area);
  }
}

static void forward_body(void *context, size_t begin, size_t end, size_t chunk) {
  const convolution *t = context;
  for (size_t i = begin; i < end; i++) {
    size_t column = i % t->blocks * t->columns, plane = i / t->blocks, group = plane % t->c->groups;
    forward_tile(
      t, column, least(column + t->columns, t->out_area), plane, t->w + group * t->out_group * t->depth,
      t->out + plane * t->out_group * t->out_area, tile_memory(t, chunk));
  }
}

int cgad_conv2d(
  cgad_pool *pool, const cgad_convolution *c, cgad_memory workspace, cgad_channels x, const float *w, float *y) {
  convolution t = {.image = x, .w = w, .out = y};
  return run_tasks(&t, pool, c, cgad_convolution_forward, workspace, forward_body);
}

// MARK: Gradient of the input

/// Computes the pixels of the channels whose columns are rows `[begin, end)` of the depth.
static void input_block(const convolution *t, size_t begin, size_t end, size_t plane, const float *dy, const float *w,
                        float *scratch) {
  matrix weights = {w + begin, t->depth, true};
  if (t->is_direct) {
    matrix pixels = {dy, t->out_area, false};
    float *dx = channel_plane(t, plane, begin);
    return multiply(end - begin, t->out_area, t->out_group, weights, pixels, false, dx, t->in_area);
  }
  for (size_t row = begin; row < end; row += t->window) {
    memset(channel_plane(t, plane, row / t->window), 0, t->in_area * sizeof(float));
  }
  for (size_t column = 0; column < t->out_area; column += t->columns) {
    size_t n = least(t->columns, t->out_area - column);
    matrix pixels = {dy + column, t->out_area, false};
    for (size_t row = begin; row < end; row += t->rows) {
      tile at = {row, least(row + t->rows, end), column, column + n};
      weights.p = w + row;
      multiply(at.row_end - row, n, t->out_group, weights, pixels, false, scratch, n);
      scatter_tile(t, at, scratch, plane);
    }
  }
}

static void input_body(void *context, size_t begin, size_t end, size_t chunk) {
  const convolution *t = context;
  size_t each = parts(t->in_group, t->blocks) * t->window;
  for (size_t i = begin; i < end; i++) {
    size_t row = i % t->blocks * each, plane = i / t->blocks, group = plane % t->c->groups;
    if (row >= t->depth) continue;
    input_block(
      t, row, least(row + each, t->depth), plane, t->dy + plane * t->out_group * t->out_area,
      t->w + group * t->out_group * t->depth, tile_memory(t, chunk));
  }
}

int cgad_conv2d_input_gradient(
  cgad_pool *pool, const cgad_convolution *c, cgad_memory workspace, const float *dy, const float *w,
  cgad_channels dx) {
  convolution t = {.dy = dy, .w = w, .image = dx};
  return run_tasks(&t, pool, c, cgad_convolution_input_gradient, workspace, input_body);
}

// MARK: Gradient of the weights

/// A block of the weights of a group: output channels and rows of the depth.
typedef struct {
  size_t channel, channel_end, row, row_end;
} weight_block;

/// Adds the columns `[column, column + n)` of one image to a block, or starts it.
static void weight_tile(const convolution *t, weight_block b, size_t column, size_t n, size_t plane, const float *dy,
                        bool adds, float *dw, float *scratch) {
  matrix gradients = {dy + b.channel * t->out_area + column, t->out_area, false};
  matrix columns = {scratch, n, true};
  if (t->is_direct) columns = (matrix){channel_plane(t, plane, b.row) + column, t->in_area, true};
  else gather_tile(t, (tile){b.row, b.row_end, column, column + n}, plane, scratch);
  float *out = dw + b.channel * t->depth + b.row;
  multiply(b.channel_end - b.channel, b.row_end - b.row, n, gradients, columns, adds, out, t->depth);
}

static void weight_task(const convolution *t, weight_block b, size_t group, float *scratch) {
  size_t groups = t->c->groups;
  float *dw = t->out + group * t->out_group * t->depth;
  for (size_t image = 0; image < t->c->images; image++) {
    size_t plane = image * groups + group;
    const float *dy = t->dy + plane * t->out_group * t->out_area;
    for (size_t column = 0; column < t->out_area; column += t->columns) {
      size_t n = least(t->columns, t->out_area - column);
      weight_tile(t, b, column, n, plane, dy, image + column > 0, dw, scratch);
    }
  }
}

static void weight_body(void *context, size_t begin, size_t end, size_t chunk) {
  const convolution *t = context;
  size_t channel_blocks = parts(t->out_group, CHANNEL_BLOCK), row_blocks = parts(t->depth, t->rows);
  for (size_t i = begin; i < end; i++) {
    size_t row = i % row_blocks * t->rows, channel = i / row_blocks % channel_blocks * CHANNEL_BLOCK;
    weight_block b = {
      channel, least(channel + CHANNEL_BLOCK, t->out_group), row, least(row + t->rows, t->depth),
    };
    weight_task(t, b, i / row_blocks / channel_blocks, tile_memory(t, chunk));
  }
}

int cgad_conv2d_weight_gradient(
  cgad_pool *pool, const cgad_convolution *c, cgad_memory workspace, cgad_channels x, const float *dy, float *dw) {
  convolution t = {.image = x, .dy = dy, .out = dw};
  int status = run_tasks(&t, pool, c, cgad_convolution_weight_gradient, workspace, weight_body);
  if (status == CGAD_OK && c->images == 0) memset(dw, 0, c->out_channels * t.depth * sizeof(float));
  return status;
}
