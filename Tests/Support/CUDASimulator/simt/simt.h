#pragma once

/// CUDA C++ for the host compiler: what NVRTC declares by itself, as far as kernels of this project use it.
///
/// Functions whose bits differ between devices (`expf`, ..., atomics on floats) are left out on purpose.

#include "interface.h"

using size_t = CGADSize;

#define __device__
#define __host__
#define __constant__ static
#define __forceinline__ inline __attribute__((always_inline))
#define __noinline__ __attribute__((noinline))
#define __launch_bounds__(...)
#define __grid_constant__
#define CGAD_UNOBSERVED __attribute__((no_sanitize("thread"), noinline))

template <unsigned (*read)(unsigned)>
struct CGADCoordinates {
  unsigned getX() const { return read(0); }
  unsigned getY() const { return read(1); }
  unsigned getZ() const { return read(2); }
  __declspec(property(get = getX)) unsigned x;
  __declspec(property(get = getY)) unsigned y;
  __declspec(property(get = getZ)) unsigned z;
};

inline constexpr CGADCoordinates<cgad_simt_thread> threadIdx{};
inline constexpr CGADCoordinates<cgad_simt_block> blockIdx{};
inline constexpr CGADCoordinates<cgad_simt_block_extent> blockDim{};
inline constexpr CGADCoordinates<cgad_simt_grid_extent> gridDim{};
inline constexpr int warpSize = 32;

#define CGAD_SITE const char *file = __builtin_FILE(), int line = __builtin_LINE()

__forceinline__ void __syncthreads(CGAD_SITE) { cgad_simt_barrier(file, line); }
__forceinline__ void __syncwarp(unsigned mask = ~0u, CGAD_SITE) { cgad_simt_warp_barrier(mask, file, line); }
__forceinline__ void __threadfence() {}
__forceinline__ void __threadfence_block() {}
[[noreturn]] __forceinline__ void __trap() { cgad_simt_trap(); }

#include "arithmetic.h"
#include "warp.h"
#include "atomics.h"
#include "vectors.h"
