#include "Simulation.h"

namespace simulator {

thread_local void *currentContext = nullptr;

Simulation::Simulation()
    : heap(settings().memory),
      checker(heap, history),
      grid(checker, heap, settings().seed),
      queue(history, settings().seed ^ 0x5bd1e995),
      streams(history, queue) {
  theGrid = &grid;
}

bool Simulation::isPinned(const void *address, size_t bytes) const {
  auto begin = reinterpret_cast<uintptr_t>(address);
  auto next = pinned.upper_bound(begin);
  if (next == pinned.begin()) return false;
  --next;
  return begin - next->first + bytes <= next->second;
}

Simulation &simulation() {
  static auto *shared = new Simulation;
  return *shared;
}

Grid *theGrid = nullptr;

bool observed() { return settings().checks; }

int finish(Simulation &s, const OperationRef &operation) {
  s.queue.wait(operation);
  return stickyError();
}

}  // namespace simulator
