// Convolution by products of matrices that are gathered from images where they lie; see tiles.cuh for how they are multiplied.
//
// Where an inner index lies is the same for all rows and columns: one warp computes it for each panel, in turns.

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

/// Returns how far it is from a channel of one image to that of the next one.
template <class T>
CGAD_DEVICE i64 image_stride(const convolution &c, const one_image<T> &, i64) {
  return c.in_channels * c.in_y * c.in_x;
}

template <class T>
CGAD_DEVICE i64 image_stride(const convolution &c, const image_parts<T> &x, i64 channel) {
  i64 begin = 0, end = x.end[0];
  CGAD_UNROLL
  for (int i = 1; i < 4; i++) {
    if (channel >= end) {
      begin = end;
      end = x.end[i];
    }
  }
  return (end - begin) * c.in_y * c.in_x;
}

/// A row that is outside any image, wherever a window moves it.
constexpr int outside = -0x40000000;

/// What all rows and columns have in common at an inner index: what its operands' addresses and pixels begin with.
struct inner_place {
  i64 left, right;
  int y, x;
};

/// The row, or the column, that this thread gathers for, in the tile: `extent` is that of the tile, `along_inner` says that
/// threads take pairs of four inner indices, or else that neighbours take neighbouring columns.
template <class T, int extent, bool along_inner>
CGAD_DEVICE int gathered() {
  int t = (int)threadIdx.x;
  return along_inner ? t / 2 % extent : t % extent;
}

/// The inner index, in a panel, of element `i` of this thread.
template <class T, int extent, bool along_inner>
CGAD_DEVICE int gathered_inner(int i) {
  int t = (int)threadIdx.x;
  if constexpr (along_inner) return t % 2 * 4 + t / (2 * extent) * 8 + i / 4 * (T::threads / (2 * extent) * 8) + i % 4;
  return t / extent * (extent * T::depth / T::threads) + i;
}

/// Adds to `sums` the products of `left(p, k)`, of the row that this thread gathers for, and of `right(p)`, of its column, over
/// the inner indices `[first, end)`; `p` is `place(k)`, which may be outside. The columns are gathered `along_inner` or not.
template <class T, bool along_inner, class P, class L, class R>
CGAD_DEVICE void multiply_gathered(
  float (&sums)[8][T::own], i64 first, i64 end, float *panels, inner_place *places, P place, L left, R right) {
  constexpr int left_count = T::rows * T::depth / T::threads, right_count = T::columns * T::depth / T::threads;
  float u[left_count], v[right_count];
  int row = gathered<T, T::rows, true>(), column = gathered<T, T::columns, along_inner>();
  int panel = 0, count = (int)((end - first + T::depth - 1) / T::depth);
  int rest = (int)(end - first - (i64)(count - 1) * T::depth);
  auto inner_indices = [&](int i) -> int { return i < count - 1 ? T::depth : i < count ? rest : 0; };
  auto note = [&](int i) {
    int lane = (int)threadIdx.x % 32;
    i64 k = first + (i64)i * T::depth + lane;
    if ((int)threadIdx.x / 32 == i % (T::threads / 32) && lane < inner_indices(i))
      places[i % 2 * T::depth + lane] = place(k);
  };
  note(0);
  __syncthreads();
  accumulate<T>(
    sums, panels, count,
    [&]() {
      const inner_place *now = places + panel % 2 * T::depth;
      i64 k = first + (i64)panel * T::depth;
      int inside = inner_indices(panel);
      CGAD_UNROLL
      for (int i = 0; i < left_count; i++) {
        int inner = gathered_inner<T, T::rows, true>(i);
        u[i] = inner < inside ? left(now[inner], k + inner) : 0.0f;
      }
      CGAD_UNROLL
      for (int i = 0; i < right_count; i++) {
        int inner = gathered_inner<T, T::columns, along_inner>(i);
        v[i] = inner < inside ? right(now[inner]) : 0.0f;
      }
      note(++panel);
    },
    [&](float *to) {
      CGAD_UNROLL
      for (int i = 0; i < left_count; i++) to[gathered_inner<T, T::rows, true>(i) * T::left_pitch + row] = u[i];
      CGAD_UNROLL
      for (int i = 0; i < right_count; i++)
        to[T::left_size + gathered_inner<T, T::columns, along_inner>(i) * T::right_pitch + column] = v[i];
    });
  add_slices<T>(sums, panels);
}

