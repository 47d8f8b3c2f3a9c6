// The CPU kernels of cgad.
//
// Numbers are f32 and tensors are contiguous and row-major unless stated. Extents, strides and counts are in elements.
// Pointers need only the alignment of their element. Sums have a fixed order: results depend neither on the thread
// count nor on the instruction set, except those of the matrix products, which depend on the thread count of the pool and
// on OpenBLAS, and those of convolution and attention, which depend on OpenBLAS. Outputs must not overlap inputs unless a
// function says that it works in place.
//
// Functions that can fail return `CGAD_OK` or one of the other codes, and write nothing in the latter case.

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma clang assume_nonnull begin

#define CGAD_CLOSED_ENUM enum __attribute__((enum_extensibility(closed)))

/// The greatest rank of a tensor.
#define CGAD_MAX_RANK 8

/// The greatest number of threads of a pool.
#define CGAD_MAX_THREADS 256

/// Success.
#define CGAD_OK 0
/// The rank is negative or more than `CGAD_MAX_RANK`, or an axis is outside the rank.
#define CGAD_BAD_RANK 1
/// An extent is more than the library called, or the type of the output, can hold.
#define CGAD_TOO_LARGE 2
/// A numeric argument is outside its range.
#define CGAD_BAD_ARGUMENT 3

// MARK: Pool

/// A set of threads that execute one kernel at a time, the caller being one of them.
///
/// A pool serves one caller at a time; different pools may be used from different threads.
typedef struct cgad_pool cgad_pool;

/// Creates a pool of `threads` threads, `threads - 1` of which are new, or returns null if `threads` is not in
/// `1 ... CGAD_MAX_THREADS` or a thread cannot be created.
cgad_pool *_Nullable cgad_pool_create(int threads);

/// Ends the threads of `pool` and frees it.
void cgad_pool_destroy(cgad_pool *_Nullable pool);

/// Returns the number of threads of `pool`, the caller included.
int cgad_pool_threads(const cgad_pool *pool);

// MARK: Matrix product

/// Writes to `c`, of shape `[m, n]`, the product of `a`, of shape `[m, k]` (`[k, m]` if `transpose_a`), and `b`, of
/// shape `[k, n]` (`[n, k]` if `transpose_b`). What `c` held before is ignored.
///
/// Returns `CGAD_TOO_LARGE` if an extent is more than `INT32_MAX`.
int cgad_gemm(
  cgad_pool *pool, bool transpose_a, bool transpose_b, size_t m, size_t n, size_t k, const float *a, const float *b,
  float *c);

/// The shape of a product as `cgad_gemm` takes it.
typedef struct cgad_product {
  bool transpose_a;
  bool transpose_b;
  size_t m;
  size_t n;
  size_t k;
} cgad_product;

/// Writes to `c` the products of many matrices, as many as `extents` say. Those of the operands are contiguous; the
/// strides count whole matrices and are 0 in the dimensions that an operand's matrices are used again along. What is at
/// `addend`, which is `c` or overlaps nothing, or is `NULL`, is added to them.
///
/// Returns as `cgad_gemm`.
int cgad_gemm_batch(
  cgad_pool *pool, cgad_product product, int rank, const size_t *extents, const float *a, const ptrdiff_t *a_strides,
  const float *b, const ptrdiff_t *b_strides, const float *_Nullable addend, float *c);

/// As `cgad_gemm_batch`, writing one matrix, the sum of the products in their order.
int cgad_gemm_sum(
  cgad_pool *pool, cgad_product product, int rank, const size_t *extents, const float *a, const ptrdiff_t *a_strides,
  const float *b, const ptrdiff_t *b_strides, const float *_Nullable addend, float *c);

// MARK: Elementwise

/// An operation on two numbers. `maximum` and `minimum` are NaN if either operand is.
typedef CGAD_CLOSED_ENUM cgad_binary : int32_t {
  cgad_binary_add,
  cgad_binary_sub,
  cgad_binary_mul,
  cgad_binary_div,
  cgad_binary_maximum,
  cgad_binary_minimum,
  cgad_binary_pow,
} cgad_binary;

/// A relation between two numbers. All but `ne` are false if an operand is NaN.
typedef CGAD_CLOSED_ENUM cgad_comparison : int32_t {
  cgad_comparison_eq,
  cgad_comparison_ne,
  cgad_comparison_lt,
  cgad_comparison_le,
  cgad_comparison_gt,
  cgad_comparison_ge,
} cgad_comparison;

