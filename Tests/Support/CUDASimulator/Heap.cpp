#include "Heap.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "Violation.h"

namespace simulator {

namespace {

constexpr size_t page = 4096, granularity = 512;

size_t roundUp(size_t value, size_t multiple) { return (value + multiple - 1) / multiple * multiple; }

}  // namespace

void *reserve(size_t bytes, bool accessible) {
  int protection = accessible ? PROT_READ | PROT_WRITE : PROT_NONE;
  void *memory = mmap(nullptr, bytes, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory != MAP_FAILED) return memory;
  perror("CUDASimulator: addresses for the device's memory");
  abort();
}

Heap::Heap(size_t capacity) : capacity(capacity), span(std::max(size_t(64) << 30, 4 * capacity)) {
  base = reinterpret_cast<uintptr_t>(reserve(span, false));
  stateOfBase = static_cast<uint8_t *>(reserve(span, true));
  cursor = base + page;
}

uintptr_t Heap::findGap(size_t bytes, uintptr_t begin, uintptr_t end) const {
  uintptr_t candidate = begin;
  for (auto next = live.lower_bound(begin); next != live.end(); ++next) {
    if (candidate + bytes + page <= next->first) break;
    candidate = roundUp(next->first + next->second, page) + page;
  }
  return candidate + bytes + page <= end ? candidate : 0;
}

/// Addresses of ended allocations are used again as late as possible.
uintptr_t Heap::findGap(size_t bytes) const {
  uintptr_t later = findGap(bytes, cursor, base + span);
  return later ? later : findGap(bytes, base + page, base + span);
}

uintptr_t Heap::allocate(size_t bytes) {
  size_t charged = roundUp(bytes, granularity);
  if (bytes > capacity || charged > capacity - usedBytes) return 0;
  uintptr_t address = findGap(roundUp(bytes, page));
  if (address == 0) return 0;
  mprotect(reinterpret_cast<void *>(address), roundUp(bytes, page), PROT_READ | PROT_WRITE);
  live[address] = bytes;
  cursor = roundUp(address + bytes, page) + page;
  poison(address, bytes);
  usedBytes += charged;
  return address;
}

bool Heap::release(uintptr_t address) {
  auto found = live.find(address);
  if (found == live.end()) return false;
  size_t bytes = found->second, pages = roundUp(bytes, page);
  usedBytes -= roundUp(bytes, granularity);
  live.erase(found);
  memset(states(address), unallocated, bytes);
  madvise(reinterpret_cast<void *>(address), pages, MADV_DONTNEED);
  mprotect(reinterpret_cast<void *>(address), pages, PROT_NONE);
  return true;
}

std::pair<uintptr_t, size_t> Heap::allocation(uintptr_t address) const {
  auto next = live.upper_bound(address);
  if (next == live.begin()) return {0, 0};
  --next;
  if (address - next->first >= next->second) return {0, 0};
  return {next->first, next->second};
}

bool Heap::allocated(uintptr_t address, size_t bytes) const {
  auto [begin, size] = allocation(address);
  return size > 0 && bytes <= size - (address - begin);
}

void Heap::poison(uintptr_t address, size_t bytes) {
  memset(reinterpret_cast<void *>(address), 0xff, bytes);
  memset(states(address), poisoned, bytes);
}

std::string Heap::place(uintptr_t address) const {
  if (!holds(address)) return "outside of the device's memory";
  auto next = live.upper_bound(address);
  if (next == live.begin()) return "in no allocation";
  --next;
  auto [begin, size] = *next;
  if (address - begin < size)
    return format("byte %zu of the %zu bytes allocated at %#zx", address - begin, size, begin);
  return format("%zu bytes past the end of the %zu bytes allocated at %#zx", address - begin - size, size, begin);
}

}  // namespace simulator
