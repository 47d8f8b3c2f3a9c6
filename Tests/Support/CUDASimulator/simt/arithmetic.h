#pragma once

/// Scalar functions that NVRTC declares by itself and that are exact or correctly rounded everywhere.

#define CGAD_SAME1(name, T) \
  __forceinline__ T name(T x) { return __builtin_##name(x); }
#define CGAD_SAME2(name, T) \
  __forceinline__ T name(T x, T y) { return __builtin_##name(x, y); }
#define CGAD_BOTH1(name) CGAD_SAME1(name, double) CGAD_SAME1(name##f, float)
#define CGAD_BOTH2(name) CGAD_SAME2(name, double) CGAD_SAME2(name##f, float)

extern "C++" {
CGAD_BOTH1(fabs)
CGAD_BOTH1(sqrt)
CGAD_BOTH1(floor)
CGAD_BOTH1(ceil)
CGAD_BOTH1(rint)
CGAD_BOTH1(nearbyint)
CGAD_BOTH1(trunc)
CGAD_BOTH1(round)
CGAD_BOTH2(fmin)
CGAD_BOTH2(fmax)
CGAD_BOTH2(copysign)
CGAD_BOTH2(fmod)

__forceinline__ double fma(double x, double y, double z) { return __builtin_fma(x, y, z); }
__forceinline__ float fmaf(float x, float y, float z) { return __builtin_fmaf(x, y, z); }
__forceinline__ double ldexp(double x, int e) { return __builtin_ldexp(x, e); }
__forceinline__ float ldexpf(float x, int e) { return __builtin_ldexpf(x, e); }
__forceinline__ bool isnan(double x) { return __builtin_isnan(x); }
__forceinline__ bool isnan(float x) { return __builtin_isnan(x); }
__forceinline__ bool isinf(double x) { return __builtin_isinf(x); }
__forceinline__ bool isinf(float x) { return __builtin_isinf(x); }
__forceinline__ bool isfinite(double x) { return __builtin_isfinite(x); }
__forceinline__ bool isfinite(float x) { return __builtin_isfinite(x); }
__forceinline__ bool signbit(double x) { return __builtin_signbit(x); }
__forceinline__ bool signbit(float x) { return __builtin_signbit(x); }
__forceinline__ int abs(int x) { return x < 0 ? -x : x; }
__forceinline__ long long llabs(long long x) { return x < 0 ? -x : x; }
}

__forceinline__ float __fadd_rn(float x, float y) { return x + y; }
__forceinline__ float __fsub_rn(float x, float y) { return x - y; }
__forceinline__ float __fmul_rn(float x, float y) { return x * y; }
__forceinline__ float __fdiv_rn(float x, float y) { return x / y; }
__forceinline__ float __fsqrt_rn(float x) { return __builtin_sqrtf(x); }
__forceinline__ float __fmaf_rn(float x, float y, float z) { return __builtin_fmaf(x, y, z); }
__forceinline__ double __dadd_rn(double x, double y) { return x + y; }
__forceinline__ double __dsub_rn(double x, double y) { return x - y; }
__forceinline__ double __dmul_rn(double x, double y) { return x * y; }
__forceinline__ double __ddiv_rn(double x, double y) { return x / y; }
__forceinline__ double __dsqrt_rn(double x) { return __builtin_sqrt(x); }
__forceinline__ double __fma_rn(double x, double y, double z) { return __builtin_fma(x, y, z); }

#define CGAD_BITS(name, From, To) \
  __forceinline__ To name(From x) { return __builtin_bit_cast(To, x); }
CGAD_BITS(__float_as_int, float, int)
CGAD_BITS(__float_as_uint, float, unsigned)
CGAD_BITS(__int_as_float, int, float)
CGAD_BITS(__uint_as_float, unsigned, float)
CGAD_BITS(__double_as_longlong, double, long long)
CGAD_BITS(__longlong_as_double, long long, double)

/// The number of 11 bits that is nearest, ties away from zero, as `cvt.rna.tf32.f32`: a float without its last 13 bits.
__forceinline__ unsigned cgad_rounded_to_tf32(float x) {
  unsigned bits = __float_as_uint(x);
  if (x != x) return 0x7fffe000;
  return (bits & 0x7f800000) == 0x7f800000 ? bits : (bits + 0x1000) & 0xffffe000;
}

/// The number of 8 bits that is nearest, ties to even, as `cvt.rn.bf16.f32`: the first 16 bits of a float.
__forceinline__ unsigned cgad_rounded_to_bf16(float x) {
  unsigned bits = __float_as_uint(x);
  return x != x ? 0x7fff : (bits + 0x7fff + (bits >> 16 & 1)) >> 16;
}

/// Conversions to the nearest integer, ties to even; out of range and NaN as the device does: clamped, NaN to zero.
template <typename To, typename From>
__forceinline__ To cgad_convert(From x, To low, To high) {
  if (x != x) return 0;
  if (x <= From(low)) return low;
  if (x >= From(high)) return high;
  return To(x);
}
inline constexpr int CGADIntMin = -2147483647 - 1, CGADIntMax = 2147483647;
__forceinline__ int __float2int_rn(float x) { return cgad_convert(__builtin_rintf(x), CGADIntMin, CGADIntMax); }
__forceinline__ int __float2int_rz(float x) { return cgad_convert(__builtin_truncf(x), CGADIntMin, CGADIntMax); }
__forceinline__ int __float2int_rd(float x) { return cgad_convert(__builtin_floorf(x), CGADIntMin, CGADIntMax); }
__forceinline__ int __double2int_rn(double x) { return cgad_convert(__builtin_rint(x), CGADIntMin, CGADIntMax); }
__forceinline__ int __double2int_rz(double x) { return cgad_convert(__builtin_trunc(x), CGADIntMin, CGADIntMax); }
__forceinline__ float __int2float_rn(int x) { return float(x); }
__forceinline__ float __uint2float_rn(unsigned x) { return float(x); }
__forceinline__ float __ll2float_rn(long long x) { return float(x); }
__forceinline__ float __ull2float_rn(unsigned long long x) { return float(x); }
__forceinline__ float __double2float_rn(double x) { return float(x); }

__forceinline__ unsigned __umulhi(unsigned x, unsigned y) { return unsigned((unsigned long long)x * y >> 32); }
__forceinline__ int __mulhi(int x, int y) { return int((long long)x * y >> 32); }
__forceinline__ unsigned long long __umul64hi(unsigned long long x, unsigned long long y) {
  return (unsigned long long)((unsigned __int128)x * y >> 64);
}
__forceinline__ int __clz(int x) { return x ? __builtin_clz(unsigned(x)) : 32; }
__forceinline__ int __clzll(long long x) { return x ? __builtin_clzll((unsigned long long)x) : 64; }
__forceinline__ int __popc(unsigned x) { return __builtin_popcount(x); }
__forceinline__ int __popcll(unsigned long long x) { return __builtin_popcountll(x); }
__forceinline__ int __ffs(int x) { return __builtin_ffs(x); }
__forceinline__ int __ffsll(long long x) { return __builtin_ffsll(x); }
__forceinline__ unsigned __brev(unsigned x) { return __builtin_bitreverse32(x); }

#define CGAD_EXTREMA(T) \
  __forceinline__ T min(T x, T y) { return y < x ? y : x; } \
  __forceinline__ T max(T x, T y) { return x < y ? y : x; }
CGAD_EXTREMA(int)
CGAD_EXTREMA(unsigned)
CGAD_EXTREMA(long)
CGAD_EXTREMA(unsigned long)
CGAD_EXTREMA(long long)
CGAD_EXTREMA(unsigned long long)
__forceinline__ float min(float x, float y) { return __builtin_fminf(x, y); }
__forceinline__ float max(float x, float y) { return __builtin_fmaxf(x, y); }
__forceinline__ double min(double x, double y) { return __builtin_fmin(x, y); }
__forceinline__ double max(double x, double y) { return __builtin_fmax(x, y); }

template <typename T>
__forceinline__ T __ldg(const T *address) {
  return *address;
}
