#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "Checker.h"
#include "Fiber.h"
#include "Random.h"
#include "simt/interface.h"

namespace simulator {

struct Extent {
  unsigned axis[3];
  uint64_t count() const { return uint64_t(axis[0]) * axis[1] * axis[2]; }
};

/// A kernel with its arguments.
struct Launch {
  const CGADKernel *kernel;
  const CGADKernelTable *table;
  Extent grid, block;
  size_t sharedBytes;
  std::vector<std::vector<std::byte>> arguments;
};

/// A place in the text of kernels.
struct Site {
  const char *file = "";
  int line = 0;
  bool operator==(const Site &) const = default;
};

/// A meeting of the lanes in `mask` of one warp.
struct Meeting {
  unsigned warp, mask;
  Site site;
  unsigned arrived = 0, left = 0;
  uint64_t values[32] = {};
};

struct Thread {
  enum class State : uint8_t { unstarted, running, ready, atBarrier, inMeeting, exited };
  unsigned index[3];
  uint16_t number;
  State state = State::unstarted;
  Fiber *fiber;
  Meeting *meeting;
  Site site;
};

/// Runs the blocks of a launch one after the other, and the threads of a block on fibers, in an order that a seed chooses.
/// A thread that never waits costs no more than a call.
class Grid {
 public:
  Grid(DeviceChecker &device, Heap &heap, uint64_t seed);

  /// Runs a launch as the operation `operation`, whose clock is `clock`; gives false after a violation.
  bool run(const Launch &launch, uint32_t operation, const Clock &clock);

  // What kernels call, from a fiber.
  unsigned thread(unsigned axis) const { return current->index[axis]; }
  unsigned block(unsigned axis) const { return blockIndex[axis]; }
  unsigned blockExtent(unsigned axis) const { return launch->block.axis[axis]; }
  unsigned gridExtent(unsigned axis) const { return launch->grid.axis[axis]; }
  void *dynamicShared() const { return dynamic; }
  void barrier(Site site);
  /// Brings `value` to a meeting, and returns when it is complete; `leave` must follow.
  Meeting *meet(unsigned mask, uint64_t value, Site site);
  void leave(Meeting *meeting);
  /// Orders the accesses before a complete meeting of a whole warp before those after it.
  void orderWarp(unsigned mask, Site site);
  /// Multiplies the fragments that all lanes of a warp bring, and adds to their sums.
  void multiply(CGADFragments *mine, bool ofBF16, Site site);
  unsigned lane() const { return current->number % 32; }

  /// Checks and notes an access by the running thread; what lies on its stack is nobody else's.
  void access(uintptr_t address, size_t bytes, Kind kind) {
    if (!running->holds(address)) accessMemory(address, bytes, kind);
  }

  /// Ends the launch with a violation by the running thread.
  [[noreturn]] void fail(int code, const std::string &text);

  /// The most dynamic shared memory of a block, in bytes (H100).
  static constexpr size_t maximumShared = 227 << 10;

 private:
  static void fiberMain();
  void runThreads();
  bool runBlock();
  void prepareBlock(uint64_t block);
  void enter(Fiber *fiber);
  void wait(Thread::State state);
  Meeting *meetingOf(unsigned warp, unsigned mask, Site site);
  void complete(Meeting *meeting);
  bool releaseBarrier();
  void makeReady(Thread &thread);
  void abandon();
  std::string waiting() const;
  Actor actor() const {
    return {operation, uint32_t(blockNumber), current->number, epoch, warpEpochs[current->number / 32]};
  }
  void accessMemory(uintptr_t address, size_t bytes, Kind kind);
  void accessSlowly(uintptr_t address, size_t bytes, Kind kind);
  bool accessOutsideOfHeap(uintptr_t address, size_t bytes, Kind kind, Problem &problem);

  DeviceChecker &deviceChecker;
  SharedChecker staticChecker, dynamicChecker;
  Heap &heap;
  Random random;
  FiberPool fibers;
  char *dynamic;

  const Launch *launch = nullptr;
  std::vector<void *> argumentAddresses;
  uint32_t operation = 0, serial = 0;
  const Clock *clock = nullptr;
  bool failed = false;

  uint64_t blockNumber = 0;
  unsigned blockIndex[3];
  std::vector<Thread> threads;
  std::vector<uint16_t> warpEpochs;
  std::vector<Meeting *> gathering;
  std::vector<Thread *> ready, atBarrier;
  unsigned threadCount = 0, started = 0, exited = 0;
  uint16_t epoch = 0;
  Permutation order;
  Thread *current = nullptr;
  Fiber *running = nullptr;
};

/// True iff the accesses of kernels are observed.
bool observed();

/// The device's only grid, once it is made.
extern Grid *theGrid;
inline Grid &grid() { return *theGrid; }

}  // namespace simulator
