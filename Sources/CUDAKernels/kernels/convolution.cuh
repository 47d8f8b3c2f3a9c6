// Convolution by products of matrices that are gathered from images where they lie.
//
// A block of 256 threads computes 64 by 64 elements of a product, each thread 4 by 4. Each element is one chain of fused
// multiply-adds in ascending order of the inner index, unless that is cut into parts: so it differs from the exact sum by
// at most k · 2⁻²⁴ · Σ |a·b|, to first order, k being the inner extent.

#define CGAD_TILE 64
#define CGAD_DEPTH 16
#define CGAD_PITCH (CGAD_TILE + 4)

struct convolution {
  i64 images, groups, in_channels, out_channels, in_y, in_x, out_y, out_x, window_y, window_x, stride_y, stride_x,
    padding_y, padding_x, dilation_y, dilation_x;
};

#define CGAD_CONVOLUTION \
  i64 images, i64 groups, i64 in_channels, i64 out_channels, i64 in_y, i64 in_x, i64 out_y, i64 out_x, i64 window_y, \
    i64 window_x, i64 stride_y, i64 stride_x, i64 padding_y, i64 padding_x, i64 dilation_y, i64 dilation_x
#define CGAD_CONVOLUTION_OF \
  { images, groups, in_channels, out_channels, in_y, in_x, out_y, out_x, window_y, window_x, stride_y, stride_x, \
    padding_y, padding_x, dilation_y, dilation_x }

/// An index of channels and elements of a window, taken apart.
struct window_element {
  i64 channel, y, x;
};

CGAD_DEVICE window_element element_at(const convolution &c, i64 i) {
  i64 row = divide(i, c.window_x), channel = divide(row, c.window_y);
  window_element e = {channel, row - channel * c.window_y, i - row * c.window_x};
  return e;
}

/// Images whose channels lie in one tensor.
template <class T>
struct one_image {
  T *x;
};

/// Images whose channels lie in up to four tensors: channels below `end[0]` in the first one, and so on.
template <class T>
struct image_parts {
  T *x[4];
  i64 end[4];
};

/// Returns a channel of an image.
template <class T>
CGAD_DEVICE T *channel_plane(const convolution &c, const one_image<T> &x, i64 image, i64 channel) {
  return x.x + (image * c.in_channels + channel) * c.in_y * c.in_x;
}

template <class T>
CGAD_DEVICE T *channel_plane(const convolution &c, const image_parts<T> &x, i64 image, i64 channel) {
  i64 begin = 0, end = x.end[0];
  T *part = x.x[0];
  CGAD_UNROLL
  for (int i = 1; i < 4; i++) {
    if (channel >= end) {
      begin = end;
      end = x.end[i];
      part = x.x[i];
    }
  }
  return part + (image * (end - begin) + channel - begin) * c.in_y * c.in_x;
}

/// Returns the pixel of `x` that element `e` of the window at `p` of the result reads in group `g`; 0 outside the image.
template <class I>
CGAD_DEVICE float image_at(const convolution &c, const I &x, i64 g, const pixel &p, const window_element &e) {
  i64 iy = p.y * c.stride_y + e.y * c.dilation_y - c.padding_y, ix = p.x * c.stride_x + e.x * c.dilation_x - c.padding_x;
  if (iy < 0 || iy >= c.in_y || ix < 0 || ix >= c.in_x) return 0.0f;
  return channel_plane(c, x, p.image, g * (c.in_channels / c.groups) + e.channel)[iy * c.in_x + ix];
}

