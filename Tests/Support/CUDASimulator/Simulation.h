#pragma once
#include <map>
#include <mutex>
#include <set>

#include "Checker.h"
#include "Codes.h"
#include "Grid.h"
#include "Image.h"
#include "Queue.h"
#include "Settings.h"
#include "Stream.h"
#include "Violation.h"

namespace simulator {

/// One device with one context.
struct Simulation {
  std::recursive_mutex mutex;
  Heap heap;
  History history;
  DeviceChecker checker;
  Grid grid;
  Queue queue;
  Streams streams;

  bool initialized = false;
  unsigned retained = 0;
  std::set<Event *> events;
  std::set<Image *> images;
  std::set<Function *> functions;
  std::set<Graph *> graphs;
  std::set<ExecutableGraph *> executables;
  /// Page-locked memory of the host: bytes by address.
  std::map<uintptr_t, size_t> pinned;

  Simulation();

  /// True iff the bytes lie in one piece of page-locked memory.
  bool isPinned(const void *address, size_t bytes) const;
};

Simulation &simulation();

/// The context of the calling thread, or nil; there is one context, whose handle is that of the simulation.
extern thread_local void *currentContext;

/// What a function of the driver needs before it does anything.
enum class Needs { nothing, initialization, context };

/// The body of the driver's function `name`: locks, injects failures, and checks what the function needs.
template <typename Function>
int call(const char *name, Needs needs, const Function &body) {
  std::lock_guard lock(simulation().mutex);
  if (int code = injectedFailure(name)) {
    if (code >= codeIllegalAddress && code <= codeLaunchFailed) violate(code, format("%s: injected", name));
    return code;
  }
  if (needs != Needs::nothing && !simulation().initialized) return codeNotInitialized;
  if (needs == Needs::context && !currentContext) return codeInvalidContext;
  if (needs == Needs::context && stickyError() != 0) return stickyError();
  return body(simulation());
}

/// Waits until the operation is complete; gives the sticky error, if there is one then.
int finish(Simulation &s, const OperationRef &operation);

}  // namespace simulator