/// A function of one number. `gelu` is the tanh form, `gelu_exact` the form with the error function.
typedef CGAD_CLOSED_ENUM cgad_unary : int32_t {
  cgad_unary_neg,
  cgad_unary_abs,
  cgad_unary_relu,
  cgad_unary_tanh,
  cgad_unary_sigmoid,
  cgad_unary_exp,
  cgad_unary_log,
  cgad_unary_sqrt,
  cgad_unary_rsqrt,
  cgad_unary_square,
  cgad_unary_sin,
  cgad_unary_cos,
  cgad_unary_gelu,
  cgad_unary_silu,
  cgad_unary_softplus,
  cgad_unary_reciprocal,
  cgad_unary_sign,
  cgad_unary_tan,
  cgad_unary_asin,
  cgad_unary_acos,
  cgad_unary_atan,
  cgad_unary_sinh,
  cgad_unary_cosh,
  cgad_unary_asinh,
  cgad_unary_acosh,
  cgad_unary_atanh,
  cgad_unary_log1p,
  cgad_unary_expm1,
  cgad_unary_erf,
  cgad_unary_mish,
  cgad_unary_softsign,
  cgad_unary_gelu_exact,
} cgad_unary;

/// Writes `out[i] = lhs[i] op rhs[i]` for every index `i` of a tensor of the given `extents`, where the operands are
/// addressed by strides, 0 in the dimensions they are broadcast along. `out` is contiguous and may be exactly an
/// operand that is contiguous and not broadcast.
int cgad_binary_apply(
  cgad_pool *pool, cgad_binary op, int rank, const size_t *extents, const float *lhs, const ptrdiff_t *lhs_strides,
  const float *rhs, const ptrdiff_t *rhs_strides, float *out);

/// As `cgad_binary_apply`, writing 1 where the relation holds and 0 elsewhere.
int cgad_compare_f32(
  cgad_pool *pool, cgad_comparison op, int rank, const size_t *extents, const float *lhs,
  const ptrdiff_t *lhs_strides, const float *rhs, const ptrdiff_t *rhs_strides, uint8_t *out);

/// As `cgad_compare_f32`, of integers.
int cgad_compare_i32(
  cgad_pool *pool, cgad_comparison op, int rank, const size_t *extents, const int32_t *lhs,
  const ptrdiff_t *lhs_strides, const int32_t *rhs, const ptrdiff_t *rhs_strides, uint8_t *out);

/// Writes `y[i] = op(x[i])` for `n` elements. `y` may be `x`.
void cgad_unary_apply(cgad_pool *pool, cgad_unary op, size_t n, const float *x, float *y);

/// Writes `dx[i] = op'(x[i]) · dy[i]` for `n` elements, given in `saved` the output `y` of `op` if
/// `cgad_unary_saves_output(op)`, else its input `x` (not read for `neg`). The derivatives of `relu` and `abs` at 0
/// are 0. `dx` may be `saved` or `dy`.
void cgad_unary_gradient(cgad_pool *pool, cgad_unary op, size_t n, const float *saved, const float *dy, float *dx);

/// Returns whether the gradient of `op` is computed from its output (relu, tanh, sigmoid, exp, the roots,
/// reciprocal, tan, expm1).
bool cgad_unary_saves_output(cgad_unary op);

/// A function of one number with constants: `leaky_relu` of slope a, `elu` of scale a, `pow` of exponent a, `clamp` to
/// a ... b, either of which may be infinite.
typedef CGAD_CLOSED_ENUM cgad_parametric : int32_t {
  cgad_parametric_leaky_relu,
  cgad_parametric_elu,
  cgad_parametric_pow,
  cgad_parametric_clamp,
} cgad_parametric;

/// Writes `y[i] = op(x[i])` for `n` elements. The special values of `pow` are those of C. `y` may be `x`.
void cgad_parametric_apply(
  cgad_pool *pool, cgad_parametric op, double a, double b, size_t n, const float *x, float *y);

