// Runs of elementwise operations over the same elements in one launch: what one computes for another stays with its thread.
//
// A thread takes eight elements and goes through a program that the host has made (Sources/CUDABackend/Fusion), the same one
// for all threads. Functions are those of the kernels that compute one operation each, and so are the bits.

/// The functions of a run, numbered as `RunFunction` of the host numbers them. `x` and `y` are elements of the operands, `s`
/// has the constants.
#define CGAD_RUN_FUNCTIONS(F) \
  F(copy, x) \
  F(constant, s.first) \
  F(add, x + y) \
  F(sub, x - y) \
  F(mul, x *y) \
  F(div, x / y) \
  F(maximum, maximum(x, y)) \
  F(minimum, minimum(x, y)) \
  F(neg, unary_neg(x)) \
  F(abs, unary_abs(x)) \
  F(relu, unary_relu(x)) \
  F(tanh, unary_tanh(x)) \
  F(sigmoid, unary_sigmoid(x)) \
  F(exp, unary_exp(x)) \
  F(log, unary_log(x)) \
  F(sqrt, unary_sqrt(x)) \
  F(rsqrt, unary_rsqrt(x)) \
  F(square, unary_square(x)) \
  F(gelu, unary_gelu(x)) \
  F(silu, unary_silu(x)) \
  F(softplus, unary_softplus(x)) \
  F(reciprocal, unary_reciprocal(x)) \
  F(sign, unary_sign(x)) \
  F(abs_grad, slope_abs(x, y)) \
  F(relu_grad, slope_relu(x, y)) \
  F(tanh_grad, slope_tanh(x, y)) \
  F(sigmoid_grad, slope_sigmoid(x, y)) \
  F(exp_grad, slope_exp(x, y)) \
  F(log_grad, slope_log(x, y)) \
  F(sqrt_grad, slope_sqrt(x, y)) \
  F(rsqrt_grad, slope_rsqrt(x, y)) \
  F(square_grad, slope_square(x, y)) \
  F(gelu_grad, slope_gelu(x, y)) \
  F(silu_grad, slope_silu(x, y)) \
  F(softplus_grad, slope_softplus(x, y)) \
  F(reciprocal_grad, slope_reciprocal(x, y)) \
  F(leaky_relu, v_leaky_relu(x, s.first)) \
  F(leaky_relu_grad, slope_leaky_relu(x, y, s.first)) \
  F(clamp, clamp(x, s.first, s.second)) \
  F(clamp_grad, slope_clamp(x, y, s.first, s.second))

#define CGAD_RUN_NUMBER(name, expression) run_##name,
enum run_function { CGAD_RUN_FUNCTIONS(CGAD_RUN_NUMBER) run_dropout };

/// Where an operand is: the result of the step before, from 1 on a slot, from 16 on a place in memory, or nowhere.
enum { run_before = 0, run_slots = 1, run_places = 16, run_nothing = 255 };

/// One operation. `slot` is 0 or one more than the slot that keeps the result, `target` 0 or one more than the place that
/// gets it.
struct run_step {
  u8 function, left, right, slot, target, unused[3];
  float first, second;

  /// The hash of the path of random numbers.
  u64 path;
};

/// Where elements lie in memory: one behind the other if `layout` is 0, else as the layout of that number, counted from 1,
/// says; by fours if `packed`.
struct run_place {
  float *address;
  u32 layout, packed;
};

/// One axis of a layout; a number below 2^31 is divided by `extent` as it is multiplied by `factor` and shifted.
struct run_axis {
  u32 extent, factor, shift, stride;
};

/// The axes from the innermost one on; there are as many as any layout has that a run may read, the last ones of extent 1.
struct run_layout {
  run_axis axes[4];
};

/// The parts of a program: its first word says how many steps there are, and at which words places and layouts begin.
struct run_program {
  const run_step *steps;
  const run_place *places;
  const run_layout *layouts;
  int count;
};

static_assert(sizeof(run_step) == 24 && sizeof(run_place) == 16 && sizeof(run_layout) == 64, "as RunProgram.swift has it");

CGAD_DEVICE run_program program_of(const u64 *words) {
  u64 sizes = words[0];
  return {
    (const run_step *)(words + 1), (const run_place *)(words + (u32)(sizes >> 16 & 0xffff)),
    (const run_layout *)(words + (u32)(sizes >> 32 & 0xffff)), (int)(sizes & 0xffff)};
}

/// Two packs of elements, the second one as many packs behind the first one as the block has threads.
struct run_lanes {
  pack<float> p[2];
};