/// Defines a kernel of a convolution by tiles of a kind. Blocks along x take the tiles of one group after the other, those along
/// y parts of the inner index, of `part` elements.
#define CGAD_CONVOLUTION_KERNEL(name, tile_, blocks, ...) \
  CGAD_BOUNDED_KERNEL(name, tile_::threads, blocks, CGAD_CONVOLUTION, __VA_ARGS__)

/// What the kernels begin with: the group and this block's first row and column of a product of `m` rows and `n` columns.
#define CGAD_CONVOLUTION_TILE(tile_, m, n) \
  CGAD_PANELS(tile_); \
  __shared__ inner_place places[2 * tile_::depth]; \
  convolution c = CGAD_CONVOLUTION_OF; \
  i64 in_group = in_channels / groups, out_group = out_channels / groups, depth = in_group * window_y * window_x; \
  i64 down = ((m) + tile_::rows - 1) / tile_::rows, across = ((n) + tile_::columns - 1) / tile_::columns; \
  i64 g = divide(divide(blockIdx.x, across), down); \
  i64 first_row = (divide(blockIdx.x, across) - g * down) * tile_::rows; \
  i64 first_column = (blockIdx.x - divide(blockIdx.x, across) * across) * tile_::columns; \
  i64 row = first_row + gathered<tile_, tile_::rows, true>(); \
  float sums[8][tile_::own] = {}

/// The arguments of a kernel whose images lie in parts.
#define CGAD_IMAGE_PARTS(type) \
  i64 end0, i64 end1, i64 end2, i64 end3, type *x0, type *x1, type *x2, type *x3
#define CGAD_IMAGE_PARTS_OF \
  { {x0, x1, x2, x3}, {end0, end1, end2, end3} }

/// What the kernels of the convolution do. The left operand is the weights; a place has the address of the channel's first
/// element in the first image, moved to the window's element, and how far it is from one image to the next.
#define CGAD_CONVOLUTION_FORWARD(tile_, images_) \
  i64 area = out_y * out_x, n = images * area; \
  CGAD_CONVOLUTION_TILE(tile_, out_group, n); \
  i64 column = first_column + gathered<tile_, tile_::columns, false>(); \
  pixel p = pixel_at(column, out_y, out_x); \
  int top = column < n ? (int)(p.y * stride_y - padding_y) : outside, side = (int)(p.x * stride_x - padding_x); \
  i64 at = (i64)top * in_x + side; \
  const float *weights = w + (g * out_group + row) * depth; \
  multiply_gathered<tile_, false>( \
    sums, 0, depth, panels, places, \
    [&](i64 k) -> inner_place { \
      window_element e = element_at(c, k); \
      i64 channel = g * in_group + e.channel; \
      const float *plane = channel_plane(c, images_, 0, channel); \
      int y = (int)(e.y * dilation_y), x = (int)(e.x * dilation_x); \
      inner_place r = {(i64)(plane + (i64)y * in_x + x), image_stride(c, images_, channel), y, x}; \
      return r; \
    }, \
    [&](const inner_place &, i64 k) -> float { return row < out_group ? weights[k] : 0.0f; }, \
    [&](const inner_place &e) -> float { \
      if ((u32)(top + e.y) >= (u32)in_y || (u32)(side + e.x) >= (u32)in_x) return 0.0f; \
      return ((const float *)e.left)[p.image * e.right + at]; \
    }); \
  put_sums<tile_>( \
    sums, first_row, first_column, out_group, n, area % 4 == 0 && is_packed(y), false, [&](i64 i, i64 j) -> float * { \
      i64 image = divide(j, area); \
      return y + (image * out_channels + g * out_group + i) * area + (j - image * area); \
    });