/// Writes `dx[i] = op'(x[i]) · dy[i]` for `n` elements, given in `saved` the output of `elu` and of `leaky_relu`, or the
/// input of the latter and of the others. The derivatives at the kinks are: a of `leaky_relu` and `elu`, 1 of `clamp`;
/// that of `pow` is 0 if a is. `dx` may be `saved` or `dy`.
void cgad_parametric_gradient(
  cgad_pool *pool, cgad_parametric op, double a, double b, size_t n, const float *saved, const float *dy,
  float *dx);

/// Writes the `n` bytes of `x` as numbers.
void cgad_cast_u8(cgad_pool *pool, size_t n, const uint8_t *x, float *y);

/// Writes `n` integers as the nearest numbers.
void cgad_cast_i32(cgad_pool *pool, size_t n, const int32_t *x, float *y);

/// Writes `out[i] = condition[i] != 0 ? a[i] : b[i]` for every index `i` of a tensor of the given `extents`, where the
/// operands are addressed by strides. The elements are copied as bits, so they may be any 4-byte type.
int cgad_where(
  cgad_pool *pool, int rank, const size_t *extents, const uint8_t *condition, const ptrdiff_t *condition_strides,
  const void *a, const ptrdiff_t *a_strides, const void *b, const ptrdiff_t *b_strides, void *out);

/// Writes the part of `dy`, which is contiguous, that the left operand of `maximum` (if `greatest`) or `minimum` gets:
/// none where the other operand won, half where the two are equal.
int cgad_extremum_gradient(
  cgad_pool *pool, bool greatest, int rank, const size_t *extents, const float *lhs, const ptrdiff_t *lhs_strides,
  const float *rhs, const ptrdiff_t *rhs_strides, const float *dy, float *dx);

/// An operation on truth values; `not` takes no right operand.
typedef CGAD_CLOSED_ENUM cgad_logic : int32_t {
  cgad_logic_and,
  cgad_logic_or,
  cgad_logic_equal,
  cgad_logic_xor,
  cgad_logic_not,
} cgad_logic;

/// As `cgad_binary_apply`, of bytes that are true unless they are 0, giving 0 or 1. `rhs` may be `lhs`.
int cgad_logic_apply(
  cgad_pool *pool, cgad_logic op, int rank, const size_t *extents, const uint8_t *lhs, const ptrdiff_t *lhs_strides,
  const uint8_t *rhs, const ptrdiff_t *rhs_strides, uint8_t *out);

// MARK: Movement

/// Writes to `out`, contiguous and of the given `extents`, the elements of `x` addressed by `strides`: a broadcast
/// (strides of 0), a transposition, or a slice. The elements are copied as bits, so they may be any 4-byte type.
int cgad_broadcast(
  cgad_pool *pool, int rank, const size_t *extents, const float *x, const ptrdiff_t *strides, float *out);

/// Writes to `y`, contiguous and of the given `extents`, the elements of `element_size` bytes of `x` addressed by
/// `strides`.
int cgad_copy_from_strided(
  cgad_pool *pool, size_t element_size, int rank, const size_t *extents, const void *x, const ptrdiff_t *strides,
  void *y);

/// Writes the elements of `x`, contiguous and of the given `extents`, to those of `y` that `strides` address, no two of
/// which may be the same.
int cgad_copy_to_strided(
  cgad_pool *pool, size_t element_size, int rank, const size_t *extents, const void *x, void *y,
  const ptrdiff_t *strides);

/// Copies `rows` rows of `row_size` bytes that begin `x_pitch` bytes apart to rows that begin `y_pitch` bytes apart.
void cgad_copy_rows(
  cgad_pool *pool, size_t rows, size_t row_size, const void *x, size_t x_pitch, void *y, size_t y_pitch);

/// Writes `size` bytes of 0.
void cgad_zero(cgad_pool *pool, size_t size, void *y);

/// Writes `value` to `n` elements.
void cgad_fill(cgad_pool *pool, size_t n, float value, float *y);

/// Copies `size` bytes between buffers that do not overlap.
void cgad_copy(cgad_pool *pool, size_t size, const void *x, void *y);

// MARK: Indices

/// Writes to each of `count` rows of `cols` numbers of `y` the row of `table` that `indices` says.
///
/// Returns 0, or 1 plus the position of the first index that is not in `0 ..< rows`.
size_t cgad_gather_rows(
  cgad_pool *pool, size_t rows, size_t cols, const float *table, size_t count, const int32_t *indices, float *y);

