#include "Checker.h"

#include "Codes.h"
#include "Violation.h"

namespace simulator {

namespace {

/// True iff barriers order an access before a later one of the same launch.
bool orderedByBarriers(const Actor &earlier, const Actor &now) {
  if (earlier.block != now.block) return false;
  if (earlier.thread == now.thread || earlier.epoch != now.epoch) return true;
  return earlier.thread / 32 == now.thread / 32 && earlier.warpEpoch != now.warpEpoch;
}

const char *verb(Kind kind) {
  switch (kind) {
    case Kind::read: return "reads";
    case Kind::write: return "writes";
    case Kind::atomic: return "updates";
  }
}

const char *noun(const Granule &granule, const Access *access) {
  return access != &granule.write ? "read" : access->atomic ? "atomic update" : "write";
}

}  // namespace

template <typename Ordered>
const Access *Granule::note(const Access &now, Kind kind, const Ordered &ordered) {
  auto conflicts = [&](const Access &earlier) {
    return (earlier.mask & now.mask) && !(earlier.atomic && now.atomic) && !ordered(earlier, now);
  };
  if (conflicts(write)) return &write;
  if (kind == Kind::read) {
    keepRead(now, ordered);
    return nullptr;
  }
  for (Access &read : reads) {
    if (conflicts(read)) return &read;
    if ((read.mask & ~now.mask) == 0) read = {};
  }
  write = now;
  return nullptr;
}

template <typename Ordered>
void Granule::keepRead(const Access &now, const Ordered &ordered) {
  for (Access &read : reads) {
    if (read.mask == 0 || read.isOfThread(now)) {
      uint8_t mask = read.mask | now.mask;
      read = now;
      read.mask = mask;
      return;
    }
  }
  for (Access &read : reads)
    if ((read.mask & ~now.mask) == 0 && ordered(read, now)) {
      read = now;
      return;
    }
  reads[now.thread & 1] = now;
}

/// The part of `bytes` bytes at `address` in one granule after the other: calls `body(offset of the granule, mask)` until it
/// gives false, and gives that.
template <typename Body>
static bool forEachGranule(uintptr_t address, size_t bytes, const Body &body) {
  uintptr_t end = address + bytes;
  for (uintptr_t at = address / granuleBytes * granuleBytes; at < end; at += granuleBytes) {
    unsigned mask = 0xf;
    if (at < address) mask &= 0xfu << (address - at);
    if (end - at < granuleBytes) mask &= 0xfu >> (granuleBytes - (end - at));
    if (!body(at, uint8_t(mask & 0xf))) return false;
  }
  return true;
}

DeviceChecker::DeviceChecker(Heap &heap, History &history) : heap(heap), history(history) {
  granules = static_cast<Granule *>(reserve(heap.span / granuleBytes * sizeof(Granule), true));
}

bool DeviceChecker::checkStates(uintptr_t address, size_t bytes, Kind kind, Problem &problem) const {
  const uint8_t *states = heap.states(address);
  uint8_t least = kind == Kind::write ? poisoned : written;
  for (size_t i = 0; i < bytes; i++) {
    if (states[i] >= least) continue;
    std::string place = heap.place(address + i);
    if (states[i] == unallocated)
      problem = {codeIllegalAddress, format("%s %zu bytes at %#zx, %s", verb(kind), bytes, address, place.c_str())};
    else
      problem = {
          codeLaunchFailed,
          format(
              "reads %zu bytes at %#zx that nothing has written since they were allocated or ended: %s", bytes, address,
              place.c_str())};
    return false;
  }
  return true;
}

bool DeviceChecker::access(
    uintptr_t address, size_t bytes, Kind kind, const Actor &actor, const Clock &clock, Problem &problem) {
  if (!checkStates(address, bytes, kind, problem)) return false;
  if (kind == Kind::write) __builtin_memset(heap.states(address), written, bytes);
  auto ordered = [&](const Access &earlier, const Access &now) {
    return earlier.operation == now.operation ? orderedByBarriers(earlier, now)
                                              : history.precedes(earlier.operation, clock);
  };
  return forEachGranule(address, bytes, [&](uintptr_t at, uint8_t mask) {
    Granule &granule = granules[(at - heap.base) / granuleBytes];
    const Access *other = granule.note({actor, mask, kind == Kind::atomic}, kind, ordered);
    if (!other) return true;
    bool sameOperation = other->operation == actor.operation;
    problem = Problem{
        codeLaunchFailed,
        format(
            "%s %zu bytes at %#zx (%s), which races with the %s by %s", verb(kind), bytes, address,
            heap.place(at).c_str(), noun(granule, other),
            sameOperation ? format("thread %u of block %u", other->thread, other->block).c_str()
                          : format("'%s' of another stream", history.name(other->operation).c_str()).c_str())};
    return false;
  });
}

void SharedChecker::begin(const char *newBase, size_t bytes, uint32_t newSerial) {
  base = reinterpret_cast<uintptr_t>(newBase);
  size = bytes;
  serial = newSerial;
  if (cells.size() < bytes / granuleBytes + 1) cells.resize(bytes / granuleBytes + 1);
}

bool SharedChecker::access(uintptr_t address, size_t bytes, Kind kind, Actor actor, Problem &problem) {
  if (address - base + bytes > size) {
    problem = {codeIllegalAddress, format("%s %zu bytes past the end of shared memory", verb(kind), bytes)};
    return false;
  }
  actor.operation = serial;
  auto ordered = [](const Access &earlier, const Access &now) { return orderedByBarriers(earlier, now); };
  return forEachGranule(address, bytes, [&](uintptr_t at, uint8_t mask) {
    Cell &cell = cells[(at - base) / granuleBytes];
    if (cell.serial != serial) cell = {{}, serial, 0};
    if (kind != Kind::write && (mask & ~cell.written)) {
      problem = Problem{
          codeLaunchFailed,
          format("reads %zu bytes of shared memory (offset %zu) that no thread has written", bytes, address - base)};
      return false;
    }
    cell.written |= mask;
    const Access *other = cell.granule.note({actor, mask, kind == Kind::atomic}, kind, ordered);
    if (!other) return true;
    problem = Problem{
        codeLaunchFailed,
        format(
            "%s %zu bytes of shared memory (offset %zu), which races with the %s by thread %u: a barrier is missing",
            verb(kind), bytes, address - base, noun(cell.granule, other), other->thread)};
    return false;
  });
}

}  // namespace simulator