/// Returns `y / stride` if that is a whole number, or else a number that is outside.
CGAD_DEVICE int unstrided(int y, int stride) {
  int o = (int)((u32)y / (u32)stride);
  return y >= 0 && o * stride == y ? o : outside;
}

/// What the kernels of the gradient of images do. A place has where the channel's weights are, and its gradients in the first
/// image.
#define CGAD_CONVOLUTION_BACKWARD(tile_, images_) \
  i64 area = in_y * in_x, n = images * area, window = window_y * window_x, out_area = out_y * out_x; \
  CGAD_CONVOLUTION_TILE(tile_, in_group, n); \
  i64 column = first_column + gathered<tile_, tile_::columns, false>(); \
  pixel p = pixel_at(column, in_y, in_x); \
  int bottom = column < n ? (int)(p.y + padding_y) : outside, side = (int)(p.x + padding_x); \
  const float *gradients = dy + (p.image * out_channels + g * out_group) * out_area; \
  const float *weights = w + g * out_group * depth + row * window; \
  multiply_gathered<tile_, false>( \
    sums, 0, out_group * window, panels, places, \
    [&](i64 k) -> inner_place { \
      window_element e = element_at(c, k); \
      inner_place r = { \
        e.channel * depth + (k - e.channel * window), e.channel * out_area, (int)(e.y * dilation_y), (int)(e.x * dilation_x)}; \
      return r; \
    }, \
    [&](const inner_place &e, i64) -> float { return row < in_group ? weights[e.left] : 0.0f; }, \
    [&](const inner_place &e) -> float { \
      int oy = bottom - e.y, ox = side - e.x; \
      if (stride_y != 1) oy = unstrided(oy, (int)stride_y); \
      if (stride_x != 1) ox = unstrided(ox, (int)stride_x); \
      if ((u32)oy >= (u32)out_y || (u32)ox >= (u32)out_x) return 0.0f; \
      return gradients[e.right + (i64)oy * out_x + ox]; \
    }); \
  put_sums<tile_>( \
    sums, first_row, first_column, in_group, n, area % 4 == 0 && is_packed(channel_plane(c, images_, 0, 0)), false, \
    [&](i64 i, i64 j) -> float * { \
      i64 image = divide(j, area); \
      return channel_plane(c, images_, image, g * in_group + i) + (j - image * area); \
    });

/// What the kernels of the gradient of weights do. A place has where gradients lie, the image, and the first pixel of the window.
#define CGAD_CONVOLUTION_WEIGHTS(tile_, images_) \
  i64 area = out_y * out_x, begin = blockIdx.y * part; \
  CGAD_CONVOLUTION_TILE(tile_, out_group, depth); \
  i64 column = first_column + gathered<tile_, tile_::columns, true>(); \
  window_element e = element_at(c, least(column, depth - 1)); \
  int down_by = column < depth ? (int)(e.y * dilation_y) : outside, aside_by = (int)(e.x * dilation_x); \
  const float *plane = channel_plane(c, images_, 0, g * in_group + e.channel); \
  i64 stride = image_stride(c, images_, g * in_group + e.channel); \
  const float *gradients = dy + (g * out_group + row) * area; \
  multiply_gathered<tile_, true>( \
    sums, begin, least(begin + part, images * area), panels, places, \
    [&](i64 k) -> inner_place { \
      pixel p = pixel_at(k, out_y, out_x); \
      inner_place r = { \
        p.image * out_channels * area + (k - p.image * area), p.image, (int)(p.y * stride_y - padding_y), \
        (int)(p.x * stride_x - padding_x)}; \
      return r; \
    }, \
    [&](const inner_place &p, i64) -> float { return row < out_group ? gradients[p.left] : 0.0f; }, \
    [&](const inner_place &p) -> float { \
      int iy = p.y + down_by, ix = p.x + aside_by; \
      if ((u32)iy >= (u32)in_y || (u32)ix >= (u32)in_x) return 0.0f; \
      return plane[p.right * stride + (i64)iy * in_x + ix]; \
    }); \
  float *target = dw + blockIdx.y * out_channels * depth + g * out_group * depth; \
  put_sums<tile_>( \
    sums, first_row, first_column, out_group, depth, depth % 4 == 0 && is_packed(dw), false, \
    [&](i64 i, i64 j) -> float * { return target + i * depth + j; });

