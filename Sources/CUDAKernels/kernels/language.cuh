// What kernels use of the language beyond C++: the same text is compiled for devices and for the host.
//
// A kernel is `CGAD_KERNEL(name, parameters...) { ... }`; its parameters are pointers, `long long` and `float`. Products
// and sums are contracted nowhere but in `fused`, so that all processors give the same bits.

#ifdef __CUDACC__
#define CGAD_SQUARE_ROOT sqrtf
#define CGAD_SQUARE_ROOT_F64 sqrt
#define CGAD_FUSED fmaf
#define CGAD_DYNAMIC_SHARED(type, name) extern __shared__ __align__(16) unsigned char cgad_shared[]; \
  type *name = (type *)cgad_shared
#define CGAD_UNROLL _Pragma("unroll")
#define CGAD_EIGHT_AT_A_TIME _Pragma("unroll 8")
#define CGAD_HIDE(i) asm volatile("" : "+r"(i))
#define CGAD_HIDE_LONG(i) asm volatile("" : "+l"(i))
#else
#pragma clang fp contract(off)
#define CGAD_SQUARE_ROOT __builtin_sqrtf
#define CGAD_SQUARE_ROOT_F64 __builtin_sqrt
#define CGAD_FUSED __builtin_fmaf
#define CGAD_UNROLL
#define CGAD_EIGHT_AT_A_TIME
#define CGAD_HIDE(i)
#define CGAD_HIDE_LONG(i)
#endif

#ifndef CGAD_KERNEL
/// Begins the definition of a kernel.
#define CGAD_KERNEL(name, ...) extern "C" __global__ void name(__VA_ARGS__)

/// As `CGAD_KERNEL`, for blocks of at most `threads` threads, `blocks` of which should fit a multiprocessor.
#define CGAD_BOUNDED_KERNEL(name, threads, blocks, ...) \
  extern "C" __global__ void __launch_bounds__(threads, blocks) name(__VA_ARGS__)
#endif

#define CGAD_DEVICE __device__ static inline
#define CGAD_DEVICE_METHOD __device__

typedef unsigned char u8;
typedef int i32;
typedef unsigned int u32;
typedef long long i64;
typedef unsigned long long u64;

/// What random operations depend on besides their operands, as the host lays it out.
struct cgad_step_keys {
  u64 seed;
  u32 step;

  /// The micro-batch in the lower 16 bits, the replica in the upper ones.
  u32 source;
};

// MARK: Numbers of one thread: what CKernels/numerics leaves open

#define CGAD_FUNCTION CGAD_DEVICE

typedef float f32s;
typedef double f64s;
typedef i32 i32s;
typedef u32 u32s;
typedef i64 i64s;
typedef u64 u64s;
typedef bool mask32, mask64;

CGAD_DEVICE u32 bits_of(float x) {
  union {
    float f;
    u32 i;
  } u;
  u.f = x;
  return u.i;
}

CGAD_DEVICE u32 bits_of_one(float x) { return bits_of(x); }

CGAD_DEVICE float float_of(u32 bits) {
  union {
    u32 i;
    float f;
  } u;
  u.i = bits;
  return u.f;
}

CGAD_DEVICE u64 bits_of_double(double x) {
  union {
    double f;
    u64 i;
  } u;
  u.f = x;
  return u.i;
}

CGAD_DEVICE double double_of(u64 bits) {
  union {
    u64 i;
    double f;
  } u;
  u.i = bits;
  return u.f;
}

CGAD_DEVICE float infinity() { return float_of(0x7f800000); }

CGAD_DEVICE float not_a_number() { return float_of(0x7fc00000); }

CGAD_DEVICE double d_infinity() { return double_of(0x7ff0000000000000); }

CGAD_DEVICE double d_not_a_number() { return double_of(0x7ff8000000000000); }

CGAD_DEVICE float splat(float x) { return x; }

CGAD_DEVICE double d_splat(double x) { return x; }

CGAD_DEVICE float choose(bool mask, float a, float b) { return mask ? a : b; }

CGAD_DEVICE double d_choose(bool mask, double a, double b) { return mask ? a : b; }

CGAD_DEVICE i32 choose_i32(bool mask, i32 x) { return mask ? x : 0; }

CGAD_DEVICE float floats_of(i32 x) { return (float)x; }

