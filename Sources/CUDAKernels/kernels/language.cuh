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
#else
#pragma clang fp contract(off)
#define CGAD_SQUARE_ROOT __builtin_sqrtf
#define CGAD_SQUARE_ROOT_F64 __builtin_sqrt
#define CGAD_FUSED __builtin_fmaf
#define CGAD_UNROLL
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
  u32 step, micro_batch, replica, padding;
};


// MARK: Bits

CGAD_DEVICE i32 bits_of(float x) {
  union {
    float f;
    i32 i;
  } u;
  u.f = x;
  return u.i;
}

CGAD_DEVICE float float_of(i32 bits) {
  union {
    i32 i;
    float f;
  } u;
  u.i = bits;
  return u.f;
}

CGAD_DEVICE i64 bits_of_double(double x) {
  union {
    double f;
    i64 i;
  } u;
  u.f = x;
  return u.i;
}

CGAD_DEVICE double double_of(i64 bits) {
  union {
    i64 i;
    double f;
  } u;
  u.i = bits;
  return u.f;
}

CGAD_DEVICE float infinity() { return float_of(0x7f800000); }

CGAD_DEVICE float not_a_number() { return float_of(0x7fc00000); }

CGAD_DEVICE double infinity_f64() { return double_of(0x7ff0000000000000); }

CGAD_DEVICE double not_a_number_f64() { return double_of(0x7ff8000000000000); }

// MARK: Threads

/// The number of this thread, counted over the blocks along x.
CGAD_DEVICE i64 global_thread() { return (i64)blockIdx.x * blockDim.x + threadIdx.x; }

/// The number of threads of all blocks along x.
CGAD_DEVICE i64 global_threads() { return (i64)gridDim.x * blockDim.x; }

CGAD_DEVICE i64 least(i64 a, i64 b) { return a < b ? a : b; }

/// Returns `a / b`, neither being negative; most numbers have 32 bits.
CGAD_DEVICE i64 divide(i64 a, i64 b) { return a <= 0xffffffff && b <= 0xffffffff ? (u32)a / (u32)b : a / b; }

/// a·b + c, rounded once.
CGAD_DEVICE float fused(float a, float b, float c) { return CGAD_FUSED(a, b, c); }

CGAD_DEVICE float square_root(float x) { return CGAD_SQUARE_ROOT(x); }

CGAD_DEVICE double square_root_f64(double x) { return CGAD_SQUARE_ROOT_F64(x); }