/// The blocks of medium tiles that a multiprocessor should hold: three spill on the architecture 12.0.
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 1200
#define CGAD_MEDIUM_BLOCKS 2
#else
#define CGAD_MEDIUM_BLOCKS 3
#endif

/// Defines the kernels by tiles of a kind; those whose name ends in `of_parts`, and the gradients of images, are of images whose
/// channels lie in parts.
#define CGAD_CONVOLUTIONS(size, tile_, blocks) \
  CGAD_CONVOLUTION_KERNEL(cgad_cuda_conv2d_##size, tile_, blocks, const float *x, const float *w, float *y) { \
    one_image<const float> image_of = {x}; \
    CGAD_CONVOLUTION_FORWARD(tile_, image_of) \
  } \
  CGAD_CONVOLUTION_KERNEL( \
    cgad_cuda_conv2d_##size##_of_parts, tile_, blocks, CGAD_IMAGE_PARTS(const float), const float *w, float *y) { \
    image_parts<const float> image_of = CGAD_IMAGE_PARTS_OF; \
    CGAD_CONVOLUTION_FORWARD(tile_, image_of) \
  } \
  CGAD_CONVOLUTION_KERNEL(cgad_cuda_conv_transpose2d_##size, tile_, blocks, const float *dy, const float *w, float *dx) { \
    one_image<float> image_of = {dx}; \
    CGAD_CONVOLUTION_BACKWARD(tile_, image_of) \
  } \
  CGAD_CONVOLUTION_KERNEL( \
    cgad_cuda_conv2d_input_grads_##size, tile_, blocks, CGAD_IMAGE_PARTS(float), const float *dy, const float *w) { \
    image_parts<float> image_of = CGAD_IMAGE_PARTS_OF; \
    CGAD_CONVOLUTION_BACKWARD(tile_, image_of) \
  }

#define CGAD_WEIGHT_GRADIENTS(size, tile_, blocks, blocks_of_parts) \
  CGAD_CONVOLUTION_KERNEL( \
    cgad_cuda_conv2d_weight_grad_##size, tile_, blocks, const float *x, const float *dy, float *dw, i64 part) { \
    one_image<const float> image_of = {x}; \
    CGAD_CONVOLUTION_WEIGHTS(tile_, image_of) \
  } \
  CGAD_CONVOLUTION_KERNEL( \
    cgad_cuda_conv2d_weight_grad_##size##_of_parts, tile_, blocks_of_parts, CGAD_IMAGE_PARTS(const float), const float *dy, \
    float *dw, i64 part) { \
    image_parts<const float> image_of = CGAD_IMAGE_PARTS_OF; \
    CGAD_CONVOLUTION_WEIGHTS(tile_, image_of) \
  }

CGAD_CONVOLUTIONS(square, square_tile, 1)
CGAD_CONVOLUTIONS(medium, medium_tile, CGAD_MEDIUM_BLOCKS)
CGAD_CONVOLUTIONS(narrow, narrow_tile, 3)
CGAD_WEIGHT_GRADIENTS(square, square_tile, 1, 1)
CGAD_WEIGHT_GRADIENTS(narrow, narrow_tile, CGAD_SMALL_BLOCKS + 1, 2)
