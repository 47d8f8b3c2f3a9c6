#pragma once
#include <cstring>
#include <string>
#include <vector>

#include "Heap.h"
#include "History.h"

namespace simulator {

enum class Kind : uint8_t { read, write, atomic };

/// Who accesses memory: an operation, and the thread of its grid (zeros for a copy). `epoch` counts the barriers of the
/// block, `warpEpoch` those of the whole warp.
struct Actor {
  uint32_t operation = 0;
  uint32_t block = 0;
  uint16_t thread = 0, epoch = 0, warpEpoch = 0;
};

/// An actor's access to the bytes of a granule in `mask`.
struct Access : Actor {
  uint8_t mask = 0;
  bool atomic = false;

  bool isOfThread(const Actor &actor) const {
    return operation == actor.operation && block == actor.block && thread == actor.thread;
  }

  /// True iff the same barriers of the block and of its warps came before both.
  bool isBetweenBarriersOf(const Actor &actor) const {
    return operation == actor.operation && block == actor.block && epoch == actor.epoch &&
           warpEpoch == actor.warpEpoch;
  }
};

constexpr size_t granuleBytes = 4;

/// The last accesses to a granule of four bytes. Two readers are enough to find a conflict with any later writer that is
/// not ordered after all readers of one launch.
struct Granule {
  Access write;
  Access reads[2];

  /// Notes an access; gives an earlier one that conflicts with it and that `ordered` does not put before it.
  template <typename Ordered>
  const Access *note(const Access &now, Kind kind, const Ordered &ordered);

  /// True iff a read by `actor` of all bytes adds nothing: whoever conflicts with it conflicts with a read that is noted.
  bool alreadyTellsOf(const Actor &actor) const {
    if (reads[0].mask != 0xf) return false;
    if (reads[0].isOfThread(actor) && reads[0].isBetweenBarriersOf(actor)) return true;
    if (reads[1].mask != 0xf || reads[1].operation != actor.operation || reads[0].operation != actor.operation)
      return false;
    if (reads[0].block != reads[1].block) return true;
    return reads[0].isBetweenBarriersOf(actor) && reads[1].isBetweenBarriersOf(actor);
  }

 private:
  template <typename Ordered>
  void keepRead(const Access &now, const Ordered &ordered);
};

/// What is wrong with an access: the error code of the driver and a text that begins with a verb.
struct Problem {
  int code;
  std::string text;
};

/// Finds races, accesses outside of allocations, and reads of poisoned bytes, in device memory.
class DeviceChecker {
 public:
  DeviceChecker(Heap &heap, History &history);

  /// Notes an access of `bytes` bytes at `address` by `actor`, of whose operation `clock` is the clock; false if there is
  /// a problem.
  bool access(uintptr_t address, size_t bytes, Kind kind, const Actor &actor, const Clock &clock, Problem &problem);

  /// True iff a read of whole granules is right and is noted by reads that are there; false tells nothing.
  bool isKnownRead(uintptr_t address, size_t bytes, const Actor &actor) const {
    const Granule *granule = granules + (address - heap.base) / granuleBytes;
    for (size_t at = 0; at < bytes; at += granuleBytes, granule++) {
      uint32_t states;
      memcpy(&states, heap.states(address + at), sizeof states);
      if (states != 0x01010101u * written || granule->write.operation == actor.operation) return false;
      if (!granule->alreadyTellsOf(actor)) return false;
    }
    return true;
  }

 private:
  bool checkStates(uintptr_t address, size_t bytes, Kind kind, Problem &problem) const;

  Heap &heap;
  History &history;
  Granule *granules;
};

/// Finds races and reads of bytes that nothing has written in a block's shared memory.
class SharedChecker {
 public:
  /// Begins a block: what was noted of the region before is forgotten.
  void begin(const char *base, size_t bytes, uint32_t serial);

  bool holds(uintptr_t address) const { return address - base < size; }

  /// Notes an access by `actor`, whose `operation` is ignored; false if there is a problem.
  bool access(uintptr_t address, size_t bytes, Kind kind, Actor actor, Problem &problem);

  /// True iff a read of whole granules is right and is noted by reads that are there; false tells nothing.
  bool isKnownRead(uintptr_t address, size_t bytes, Actor actor) const {
    if (address - base + bytes > size) return false;
    actor.operation = serial;
    const Cell *cell = cells.data() + (address - base) / granuleBytes;
    for (size_t at = 0; at < bytes; at += granuleBytes, cell++) {
      if (cell->serial != serial || cell->written != 0xf || cell->granule.write.epoch == actor.epoch) return false;
      if (!cell->granule.alreadyTellsOf(actor)) return false;
    }
    return true;
  }

 private:
  struct Cell {
    Granule granule;
    uint32_t serial = 0;
    uint8_t written = 0;
  };
  uintptr_t base = 0;
  size_t size = 0;
  uint32_t serial = 0;
  std::vector<Cell> cells;
};

}  // namespace simulator
