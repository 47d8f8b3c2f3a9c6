// Prints a digest of what each kernel computes, to compare builds for different instruction sets.

#include "cgad_kernels.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define N ((size_t)100003)

static float *a, *b, *y, *moment, *square;

/// Fills the operands with numbers of all magnitudes, infinities and NaNs among them.
static void prepare(void) {
  uint64_t state = 1;
  for (size_t i = 0; i < N; i++) {
    state = state * 6364136223846793005 + 1442695040888963407;
    ((uint32_t *)a)[i] = (uint32_t)(state >> 32);
    b[i] = (float)(int32_t)(state >> 30) * 0x1p-28f;
    moment[i] = square[i] = 0.5f;
  }
}

static void report(const char *name, int index) {
  for (size_t i = 0; i < N; i++)
    if (y[i] != y[i]) y[i] = 0;  // The bits of a NaN are not determined.
  printf("%s %d %016llx\n", name, index, (unsigned long long)cgad_digest(0, y, N * sizeof(float)));
}

static void report_elementwise(cgad_pool *p) {
  size_t extents[] = {N};
  ptrdiff_t strides[] = {1};
  for (int op = 0; op < 7; op++) {
    cgad_binary_apply(p, op, 1, extents, a, strides, b, strides, y);
    report("binary", op);
  }
  for (int op = 0; op < 6; op++) {
    cgad_compare_f32(p, op, 1, extents, a, strides, b, strides, (uint8_t *)y);
    report("compare", op);
  }
  for (int op = 0; op < 32; op++) {
    cgad_unary_apply(p, op, N, a, y);
    report("unary", op);
    cgad_unary_apply(p, op, N, b, y);
    report("unary of moderate numbers", op);
    cgad_unary_gradient(p, op, N, b, b, y);
    report("unary gradient", op);
  }
}

static void report_upsampling(cgad_pool *p) {
  cgad_upsample_bilinear(p, N / 384, 8, 8, 2, 3, a, y);
  report("bilinear upsampling", 0);
  cgad_upsample_bilinear_gradient(p, N / 384, 8, 8, 2, 3, a, y);
  report("bilinear upsampling, gradient", 0);
}

static void report_logic(cgad_pool *p) {
  size_t extents[] = {N};
  ptrdiff_t strides[] = {1};
  memset(y, 0, N * sizeof(float));
  for (int op = 0; op < 5; op++) {
    cgad_logic_apply(p, op, 1, extents, (uint8_t *)a, strides, (uint8_t *)b, strides, (uint8_t *)y);
    report("logic", op);
  }
}

/// 6 images of 5 channels of 20 by 30 pixels, windows of 3 by 3 in steps of 2, 7 channels out.
static void report_convolution(cgad_pool *p) {
  cgad_convolution c = {
    .images = 6, .groups = 1, .in_channels = 5, .out_channels = 7, .in_y = 20, .in_x = 30, .out_y = 10, .out_x = 15,
    .window_y = 3, .window_x = 3, .stride_y = 2, .stride_x = 2, .padding_y = 1, .padding_x = 1, .dilation_y = 1,
    .dilation_x = 1,
  };
  for (int pass = 0; pass < 3; pass++) {
    cgad_memory workspace = {0};
    cgad_conv2d_workspace(&c, pass, cgad_pool_threads(p), &workspace.size);
    workspace.address = aligned_alloc(64, workspace.size);
    memset(y, 0, N * sizeof(float));
    if (pass == 0) cgad_conv2d(p, &c, workspace, b, b + 50000, y);
    else if (pass == 1) cgad_conv2d_input_gradient(p, &c, workspace, b, b + 50000, y);
    else cgad_conv2d_weight_gradient(p, &c, workspace, b, b + 50000, y);
    free(workspace.address);
    report("convolution", pass);
  }
}

static void report_parametric(cgad_pool *p) {
  size_t extents[] = {N};
  ptrdiff_t strides[] = {1};
  for (int op = 0; op < 4; op++)
    for (int i = 0; i < 2; i++) {
      cgad_parametric_apply(p, op, 0.3, 1.5, N, i ? a : b, y);
      report("parametric", 2 * op + i);
      cgad_parametric_gradient(p, op, 0.3, 1.5, N, i ? a : b, b, y);
      report("parametric gradient", 2 * op + i);
    }
  for (int op = 0; op < 2; op++) {
    cgad_extremum_gradient(p, op == 1, 1, extents, a, strides, b, strides, b, y);
    report("extremum gradient", op);
  }
  cgad_where(p, 1, extents, (const uint8_t *)a, strides, a, strides, b, strides, y);
  report("where", 0);
}

