// Pooling and upsampling. Gradients gather, in the order in which the processor's kernels scatter.

/// The extents of images, of results and of windows, and how these move.
struct pooling {
  i64 in_y, in_x, out_y, out_x, window_y, window_x, stride_y, stride_x, padding_y, padding_x;
};

#define CGAD_POOLING \
  i64 in_y, i64 in_x, i64 out_y, i64 out_x, i64 window_y, i64 window_x, i64 stride_y, i64 stride_x, i64 padding_y, \
    i64 padding_x
#define CGAD_POOLING_OF \
  { in_y, in_x, out_y, out_x, window_y, window_x, stride_y, stride_x, padding_y, padding_x }

/// An index of pixels of all images, taken apart.
struct pixel {
  i64 image, y, x;
};

CGAD_DEVICE pixel pixel_at(i64 i, i64 rows, i64 columns) {
  i64 row = divide(i, columns), image = divide(row, rows);
  pixel p = {image, row - image * rows, i - row * columns};
  return p;
}

/// The part of a window that lies inside the image.
struct area {
  i64 y, y_end, x, x_end;
};

CGAD_DEVICE i64 after(i64 position, i64 padding) { return position > padding ? position - padding : 0; }

CGAD_DEVICE area window_at(const pooling &p, i64 oy, i64 ox) {
  i64 y = oy * p.stride_y, x = ox * p.stride_x;
  area a = {
    after(y, p.padding_y), least(after(y + p.window_y, p.padding_y), p.in_y), after(x, p.padding_x),
    least(after(x + p.window_x, p.padding_x), p.in_x),
  };
  return a;
}

/// Returns the first window along an axis that pixel `i` may lie in.
CGAD_DEVICE i64 first_window(i64 i, i64 window, i64 stride, i64 padding) {
  i64 first = i + padding - window + 1;
  return first <= 0 ? 0 : divide(first + stride - 1, stride);
}

/// Returns the windows that pixel `at` lies in.
CGAD_DEVICE area windows_of(const pooling &p, const pixel &at) {
  area a = {
    first_window(at.y, p.window_y, p.stride_y, p.padding_y), least(divide(at.y + p.padding_y, p.stride_y) + 1, p.out_y),
    first_window(at.x, p.window_x, p.stride_x, p.padding_x), least(divide(at.x + p.padding_x, p.stride_x) + 1, p.out_x),
  };
  return a;
}

/// Returns the position of the first greatest element of a window, that of the last NaN if there is one.
CGAD_DEVICE i64 greatest(const float *plane, i64 width, const area &a) {
  i64 best = a.y * width + a.x;
  for (i64 y = a.y; y < a.y_end; y++)
    for (i64 i = y * width + a.x; i < y * width + a.x_end; i++)
      if (plane[i] > plane[best] || plane[i] != plane[i]) best = i;
  return best;
}

CGAD_KERNEL(cgad_cuda_max_pool2d, i64 n, const float *x, float *y, CGAD_POOLING) {
  pooling p = CGAD_POOLING_OF;
  for (i64 i = global_thread(); i < n; i += global_threads()) {
    pixel at = pixel_at(i, out_y, out_x);
    const float *plane = x + at.image * in_y * in_x;
    y[i] = plane[greatest(plane, in_x, window_at(p, at.y, at.x))];
  }
}

CGAD_KERNEL(cgad_cuda_max_pool2d_grad, i64 n, const float *x, const float *dy, float *dx, CGAD_POOLING) {
  pooling p = CGAD_POOLING_OF;
  for (i64 i = global_thread(); i < n; i += global_threads()) {
    pixel at = pixel_at(i, in_y, in_x);
    const float *image = x + at.image * in_y * in_x, *d = dy + at.image * out_y * out_x;
    area w = windows_of(p, at);
    float sum = 0.0f;
    for (i64 oy = w.y; oy < w.y_end; oy++)
      for (i64 ox = w.x; ox < w.x_end; ox++)
        if (greatest(image, in_x, window_at(p, oy, ox)) == at.y * in_x + at.x) sum += d[oy * out_x + ox];
    dx[i] = sum;
  }
}

CGAD_DEVICE double sum_of_area(const float *plane, i64 width, const area &a) {
  double total = 0;
  for (i64 y = a.y; y < a.y_end; y++)
    for (i64 i = y * width + a.x; i < y * width + a.x_end; i++) total += (double)plane[i];
  return total;
}

CGAD_KERNEL(cgad_cuda_avg_pool2d, i64 n, const float *x, float *y, CGAD_POOLING) {
  pooling p = CGAD_POOLING_OF;
  double count = (double)window_y * (double)window_x;
  for (i64 i = global_thread(); i < n; i += global_threads()) {
    pixel at = pixel_at(i, out_y, out_x);
    y[i] = (float)(sum_of_area(x + at.image * in_y * in_x, in_x, window_at(p, at.y, at.x)) / count);
  }
}