/// Writes to each of `rows` rows of `cols` numbers of `y` the sum, in their order, of the rows of `x` whose index it is.
///
/// Returns as `cgad_gather_rows`.
size_t cgad_scatter_add_rows(
  cgad_pool *pool, size_t rows, size_t cols, float *y, size_t count, const int32_t *indices, const float *x);

/// Writes to each of `count` elements of `y` the element of a row of `x` that `indices` says, which has `cols`.
///
/// Returns 0, or 1 plus the position of the first index that is not in `0 ..< cols`.
size_t cgad_gather_elements(
  cgad_pool *pool, size_t count, size_t cols, const float *x, const int32_t *indices, float *y);

/// Writes to each of `count` rows of `cols` numbers of `y` zeros, and an element of `x` where `indices` says, or 1 if `x`
/// is null.
///
/// Returns as `cgad_gather_elements`.
size_t cgad_scatter_elements(
  cgad_pool *pool, size_t count, size_t cols, const float *_Nullable x, const int32_t *indices, float *y);

// MARK: Reduction

/// A way to combine elements. That of none is 0, NaN, -inf, inf, NaN and -inf respectively. `max` and `min` are NaN if
/// an element is. `variance` is the mean of the squared differences from the mean, `logsumexp` log Σ exp(x), which does
/// not overflow; both take two passes.
typedef CGAD_CLOSED_ENUM cgad_reduction : int32_t {
  cgad_reduction_sum,
  cgad_reduction_mean,
  cgad_reduction_max,
  cgad_reduction_min,
  cgad_reduction_variance,
  cgad_reduction_logsumexp,
} cgad_reduction;

/// Combines the elements of `x`, of the given `extents`, along the axes whose bits are set in `axes` (bit 0 for axis
/// 0, the outermost), and writes the results in the order of the remaining axes.
int cgad_reduce_f32(
  cgad_pool *pool, cgad_reduction op, int rank, const size_t *extents, uint32_t axes, const float *x, float *out);

/// As `cgad_reduce_f32`, of bytes taken as numbers.
///
/// Returns `CGAD_BAD_ARGUMENT` for `variance` and `logsumexp`.
int cgad_reduce_u8(
  cgad_pool *pool, cgad_reduction op, int rank, const size_t *extents, uint32_t axes, const uint8_t *x, float *out);

/// Writes the sum of the squares of the `n` elements of `x` to `out`.
void cgad_sum_squares(cgad_pool *pool, size_t n, const float *x, float *out);

/// Writes to each of `rows` elements of `out` the index of the first greatest element of a row of `x`, a NaN being
/// greater than any number.
///
/// Returns `CGAD_BAD_ARGUMENT` if there are rows but no columns, `CGAD_TOO_LARGE` if an index may not fit.
int cgad_argmax(cgad_pool *pool, size_t rows, size_t cols, const float *x, int32_t *out);

/// Returns whether none of `n` elements is infinite or NaN.
bool cgad_all_finite(cgad_pool *pool, size_t n, const float *x);

/// Returns the greatest of `|a[i] - b[i]|`, elements that compare equal differing by 0; NaN if an element is NaN; 0 if
/// there are none.
float cgad_max_abs_diff(cgad_pool *pool, size_t n, const float *a, const float *b);

/// Returns a digest of `size` bytes, continuing from `seed`, the same on every machine (see digest.c).
uint64_t cgad_digest(uint64_t seed, const void *bytes, size_t size);

// MARK: Convolution
//
// Images are `[n, channels, y, x]`, weights `[out_channels, in_channels / groups, y, x]`. Products are cut into tiles
// whose sizes depend on the geometry alone, and sums over tiles and images go in a fixed order, so results do not depend
// on the thread count. Tiles lie in working memory of the caller, at most 256 KiB a thread.

/// The extents of a convolution and how its window moves; `out` is the extent that the other numbers give.
///
/// Pixel (y, x) of the result reads pixels `y · stride_y - padding_y + i · dilation_y` for rows i of the window, and so
/// along x; pixels outside the image are 0.
typedef struct cgad_convolution {
  size_t images, groups, in_channels, out_channels;
  size_t in_y, in_x, out_y, out_x, window_y, window_x;
  size_t stride_y, stride_x, padding_y, padding_x, dilation_y, dilation_x;
} cgad_convolution;