static void report_rows(cgad_pool *p) {
  size_t extents[] = {70, 1428}, cols = 1428, rows = 70;
  static int32_t labels[70] = {3, 1, 4};
  for (int op = 0; op < 6; op++)
    for (uint32_t axes = 0; axes < 4; axes++) {
      cgad_reduce_f32(p, op, 2, extents, axes, b, y);
      report("reduce", op * 4 + (int)axes);
    }
  cgad_softmax(p, rows, cols, b, y);
  report("softmax", 0);
  cgad_softmax_gradient(p, rows, cols, b, a, y);
  report("softmax gradient", 0);
  cgad_log_softmax(p, rows, cols, b, y);
  report("log-softmax", 0);
  cgad_log_softmax_gradient(p, rows, cols, b, b, y);
  report("log-softmax gradient", 0);
  cgad_cross_entropy(p, rows, cols, b, labels, 0.1, y);
  report("cross-entropy", 0);
  cgad_cross_entropy_gradient(p, rows, cols, b, labels, 0.1, 2, y);
  report("cross-entropy gradient", 0);
  cgad_soft_cross_entropy(p, rows, cols, b, moment, y);
  report("soft cross-entropy", 0);
  cgad_soft_cross_entropy_gradient(p, rows, cols, b, moment, 2, y);
  report("soft cross-entropy gradient", 0);
  cgad_layer_norm(p, rows, cols, 1e-5, b, y);
  report("layer norm", 0);
  cgad_layer_norm_gradient(p, rows, cols, 1e-5, b, b, y);
  report("layer norm gradient", 0);
  cgad_rms_norm(p, rows, cols, 1e-5, b, y);
  report("rms norm", 0);
  cgad_rms_norm_gradient(p, rows, cols, 1e-5, b, b, y);
  report("rms norm gradient", 0);
  for (int op = 0; op < 4; op++) {
    cgad_pair_loss_apply(p, op, N, b, moment, N, y);
    report("pair loss", op);
    cgad_pair_loss_gradient(p, op, N, b, moment, N, 3, y);
    report("pair loss gradient", op);
  }
}

static void report_movement(cgad_pool *p) {
  size_t extents[] = {70, 1428}, few[] = {7, 20, 34}, count = 70;
  ptrdiff_t turned[] = {1, 70}, spread[] = {680, 2, 40};
  static int32_t indices[70] = {3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5};
  cgad_copy_from_strided(p, 4, 2, extents, b, turned, y);
  report("copy from strided", 4);
  cgad_copy_from_strided(p, 1, 2, extents, b, turned, y);
  report("copy from strided", 1);
  cgad_copy_to_strided(p, 4, 3, few, b, y, spread);
  report("copy to strided", 4);
  cgad_gather_rows(p, 70, 1428, b, count, indices, y);
  report("gather rows", 0);
  cgad_scatter_add_rows(p, 70, 1428, y, count, indices, b);
  report("scatter add rows", 0);
  cgad_gather_elements(p, count, 1428, b, indices, y);
  report("gather elements", 0);
  cgad_scatter_elements(p, count, 1428, b, indices, y);
  report("scatter elements", 0);
}

static void report_random(cgad_pool *p) {
  cgad_stream s = {1, 2, 3, 4, 5};
  cgad_dropout(p, N, b, 0.3f, s, y);
  report("dropout", 0);
  cgad_random_uniform(p, N, -3, 5, s, y);
  report("uniform", 0);
  cgad_random_normal(p, N, 1, 2, s, y);
  report("normal", 0);
}

static void report_optimizers(cgad_pool *p) {
  cgad_adam_options o = {1e-3, 0.9, 0.999, 1e-8, 0.01, true};
  for (uint64_t step = 1; step < 4; step++) cgad_adam(p, N, y, moment, square, b, 0.5f, o, step);
  report("adam", 0);
  cgad_rmsprop_options r = {1e-3, 0.9, 1e-8, 0.9, 0.01};
  for (int step = 0; step < 3; step++) cgad_rmsprop(p, N, y, square, moment, b, 0.5f, r);
  report("rmsprop", 0);
  cgad_lion(p, N, y, moment, b, 0.5f, 1e-3, 0.9, 0.99, 0.01);
  report("lion", 0);
  for (int decoupled = 0; decoupled < 2; decoupled++) {
    cgad_sgd_options d = {0.1, 0.9, true, 0.01, decoupled == 1};
    cgad_sgd(p, N, y, moment, b, 0.5f, d);
    report("momentum", decoupled);
    cgad_sgd(p, N, y, NULL, b, 0.5f, d);
    report("sgd", decoupled);
  }
  cgad_accumulate(p, N, y, b);
  report("accumulate", 0);
  cgad_sum_squares(p, N, b, y);
  report("sum_squares", 0);
}

int main(int count, char **arguments) {
  cgad_pool *p = cgad_pool_create(count > 1 ? atoi(arguments[1]) : 1);
  float **buffers[] = {&a, &b, &y, &moment, &square};
  for (int i = 0; i < 5; i++) *buffers[i] = calloc(N, sizeof(float));
  prepare();
  report_elementwise(p);
  report_logic(p);
  report_convolution(p);
  report_parametric(p);
  report_upsampling(p);
  report_rows(p);
  report_movement(p);
  report_random(p);
  report_optimizers(p);
  cgad_pool_destroy(p);
}