CGAD_DEVICE float v_sqrt(float x) { return CGAD_SQUARE_ROOT(x); }

CGAD_DEVICE double d_sqrt(double x) { return CGAD_SQUARE_ROOT_F64(x); }

CGAD_DEVICE i64 reduce_great_angle(float x, double *rest);

CGAD_DEVICE u64 quarters_of_any(double x, bool near, u64 q, double *rest) {
  return near ? q : (u64)reduce_great_angle((float)x, rest);
}

/// Defines a function of a float that computes in double.
#define CGAD_OF_FLOATS(name, function) \
  CGAD_DEVICE float name(float x) { return (float)function((double)x); }

/// Defines a function of a float and of a constant that computes in double.
#define CGAD_OF_FLOATS_AND(name, function, constant) \
  CGAD_DEVICE float name(float x, constant c) { return (float)function((double)x, c); }

/// Defines a function of two floats that computes in double.
#define CGAD_OF_TWO_FLOATS(name, function) \
  CGAD_DEVICE float name(float x, float y) { return (float)function((double)x, (double)y); }

// MARK: Threads

/// Returns the number of this thread along x; what depends on it is not computed before loops that ask for it within, where it
/// would take registers all the time.
CGAD_DEVICE int own_thread() {
  int t = (int)threadIdx.x;
  CGAD_HIDE(t);
  return t;
}

/// The number of this thread, counted over the blocks along x.
CGAD_DEVICE i64 global_thread() { return (i64)blockIdx.x * blockDim.x + threadIdx.x; }

/// The number of threads of all blocks along x.
CGAD_DEVICE i64 global_threads() { return (i64)gridDim.x * blockDim.x; }

CGAD_DEVICE i64 least(i64 a, i64 b) { return a < b ? a : b; }

/// Returns `a / b`, neither being negative; most numbers have 32 bits.
CGAD_DEVICE i64 divide(i64 a, i64 b) { return a <= 0xffffffff && b <= 0xffffffff ? (u32)a / (u32)b : a / b; }

/// a·b + c, rounded once.
CGAD_DEVICE float fused(float a, float b, float c) { return CGAD_FUSED(a, b, c); }

// MARK: Tensor cores

#ifdef CGAD_SIMULATED_TENSOR_CORES
CGAD_DEVICE u32 tf32_of(float x) { return cgad_rounded_to_tf32(x); }

CGAD_DEVICE u32 two_bf16_of(float low, float high) { return cgad_rounded_to_bf16(high) << 16 | cgad_rounded_to_bf16(low); }

#define CGAD_MULTIPLY_FRAGMENTS(of_bf16, c, a, b) cgad_multiply_fragments(of_bf16, c, a, b)
#elif defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 800
#define CGAD_MULTIPLY_FRAGMENTS(of_bf16, c, a, b) multiply_fragments<of_bf16>(c, a, b)

/// Returns `x` rounded to tf32, to the nearest, ties away from zero.
CGAD_DEVICE u32 tf32_of(float x) {
  u32 bits;
  asm("cvt.rna.tf32.f32 %0, %1;" : "=r"(bits) : "f"(x));
  return bits;
}

/// Returns `low` and `high` rounded to bf16, to the nearest, ties to even, in the halves of a word.
CGAD_DEVICE u32 two_bf16_of(float low, float high) {
  u32 bits;
  asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(bits) : "f"(high), "f"(low));
  return bits;
}

/// Adds to `c`, of 16 by 8 elements, the product of `a` and `b`: 16 by 8 and 8 by 8 elements of tf32, or 16 by 16 and 16 by 8
/// of bf16. Each thread of the warp has its part of them.
template <bool of_bf16>
CGAD_DEVICE void multiply_fragments(float (&c)[4], const u32 (&a)[4], const u32 (&b)[2]) {
  if constexpr (of_bf16) {
    asm volatile(
      "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
      : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
  } else {
    asm volatile(
      "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
      : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
  }
}
#else
// Devices before 8.0 have no such instructions, and are never given the kernels that use them.

CGAD_DEVICE u32 tf32_of(float) { return 0; }

CGAD_DEVICE u32 two_bf16_of(float, float) { return 0; }

#define CGAD_MULTIPLY_FRAGMENTS(of_bf16, c, a, b) ((void)(c), (void)(a), (void)(b), __trap())
#endif
