#pragma once

/// Vector types that NVRTC declares by itself.

#define CGAD_VECTORS(T, Name) \
  struct alignas(2 * sizeof(T)) Name##2 { \
    T x, y; \
  }; \
  struct Name##3 { \
    T x, y, z; \
  }; \
  struct alignas(4 * sizeof(T) < 16 ? 4 * sizeof(T) : 16) Name##4 { \
    T x, y, z, w; \
  }; \
  __forceinline__ Name##2 make_##Name##2(T x, T y) { return {x, y}; } \
  __forceinline__ Name##3 make_##Name##3(T x, T y, T z) { return {x, y, z}; } \
  __forceinline__ Name##4 make_##Name##4(T x, T y, T z, T w) { return {x, y, z, w}; }
CGAD_VECTORS(float, float)
CGAD_VECTORS(double, double)
CGAD_VECTORS(int, int)
CGAD_VECTORS(unsigned, uint)
CGAD_VECTORS(short, short)
CGAD_VECTORS(unsigned short, ushort)
CGAD_VECTORS(unsigned char, uchar)

struct dim3 {
  unsigned x = 1, y = 1, z = 1;
};