/// Adds to `sums` the product of `a(k)`, of this thread's row, and `b(k)`, of its column, over the inner indices
/// `[k, end)`. This thread gathers for row and column `threadIdx.x % 64` of the tile.
template <class A, class B>
CGAD_DEVICE void multiply_gathered(float (&sums)[4][4], i64 k, i64 end, float *panels, A a, B b) {
  constexpr int size = CGAD_DEPTH * CGAD_PITCH;
  int t = (int)threadIdx.x, outer = t % CGAD_TILE, inner = t / CGAD_TILE * 4;
  int row = t / 16 * 4, column = t % 16 * 4;
  for (; k < end; k += CGAD_DEPTH) {
    float u[4], v[4];
    CGAD_UNROLL
    for (int j = 0; j < 4; j++) {
      i64 i = k + inner + j;
      u[j] = i < end ? a(i) : 0.0f;
      v[j] = i < end ? b(i) : 0.0f;
    }
    __syncthreads();
    CGAD_UNROLL
    for (int j = 0; j < 4; j++) {
      panels[(inner + j) * CGAD_PITCH + outer] = u[j];
      panels[size + (inner + j) * CGAD_PITCH + outer] = v[j];
    }
    __syncthreads();
    CGAD_UNROLL
    for (int i = 0; i < CGAD_DEPTH; i++) {
      pack<float> p = *(const pack<float> *)(panels + i * CGAD_PITCH + row);
      pack<float> q = *(const pack<float> *)(panels + size + i * CGAD_PITCH + column);
      CGAD_UNROLL
      for (int x = 0; x < 4; x++) {
        CGAD_UNROLL
        for (int y = 0; y < 4; y++) sums[x][y] = fused(p.v[x], q.v[y], sums[x][y]);
      }
    }
  }
}

/// Defines a kernel of a convolution. Blocks along x take the tiles of one group after the other, those along y parts of the
/// inner index, of `part` elements.
#define CGAD_CONVOLUTION_KERNEL(name, ...) CGAD_BOUNDED_KERNEL(name, 256, 2, CGAD_CONVOLUTION, __VA_ARGS__)

/// What the kernels begin with: the group and this block's first row and column of a product of `m` rows and `n` columns.
#define CGAD_CONVOLUTION_TILE(m, n) \
  __shared__ __align__(16) float panels[2 * CGAD_DEPTH * CGAD_PITCH]; \
  convolution c = CGAD_CONVOLUTION_OF; \
  i64 in_group = in_channels / groups, out_group = out_channels / groups, depth = in_group * window_y * window_x; \
  i64 down = ((m) + CGAD_TILE - 1) / CGAD_TILE, across = ((n) + CGAD_TILE - 1) / CGAD_TILE; \
  i64 g = blockIdx.x / across / down; \
  i64 first_row = blockIdx.x / across % down * CGAD_TILE, first_column = blockIdx.x % across * CGAD_TILE; \
  i64 row = first_row + threadIdx.x % CGAD_TILE, column = first_column + threadIdx.x % CGAD_TILE; \
  float sums[4][4] = {}

/// Calls `put(row, column, value)` for this thread's elements of a product of `m` rows and `n` columns.
template <class F>
CGAD_DEVICE void put_tile(
  const float (&sums)[4][4], i64 first_row, i64 first_column, i64 m, i64 n, F put) {
  CGAD_UNROLL
  for (int x = 0; x < 4; x++) {
    CGAD_UNROLL
    for (int y = 0; y < 4; y++) {
      i64 i = first_row + threadIdx.x / 16 * 4 + x, j = first_column + threadIdx.x % 16 * 4 + y;
      if (i < m && j < n) put(i, j, sums[x][y]);
    }
  }
}

/// The arguments of a kernel whose images lie in parts.
#define CGAD_IMAGE_PARTS(type) \
  i64 end0, i64 end1, i64 end2, i64 end3, type *x0, type *x1, type *x2, type *x3
#define CGAD_IMAGE_PARTS_OF \
  { {x0, x1, x2, x3}, {end0, end1, end2, end3} }

/// What the kernels of the convolution do.
#define CGAD_CONVOLUTION_FORWARD(images_) \
  i64 area = out_y * out_x, n = images * area; \
  CGAD_CONVOLUTION_TILE(out_group, n); \
  pixel p = pixel_at(column, out_y, out_x); \
  const float *weights = w + (g * out_group + row) * depth; \
  multiply_gathered( \
    sums, 0, depth, panels, [&](i64 k) -> float { return row < out_group ? weights[k] : 0.0f; }, \
    [&](i64 k) -> float { return column < n ? image_at(c, images_, g, p, element_at(c, k)) : 0.0f; }); \
  put_tile(sums, first_row, first_column, out_group, n, [&](i64 i, i64 j, float v) { \
    i64 image = divide(j, area); \
    y[(image * out_channels + g * out_group + i) * area + (j - image * area)] = v; \
  });

CGAD_CONVOLUTION_KERNEL(cgad_cuda_conv2d, const float *x, const float *w, float *y) {
  one_image<const float> image_of = {x};
  CGAD_CONVOLUTION_FORWARD(image_of)
}

