#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

namespace simulator {

/// What is known of a byte of device memory.
enum ByteState : uint8_t { unallocated = 0, poisoned = 1, written = 2 };

/// The device's memory: one range of addresses of which only allocations can be accessed.
class Heap {
 public:
  /// Complexity: reserves addresses, not memory.
  explicit Heap(size_t capacity);

  /// The address of `bytes` new poisoned bytes, a multiple of 512, or 0 if the capacity is exceeded.
  uintptr_t allocate(size_t bytes);

  /// Ends the allocation that begins at `address`; false if there is none.
  bool release(uintptr_t address);

  bool holds(uintptr_t address) const { return address - base < span; }

  /// True iff the bytes lie within one allocation.
  bool allocated(uintptr_t address, size_t bytes) const;

  /// The bounds of the allocation that holds `address`, or zeros.
  std::pair<uintptr_t, size_t> allocation(uintptr_t address) const;

  /// States of the bytes from `address`, which the heap holds.
  uint8_t *states(uintptr_t address) const { return stateOfBase + (address - base); }

  /// Fills the bytes with ones (a NaN in every float format) and marks them poisoned.
  void poison(uintptr_t address, size_t bytes);

  /// Where `address` lies with respect to allocations: "4 bytes past the end of the 64 bytes allocated at 0x7f00".
  std::string place(uintptr_t address) const;

  size_t used() const { return usedBytes; }
  const size_t capacity;
  const size_t span;
  uintptr_t base;

 private:
  uintptr_t findGap(size_t bytes) const;
  uintptr_t findGap(size_t bytes, uintptr_t begin, uintptr_t end) const;

  uint8_t *stateOfBase;
  std::map<uintptr_t, size_t> live;
  uintptr_t cursor;
  size_t usedBytes = 0;
};

/// Reserves `bytes` bytes of addresses, which read as zeros where `accessible`.
void *reserve(size_t bytes, bool accessible);

}  // namespace simulator
