#pragma once

/// What kernels, compiled for the host, and the simulator know of each other.

using CGADSize = decltype(sizeof 0);

/// A kernel: its name, a call that takes the addresses of its arguments, and the sizes of its parameters in bytes.
struct CGADKernel {
  const char *name;
  void (*call)(void *const *arguments);
  unsigned count;
  const unsigned *sizes;
};

/// All kernels of one library, the bounds of its static shared memory, and those of its image.
struct CGADKernelTable {
  const CGADKernel *kernels;
  CGADSize count;
  char *sharedBegin, *sharedEnd;
  const char *imageBegin, *imageEnd;
};

extern "C" {
/// Position of the running thread and extents of its block and grid; `axis` is 0, 1, 2 for x, y, z.
[[gnu::const]] unsigned cgad_simt_thread(unsigned axis);
[[gnu::const]] unsigned cgad_simt_block(unsigned axis);
[[gnu::const]] unsigned cgad_simt_block_extent(unsigned axis);
[[gnu::const]] unsigned cgad_simt_grid_extent(unsigned axis);
/// Dynamic shared memory of the running block.
[[gnu::const]] void *cgad_simt_dynamic();

/// Waits for all threads of the block.
[[clang::convergent, clang::noduplicate]] void cgad_simt_barrier(const char *file, int line);
/// Waits for the lanes in `mask`, and orders their memory accesses.
[[clang::convergent]] void cgad_simt_warp_barrier(unsigned mask, const char *file, int line);
/// Waits for the lanes in `mask`, and gives the value that lane `source` brought.
[[clang::convergent]] unsigned long long cgad_simt_exchange(
    unsigned mask, unsigned long long value, unsigned source, const char *file, int line);
/// Waits for the lanes in `mask`, and gives the set of those whose `predicate` is not zero.
[[clang::convergent]] unsigned cgad_simt_ballot(unsigned mask, int predicate, const char *file, int line);
/// What a lane brings to a product of fragments: words of both, 16 by 8 and 8 by 8 numbers of tf32, or 16 by 16 and 16 by 8 of
/// bf16, and its part of the 16 by 8 sums, to which the product is added.
struct CGADFragments {
  unsigned a[4], b[2];
  float c[4];
};
/// Waits for all lanes of the warp, and adds the product of their fragments to the sums: of each element one term after the
/// other, in ascending order of the inner index, rounded to nearest after each; products are exact.
[[clang::convergent]] void cgad_simt_multiply(CGADFragments *mine, bool ofBF16, const char *file, int line);

/// Tells of an atomic access to `size` bytes.
void cgad_simt_atomic(void *address, CGADSize size);
[[noreturn]] void cgad_simt_trap();
}