/// What is computed of a convolution.
typedef CGAD_CLOSED_ENUM cgad_convolution_pass : int32_t {
  cgad_convolution_forward,
  cgad_convolution_input_gradient,
  cgad_convolution_weight_gradient,
} cgad_convolution_pass;

/// Memory that a kernel may write to while it runs, `size` bytes aligned to 64; it holds anything before and after.
typedef struct cgad_memory {
  void *_Nullable address;
  size_t size;
} cgad_memory;

/// Where the channels of images, or of their gradient, lie: `parts[i]` has `channels[i]` of each image, in order, and they
/// are read as if they stood behind each other. There are several parts only where there is one group of channels;
/// `channels` is read only where there are several parts. What reads images does not write to them.
typedef struct cgad_channels {
  size_t count;
  const size_t *_Nullable channels;
  float *_Nonnull const *_Nullable parts;
} cgad_channels;

/// Writes to `size` the bytes of working memory that `pass` takes on a pool of `threads` threads: for each chunk of its
/// tasks a tile, none for convolutions of single pixels of one part.
///
/// Returns as `cgad_conv2d`, and `CGAD_BAD_ARGUMENT` if there is no pool of `threads` threads.
int cgad_conv2d_workspace(
  const cgad_convolution *c, cgad_convolution_pass pass, cgad_channels image, int threads, size_t *size);

/// Writes to `y` the convolution of the images `x` with the weights `w`.
///
/// Returns `CGAD_BAD_ARGUMENT` if the numbers of `c` or the channels of the parts do not fit together or `workspace` is smaller than
/// `cgad_conv2d_workspace` says, `CGAD_TOO_LARGE` if an image or the weights have too many elements.
int cgad_conv2d(
  cgad_pool *pool, const cgad_convolution *c, cgad_memory workspace, cgad_channels x, const float *w, float *y);

/// Writes to `dx` the gradient of the input of `cgad_conv2d`, given that of its result: also transposed convolution.
///
/// Returns as `cgad_conv2d`.
int cgad_conv2d_input_gradient(
  cgad_pool *pool, const cgad_convolution *c, cgad_memory workspace, const float *dy, const float *w,
  cgad_channels dx);

/// Writes to `dw` the gradient of the weights of `cgad_conv2d`, given that of its result.
///
/// Returns as `cgad_conv2d`.
int cgad_conv2d_weight_gradient(
  cgad_pool *pool, const cgad_convolution *c, cgad_memory workspace, cgad_channels x, const float *dy, float *dw);

// MARK: Pooling

/// The extents of `planes` images of one channel and how a window moves over them; `out` is the extent that the other
/// numbers give. Padding is at most half the window, so that no window lies outside the image.
typedef struct cgad_pooling {
  size_t planes, in_y, in_x, out_y, out_x, window_y, window_x;
  size_t stride_y, stride_x, padding_y, padding_x;
} cgad_pooling;

/// Writes the greatest element of each window, NaN if one is; padding is not looked at.
///
/// Returns `CGAD_BAD_ARGUMENT` if the numbers of `p` do not fit together.
int cgad_max_pool2d(cgad_pool *pool, const cgad_pooling *p, const float *x, float *y);

/// Writes to `dx` the sum of `dy` over the windows of whose elements it is the first greatest one.
///
/// Returns as `cgad_max_pool2d`.
int cgad_max_pool2d_gradient(cgad_pool *pool, const cgad_pooling *p, const float *x, const float *dy, float *dx);

/// Writes the mean of each window, padding counting as 0.
///
/// Returns as `cgad_max_pool2d`.
int cgad_avg_pool2d(cgad_pool *pool, const cgad_pooling *p, const float *x, float *y);

/// Writes to `dx` the gradient of the input of `cgad_avg_pool2d`.
///
/// Returns as `cgad_max_pool2d`.
int cgad_avg_pool2d_gradient(cgad_pool *pool, const cgad_pooling *p, const float *dy, float *dx);

/// Writes each of `planes` images of `[y, x]` elements with every element repeated `factor_y` times down and `factor_x`
/// times across.
void cgad_upsample_nearest(
  cgad_pool *pool, size_t planes, size_t y, size_t x, size_t factor_y, size_t factor_x, const float *in, float *out);

/// Writes to `din`, of `[y, x]` elements an image, the sum of `dout` over the repetitions of each element.
void cgad_upsample_nearest_gradient(
  cgad_pool *pool, size_t planes, size_t y, size_t x, size_t factor_y, size_t factor_x, const float *dout, float *din);