CGAD_CONVOLUTION_KERNEL(cgad_cuda_conv2d_of_parts, CGAD_IMAGE_PARTS(const float), const float *w, float *y) {
  image_parts<const float> image_of = CGAD_IMAGE_PARTS_OF;
  CGAD_CONVOLUTION_FORWARD(image_of)
}

/// Returns the element of `dy` whose window has pixel `p` of the image as its element `e`; 0 if there is none.
CGAD_DEVICE float result_at(const convolution &c, const float *dy, i64 g, const pixel &p, const window_element &e) {
  i64 y = p.y + c.padding_y - e.y * c.dilation_y, x = p.x + c.padding_x - e.x * c.dilation_x;
  if (y < 0 || x < 0) return 0.0f;
  i64 oy = divide(y, c.stride_y), ox = divide(x, c.stride_x);
  if (oy * c.stride_y != y || ox * c.stride_x != x || oy >= c.out_y || ox >= c.out_x) return 0.0f;
  i64 plane = p.image * c.out_channels + g * (c.out_channels / c.groups) + e.channel;
  return dy[(plane * c.out_y + oy) * c.out_x + ox];
}

/// What the kernels of the gradient of images do.
#define CGAD_CONVOLUTION_BACKWARD(images_) \
  i64 area = in_y * in_x, n = images * area, window = window_y * window_x; \
  CGAD_CONVOLUTION_TILE(in_group, n); \
  pixel p = pixel_at(column, in_y, in_x); \
  const float *weights = w + g * out_group * depth + row * window; \
  multiply_gathered( \
    sums, 0, out_group * window, panels, \
    [&](i64 k) -> float { \
      i64 channel = divide(k, window); \
      return row < in_group ? weights[channel * depth + (k - channel * window)] : 0.0f; \
    }, \
    [&](i64 k) -> float { return column < n ? result_at(c, dy, g, p, element_at(c, k)) : 0.0f; }); \
  put_tile(sums, first_row, first_column, in_group, n, [&](i64 i, i64 j, float v) { \
    i64 image = divide(j, area); \
    channel_plane(c, images_, image, g * in_group + i)[j - image * area] = v; \
  });

CGAD_CONVOLUTION_KERNEL(cgad_cuda_conv_transpose2d, const float *dy, const float *w, float *dx) {
  one_image<float> image_of = {dx};
  CGAD_CONVOLUTION_BACKWARD(image_of)
}

CGAD_CONVOLUTION_KERNEL(cgad_cuda_conv2d_input_grads, CGAD_IMAGE_PARTS(float), const float *dy, const float *w) {
  image_parts<float> image_of = CGAD_IMAGE_PARTS_OF;
  CGAD_CONVOLUTION_BACKWARD(image_of)
}

/// What the kernels of the gradient of weights do.
#define CGAD_CONVOLUTION_WEIGHTS(images_) \
  i64 area = out_y * out_x, first = blockIdx.y * part; \
  CGAD_CONVOLUTION_TILE(out_group, depth); \
  window_element e = element_at(c, column); \
  const float *gradients = dy + (g * out_group + row) * area; \
  multiply_gathered( \
    sums, first, least(first + part, images * area), panels, \
    [&](i64 k) -> float { \
      i64 image = divide(k, area); \
      return row < out_group ? gradients[image * out_channels * area + (k - image * area)] : 0.0f; \
    }, \
    [&](i64 k) -> float { return column < depth ? image_at(c, images_, g, pixel_at(k, out_y, out_x), e) : 0.0f; }); \
  float *target = dw + blockIdx.y * out_channels * depth + g * out_group * depth; \
  put_tile(sums, first_row, first_column, out_group, depth, [&](i64 i, i64 j, float v) { target[i * depth + j] = v; });

CGAD_CONVOLUTION_KERNEL(cgad_cuda_conv2d_weight_grad, const float *x, const float *dy, float *dw, i64 part) {
  one_image<const float> image_of = {x};
  CGAD_CONVOLUTION_WEIGHTS(image_of)
}

CGAD_CONVOLUTION_KERNEL(
  cgad_cuda_conv2d_weight_grad_of_parts, CGAD_IMAGE_PARTS(const float), const float *dy, float *dw, i64 part) {
  image_parts<const float> image_of = CGAD_IMAGE_PARTS_OF;
  CGAD_CONVOLUTION_WEIGHTS(image_of)
}