/// Returns where element `i` is in an operand.
CGAD_DEVICE i64 position(const run_layout &layout, u32 i) {
  i64 at = 0;
  CGAD_UNROLL
  for (int a = 0; a < 4; a++) {
    run_axis axis = layout.axes[a];
    u32 next = (u32)((u64)i * axis.factor >> axis.shift);
    at += (i64)(i - next * axis.extent) * axis.stride;
    i = next;
  }
  return at;
}

/// Reads the elements from `i` on that are below `n`.
CGAD_DEVICE pack<float> read_place(const run_program &p, int number, u32 n, u32 i) {
  run_place place = p.places[number];
  const run_layout &layout = p.layouts[place.layout == 0 ? 0 : place.layout - 1];
  pack<float> v = {{0, 0, 0, 0}};
  if (place.packed && i + 4 <= n) {
    if (place.layout == 0) v = *(const pack<float> *)(place.address + i);
    else v = take_pack(place.address + position(layout, i), layout.axes[0].stride);
    return v;
  }
  CGAD_UNROLL
  for (u32 j = 0; j < 4; j++)
    if (i + j < n) v.v[j] = place.address[place.layout == 0 ? i + j : position(layout, i + j)];
  return v;
}

/// Writes the elements from `i` on that are below `n`, one behind the other.
CGAD_DEVICE void write_place(const run_program &p, int number, u32 n, u32 i, const pack<float> &v) {
  run_place place = p.places[number];
  if (place.packed && i + 4 <= n) {
    *(pack<float> *)(place.address + i) = v;
    return;
  }
  CGAD_UNROLL
  for (u32 j = 0; j < 4; j++)
    if (i + j < n) place.address[i + j] = v.v[j];
}

/// Returns the operand that `code` names.
CGAD_DEVICE run_lanes take(
  const run_program &p, int code, u32 n, const u32 *at, const run_lanes &before, const pack<float> *slots) {
  run_lanes x = before;
  if (code == run_before || code == run_nothing) return x;
  CGAD_UNROLL
  for (int j = 0; j < 2; j++)
    x.p[j] = code < run_places ? slots[((code - run_slots) * 2 + j) * blockDim.x] : read_place(p, code - run_places, n, at[j]);
  return x;
}

template <class F>
CGAD_DEVICE void each(const run_lanes &x, const run_lanes &y, run_lanes &z, F f) {
  CGAD_UNROLL
  for (int j = 0; j < 2; j++) {
    CGAD_UNROLL
    for (int e = 0; e < 4; e++) z.p[j].v[e] = f(x.p[j].v[e], y.p[j].v[e]);
  }
}

#define CGAD_RUN_CASE(name, expression) \
  case run_##name: each(x, y, z, [=](float x, float y) -> float { return expression; }); break;

/// Computes one step.
CGAD_DEVICE void compute(
  const run_step &s, const cgad_step_keys *keys, const u32 *at, const run_lanes &x, const run_lanes &y, run_lanes &z) {
  switch (s.function) {
    CGAD_RUN_FUNCTIONS(CGAD_RUN_CASE)
    case run_dropout:
      CGAD_UNROLL
      for (int j = 0; j < 2; j++) z.p[j] = dropped(*keys, s.path, at[j] / 4, x.p[j], s.first, s.second);
      break;
  }
}

/// Returns where the first pack of the first slot of this thread is.
CGAD_DEVICE pack<float> *own_slots() {
  CGAD_DYNAMIC_SHARED(pack<float>, all);
  return all + threadIdx.x;
}

/// Executes the program for `n` elements, fewer than 2^31, a chunk of eight times the threads of the block after another.
/// Dynamic shared memory has 32 bytes for each thread and slot; a thread reads what it wrote itself.
CGAD_BOUNDED_KERNEL(cgad_cuda_run, 128, 8, i64 n, const u64 *__restrict__ words, const cgad_step_keys *keys) {
  run_program p = program_of(words);
  pack<float> *slots = own_slots();
  u32 size = 8 * blockDim.x, count = (u32)n;
  for (u32 chunk = blockIdx.x; (i64)chunk * size < n; chunk += gridDim.x) {
    u32 at[2] = {chunk * size + 4 * threadIdx.x, chunk * size + 4 * threadIdx.x + size / 2};
    run_lanes z = {};
    for (int k = 0; k < p.count; k++) {
      run_step s = p.steps[k];
      run_lanes x = take(p, s.left, count, at, z, slots), y = take(p, s.right, count, at, z, slots);
      compute(s, keys, at, x, y, z);
      CGAD_UNROLL
      for (int j = 0; j < 2; j++) {
        if (s.slot > 0) slots[((s.slot - 1) * 2 + j) * blockDim.x] = z.p[j];
        if (s.target > 0) write_place(p, s.target - 1, count, at[j], z.p[j]);
      }
    }
  }
}