/// Writes images of `[y, x]` elements enlarged by whole factors, each new element between the four that are nearest to
/// its centre; those at the border repeat the border.
void cgad_upsample_bilinear(
  cgad_pool *pool, size_t planes, size_t y, size_t x, size_t factor_y, size_t factor_x, const float *in, float *out);

/// Writes to `din`, of `[y, x]` elements an image, the sum of the parts of `dout` that each element had.
void cgad_upsample_bilinear_gradient(
  cgad_pool *pool, size_t planes, size_t y, size_t x, size_t factor_y, size_t factor_x, const float *dout, float *din);

// MARK: Attention

/// The extents of `heads` independent attentions of `queries` rows to `keys` rows.
///
/// With `causal`, row i sees the keys `0 ... i` only. `keys`, `width`, `value_width` and the groups are not 0.
///
/// `group` heads lie side by side in one row of queries or keys, `value_group` in one of values or results; the strides say
/// where the next row of queries, keys, values and results begins. Where each head has rows of its own, groups are 1 and
/// the strides are the widths. Gradients lie as what they are gradients of.
typedef struct cgad_attention_shape {
  size_t heads, queries, keys, width, value_width;
  float scale;
  bool causal;
  size_t group, value_group, q_stride, k_stride, v_stride, y_stride;
} cgad_attention_shape;

/// Writes `y = softmax(scale · q·kᵀ)·v` and, for each row of the scores, the logarithm of the sum of their exponentials.
/// No more than a tile of the scores is ever stored.
///
/// Returns `CGAD_TOO_LARGE` if a width or stride is more than `INT32_MAX`, `CGAD_BAD_ARGUMENT` if a width, `keys` or
/// a group is 0.
int cgad_attention(
  cgad_pool *pool, const cgad_attention_shape *a, const float *q, const float *k, const float *v, float *y,
  float *log_sums);

/// What the gradient of attention reads: the operands and results of `cgad_attention`, and the gradient of `y`.
typedef struct cgad_attention_values {
  const float *q, *k, *v, *y, *log_sums, *dy;
} cgad_attention_values;

/// Writes the gradients of the operands of `cgad_attention`.
///
/// Returns as `cgad_attention`.
int cgad_attention_gradient(
  cgad_pool *pool, const cgad_attention_shape *a, const cgad_attention_values *values, float *dq, float *dk, float *dv);

/// Copies matrices of `rows` rows and `cols` columns, `fill` standing above the diagonal. `y` may be `x`.
void cgad_causal_mask(
  cgad_pool *pool, size_t matrices, size_t rows, size_t cols, float fill, const float *x, float *y);
// MARK: Normalisation

/// Writes `(x - mean) / √(variance + epsilon)` of each row, the variance being the mean of the squared differences. `y`
/// may be `x`.
void cgad_layer_norm(cgad_pool *pool, size_t rows, size_t cols, double epsilon, const float *x, float *y);

/// Writes `dx = (dy - mean(dy) - y · mean(y·dy)) / √(variance + epsilon)` for each row, `x` being the input and y the
/// output of `cgad_layer_norm`. `dx` may be `x` or `dy`.
void cgad_layer_norm_gradient(
  cgad_pool *pool, size_t rows, size_t cols, double epsilon, const float *x, const float *dy, float *dx);

/// Writes `x / √(mean(x²) + epsilon)` of each row. `y` may be `x`.
void cgad_rms_norm(cgad_pool *pool, size_t rows, size_t cols, double epsilon, const float *x, float *y);

/// Writes `dx = (dy - y · mean(y·dy)) / √(mean(x²) + epsilon)` for each row, `x` being the input and y the output of
/// `cgad_rms_norm`. `dx` may be `x` or `dy`.
void cgad_rms_norm_gradient(
  cgad_pool *pool, size_t rows, size_t cols, double epsilon, const float *x, const float *dy, float *dx);

// MARK: Softmax and losses

/// Writes the softmax of each row of `x`. `y` may be `x`.
void cgad_softmax(cgad_pool *pool, size_t rows, size_t cols, const float *x, float *y);

/// Writes the logarithm of the softmax of each row of `x`. `y` may be `x`.
void cgad_log_softmax(cgad_pool *pool, size_t rows, size_t cols, const float *x, float *y);