CGAD_KERNEL(cgad_cuda_avg_pool2d_grad, i64 n, const float *dy, float *dx, CGAD_POOLING) {
  pooling p = CGAD_POOLING_OF;
  float count = (float)((double)window_y * (double)window_x);
  for (i64 i = global_thread(); i < n; i += global_threads()) {
    pixel at = pixel_at(i, in_y, in_x);
    const float *d = dy + at.image * out_y * out_x;
    area w = windows_of(p, at);
    float sum = 0.0f;
    for (i64 oy = w.y; oy < w.y_end; oy++)
      for (i64 ox = w.x; ox < w.x_end; ox++) sum += d[oy * out_x + ox] / count;
    dx[i] = sum;
  }
}

// MARK: Upsampling

/// Of images of `rows` by `columns`, as are those of the kernels that follow; `n` counts the elements written.
CGAD_KERNEL(
  cgad_cuda_upsample_nearest, i64 n, const float *x, float *y, i64 rows, i64 columns, i64 factor_y, i64 factor_x) {
  i64 width = columns * factor_x, height = rows * factor_y;
  for (i64 i = global_thread(); i < n; i += global_threads()) {
    pixel at = pixel_at(i, height, width);
    y[i] = x[(at.image * rows + divide(at.y, factor_y)) * columns + divide(at.x, factor_x)];
  }
}

CGAD_KERNEL(
  cgad_cuda_upsample_nearest_grad, i64 n, const float *dy, float *dx, i64 rows, i64 columns, i64 factor_y,
  i64 factor_x) {
  i64 width = columns * factor_x;
  for (i64 i = global_thread(); i < n; i += global_threads()) {
    i64 row = divide(i, columns), column = i - row * columns;
    area a = {0, factor_y, column * factor_x, (column + 1) * factor_x};
    dx[i] = (float)sum_of_area(dy + row * factor_y * width, width, a);
  }
}

/// The two elements that one of the result lies between, and the share of the second.
struct mixture {
  i64 first, second;
  float share;
};

/// Returns what element `i` of an axis enlarged by `factor` is made of; those beyond the first and the last centre repeat
/// the border.
CGAD_DEVICE mixture mixture_at(i64 i, i64 factor, i64 extent) {
  double centre = ((double)i + 0.5) / (double)factor - 0.5, at = centre < 0 ? 0 : centre;
  i64 first = (i64)at;
  mixture m = {first, least(first + 1, extent - 1), (float)(at - (double)first)};
  return m;
}

CGAD_KERNEL(
  cgad_cuda_upsample_bilinear, i64 n, const float *x, float *y, i64 rows, i64 columns, i64 factor_y, i64 factor_x) {
  i64 width = columns * factor_x, height = rows * factor_y;
  for (i64 i = global_thread(); i < n; i += global_threads()) {
    pixel at = pixel_at(i, height, width);
    const float *plane = x + at.image * rows * columns;
    mixture v = mixture_at(at.y, factor_y, rows), h = mixture_at(at.x, factor_x, columns);
    const float *top = plane + v.first * columns, *bottom = plane + v.second * columns;
    float above = top[h.first] * (1 - h.share) + top[h.second] * h.share;
    float below = bottom[h.first] * (1 - h.share) + bottom[h.second] * h.share;
    y[i] = above * (1 - v.share) + below * v.share;
  }
}

/// Elements `i` of an enlarged axis whose mixture has element `at` lie in `[(at - 1)·factor, (at + 2)·factor)`.
CGAD_KERNEL(
  cgad_cuda_upsample_bilinear_grad, i64 n, const float *dy, float *dx, i64 rows, i64 columns, i64 factor_y,
  i64 factor_x) {
  i64 width = columns * factor_x, height = rows * factor_y;
  for (i64 i = global_thread(); i < n; i += global_threads()) {
    pixel at = pixel_at(i, rows, columns);
    i64 y = at.y, x = at.x;
    const float *plane = dy + at.image * width * height;
    float sum = 0.0f;
    for (i64 j = y > 0 ? (y - 1) * factor_y : 0; j < least((y + 2) * factor_y, height); j++) {
      mixture v = mixture_at(j, factor_y, rows);
      if (v.first != y && v.second != y) continue;
      for (i64 k = x > 0 ? (x - 1) * factor_x : 0; k < least((x + 2) * factor_x, width); k++) {
        mixture h = mixture_at(k, factor_x, columns);
        float d = plane[j * width + k], above = d * (1 - v.share), below = d * v.share;
        if (v.first == y && h.first == x) sum += above * (1 - h.share);
        if (v.first == y && h.second == x) sum += above * h.share;
        if (v.second == y && h.first == x) sum += below * (1 - h.share);
        if (v.second == y && h.second == x) sum += below * h.share;
      }
    }
    dx[i] = sum;
  }
}
