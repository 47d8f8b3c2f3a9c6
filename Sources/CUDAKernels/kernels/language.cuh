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
#else
#pragma clang fp contract(off)
#define CGAD_SQUARE_ROOT __builtin_sqrtf
#define CGAD_SQUARE_ROOT_F64 __builtin_sqrt
#define CGAD_FUSED __builtin_fmaf
#define CGAD_UNROLL
#define CGAD_EIGHT_AT_A_TIME
#define CGAD_HIDE(i)
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