/// Writes `dx = y · (dy - Σ y·dy)` for each row, `y` being the output of softmax. `dx` may be `y` or `dy`.
void cgad_softmax_gradient(cgad_pool *pool, size_t rows, size_t cols, const float *y, const float *dy, float *dx);

/// Writes `dx = dy - exp(y) · Σ dy` for each row, `y` being the output of log-softmax. `dx` may be `y` or `dy`.
void cgad_log_softmax_gradient(
  cgad_pool *pool, size_t rows, size_t cols, const float *y, const float *dy, float *dx);

/// Writes to `loss[0]` the mean over the rows of `-log softmax(logits)[label]` (NaN if there are none), or with
/// `smoothing` s, of `Σ -t·log softmax(logits)` where t is `(1 - s) · one_hot(label) + s / cols`.
///
/// Returns 0, or 1 plus the index of the first label that is not in `0 ..< cols`.
size_t cgad_cross_entropy(
  cgad_pool *pool, size_t rows, size_t cols, const float *logits, const int32_t *labels, double smoothing,
  float *loss);

/// Writes `g / rows · (softmax(logits) - t)`, the gradient of `cgad_cross_entropy` times `g`. `dlogits` may be `logits`.
///
/// Returns as `cgad_cross_entropy`.
size_t cgad_cross_entropy_gradient(
  cgad_pool *pool, size_t rows, size_t cols, const float *logits, const int32_t *labels, double smoothing, float g,
  float *dlogits);

/// Writes to `loss[0]` the mean over the rows of `Σ -t·log softmax(logits)` (NaN if there are none), terms whose target t
/// is 0 being 0. The targets of a row need not sum to 1.
void cgad_soft_cross_entropy(
  cgad_pool *pool, size_t rows, size_t cols, const float *logits, const float *targets, float *loss);

/// Writes `g / rows · (softmax(logits) · Σ t - t)`, the gradient of `cgad_soft_cross_entropy` times `g`. `dlogits` may be
/// `logits`.
void cgad_soft_cross_entropy_gradient(
  cgad_pool *pool, size_t rows, size_t cols, const float *logits, const float *targets, float g, float *dlogits);

/// What a pair of elements x, y adds to a loss: `squares` (x - y)²; `magnitudes` |x - y|; `logits`, the cross-entropy of
/// the probability y and sigmoid(x); `divergence` y · (log y - x), 0 where y is.
typedef CGAD_CLOSED_ENUM cgad_pair_loss : int32_t {
  cgad_pair_loss_squares,
  cgad_pair_loss_magnitudes,
  cgad_pair_loss_logits,
  cgad_pair_loss_divergence,
} cgad_pair_loss;

/// Writes to `loss[0]` the sum of a loss over `n` pairs, divided by `divisor` (NaN if both are 0).
void cgad_pair_loss_apply(
  cgad_pool *pool, cgad_pair_loss op, size_t n, const float *x, const float *y, size_t divisor, float *loss);

/// Writes the gradient of `cgad_pair_loss_apply` with respect to `x` times `g`; that of `magnitudes` is 0 where `x` and
/// `y` are equal. `dx` may be `x` or `y`.
void cgad_pair_loss_gradient(
  cgad_pool *pool, cgad_pair_loss op, size_t n, const float *x, const float *y, size_t divisor, float g, float *dx);

// MARK: Random numbers

/// Writes the block of Philox 4x32 with 10 rounds that `counter` and `key` denote.
///
/// Source: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
void cgad_philox(const uint32_t counter[_Nonnull 4], const uint32_t key[_Nonnull 2], uint32_t out[_Nonnull 4]);

/// What determines a stream of random words.
///
/// The key is a 64-bit mix of `seed` and `path_hash`; the counter is (low word of b, high word of b, `step`,
/// `micro_batch` | `replica` << 16) where b is the number of a block. Element i is made from word i % 4 of block i / 4,
/// except that a normal number takes a pair of words (see random.c).
typedef struct cgad_stream {
  uint64_t seed;
  uint64_t path_hash;
  uint32_t step;
  uint16_t micro_batch;
  uint16_t replica;
} cgad_stream;

