#include <cstring>

#include "Codes.h"
#include "Grid.h"

/// What compiled kernels call: see `simt/interface.h`.

using simulator::grid;
using simulator::Kind;

extern "C" {

unsigned cgad_simt_thread(unsigned axis) { return grid().thread(axis); }
unsigned cgad_simt_block(unsigned axis) { return grid().block(axis); }
unsigned cgad_simt_block_extent(unsigned axis) { return grid().blockExtent(axis); }
unsigned cgad_simt_grid_extent(unsigned axis) { return grid().gridExtent(axis); }
void *cgad_simt_dynamic() { return grid().dynamicShared(); }

void cgad_simt_barrier(const char *file, int line) { grid().barrier({file, line}); }

void cgad_simt_warp_barrier(unsigned mask, const char *file, int line) { grid().orderWarp(mask, {file, line}); }

unsigned long long cgad_simt_exchange(
    unsigned mask, unsigned long long value, unsigned source, const char *file, int line) {
  simulator::Meeting *meeting = grid().meet(mask, value, {file, line});
  if (!(meeting->mask >> source & 1))
    grid().fail(simulator::codeLaunchFailed, "takes the value of a lane that brings none to the warp operation");
  unsigned long long result = meeting->values[source];
  grid().leave(meeting);
  return result;
}

unsigned cgad_simt_ballot(unsigned mask, int predicate, const char *file, int line) {
  simulator::Meeting *meeting = grid().meet(mask, predicate != 0, {file, line});
  unsigned result = 0;
  for (unsigned lane = 0; lane < 32; lane++)
    if (meeting->values[lane]) result |= 1u << lane;
  grid().leave(meeting);
  return result;
}

void cgad_simt_multiply(CGADFragments *mine, bool ofBF16, const char *file, int line) {
  grid().multiply(mine, ofBF16, {file, line});
}

void cgad_simt_atomic(void *address, CGADSize size) {
  if (simulator::observed()) grid().access(reinterpret_cast<uintptr_t>(address), size, Kind::atomic);
}

void cgad_simt_trap() { grid().fail(simulator::codeIllegalInstruction, "traps"); }

// Calls that the compiler puts before the loads and stores of kernels (`-fsanitize=thread`).

static void observe(const void *address, size_t size, Kind kind) {
  grid().access(reinterpret_cast<uintptr_t>(address), size, kind);
}

/// An access whose address the compiler takes for a multiple of `size`.
static void observeAligned(const void *address, size_t size, Kind kind) {
  if (reinterpret_cast<uintptr_t>(address) % size != 0)
    grid().fail(simulator::codeMisalignedAddress, "accesses an address that is not a multiple of the element's size");
  observe(address, size, kind);
}

#define OBSERVE(size) \
  void __tsan_read##size(void *address) { observeAligned(address, size, Kind::read); } \
  void __tsan_write##size(void *address) { observeAligned(address, size, Kind::write); } \
  void __tsan_unaligned_read##size(void *address) { observe(address, size, Kind::read); } \
  void __tsan_unaligned_write##size(void *address) { observe(address, size, Kind::write); }
OBSERVE(1)
OBSERVE(2)
OBSERVE(4)
OBSERVE(8)
OBSERVE(16)

void __tsan_read_range(void *address, size_t size) { observe(address, size, Kind::read); }
void __tsan_write_range(void *address, size_t size) { observe(address, size, Kind::write); }

void *__tsan_memcpy(void *to, const void *from, size_t size) {
  observe(from, size, Kind::read);
  observe(to, size, Kind::write);
  return memcpy(to, from, size);
}

void *__tsan_memmove(void *to, const void *from, size_t size) {
  observe(from, size, Kind::read);
  observe(to, size, Kind::write);
  return memmove(to, from, size);
}

void *__tsan_memset(void *to, int value, size_t size) {
  observe(to, size, Kind::write);
  return memset(to, value, size);
}

void __tsan_init() {}
}