/// Writes `x[i] / (1 - rate)`, or 0 with probability `rate`, for `n` elements. The same call on a gradient is its
/// adjoint. With a rate of 0 this is a copy, with 1 it writes zeros; a dropped NaN gives 0. `y` may be `x`.
///
/// Returns `CGAD_BAD_ARGUMENT` unless `0 <= rate <= 1`.
int cgad_dropout(cgad_pool *pool, size_t n, const float *x, float rate, cgad_stream stream, float *y);

/// Writes `n` numbers uniform in `[low, high)`, or `low` if the two are equal.
///
/// Returns `CGAD_BAD_ARGUMENT` unless `low <= high` and both and their difference are finite.
int cgad_random_uniform(cgad_pool *pool, size_t n, float low, float high, cgad_stream stream, float *y);

/// Writes `n` normal numbers.
void cgad_random_normal(cgad_pool *pool, size_t n, float mean, float deviation, cgad_stream stream, float *y);

/// Makes the `count <= n` vectors of `n` elements each, one behind the other, orthogonal and of length 1, in order: what
/// each has of those before it is taken away, twice, so that nothing is left but rounding.
///
/// Source: the modified Gram-Schmidt process with reorthogonalisation, Giraud et al., 2005.
void cgad_orthonormalize(size_t count, size_t n, double *vectors);

// MARK: Optimizers, in place, as in PyTorch
//
// `g` is the gradient times `scale`, which is 1 where gradients are not clipped.

/// The constants of gradient descent. With `decoupled`, decay is that of SGDW (`p *= 1 - lr·decay` before all else), else
/// it adds `decay·p` to the gradient.
typedef struct cgad_sgd_options {
  double lr;
  double momentum;
  bool nesterov;
  double decay;
  bool decoupled;
} cgad_sgd_options;

/// `v = momentum·v + g'` and `p -= lr·v`, or `p -= lr·(g' + momentum·v)` if `nesterov`, where `g' = g + decay·p`, or `g` if
/// `decoupled`. `velocity` is 0 before the first step; where it is null, `v` is `g'`.
void cgad_sgd(
  cgad_pool *pool, size_t n, float *p, float *_Nullable velocity, const float *g, float scale,
  cgad_sgd_options options);

/// The constants of Adam. With `decoupled`, decay is that of AdamW (`p *= 1 - lr·decay`), else it adds `decay·p` to
/// the gradient.
typedef struct cgad_adam_options {
  double lr;
  double beta1;
  double beta2;
  double epsilon;
  double decay;
  bool decoupled;
} cgad_adam_options;

/// `m = m + (1 - β₁)(g' - m)`, `v = β₂·v + (1 - β₂)·g'²` and `p -= lr · m̂ / (√v̂ + ε)` with the bias of both moments
/// corrected for `step`, which counts from 1. The moments are 0 before the first step.
///
/// Returns `CGAD_BAD_ARGUMENT` if `step` is 0.
int cgad_adam(
  cgad_pool *pool, size_t n, float *p, float *m, float *v, const float *g, float scale, cgad_adam_options options,
  uint64_t step);

/// The constants of RMSprop; `alpha` is what is kept of the mean square in a step.
typedef struct cgad_rmsprop_options {
  double lr;
  double alpha;
  double epsilon;
  double momentum;
  double decay;
} cgad_rmsprop_options;

/// `v = α·v + (1 - α)·g'²` and `p -= lr · u` with `u = g' / (√v + ε)`, or with `u = momentum·u + g' / (√v + ε)` kept in
/// `velocity` where that is not null; `g' = g + decay·p`. `v` and `velocity` are 0 before the first step.
void cgad_rmsprop(
  cgad_pool *pool, size_t n, float *p, float *v, float *_Nullable velocity, const float *g, float scale,
  cgad_rmsprop_options options);

/// `p -= lr · (sign(β₁·m + (1 - β₁)·g) + decay·p)` and then `m = β₂·m + (1 - β₂)·g`, with a sign of 0 of 0. `m` is 0
/// before the first step.
///
/// Source: Chen et al., "Symbolic discovery of optimization algorithms", 2023.
void cgad_lion(
  cgad_pool *pool, size_t n, float *p, float *m, const float *g, float scale, double lr, double beta1, double beta2,
  double decay);

/// `sum += g`.
void cgad_accumulate(cgad_pool *pool, size_t n, float *sum, const float *g);

#pragma clang assume_nonnull end

#ifdef __cplusplus
}
#endif
