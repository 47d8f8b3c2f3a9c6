#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "History.h"
#include "Random.h"

namespace simulator {

struct Operation;
using OperationRef = std::shared_ptr<Operation>;

/// What an operation does when its turn comes.
using Body = std::function<void(const Operation &)>;

/// Something that was put into a stream, or a node of a graph that was launched.
struct Operation {
  uint32_t id;
  Clock clock;
  Body body;
  bool done = false;
  /// When it was complete, in seconds since some fixed time.
  double completion = 0;
  unsigned missing = 0;
  std::vector<OperationRef> successors;
};

/// Operations that wait to run. None runs before something waits for it; which of those that could run does so next, a
/// seed chooses.
class Queue {
 public:
  Queue(History &history, uint64_t seed) : history(history), random(seed) {}

  /// Adds an operation to `lane` that begins after those in `after` (nil ones are ignored) and after all of which the
  /// host knows that they are complete.
  OperationRef add(unsigned lane, const std::string &name, const std::vector<OperationRef> &after, Body body);

  /// Runs operations until `operation` is complete, and tells the host so. Does nothing for nil.
  void wait(const OperationRef &operation);

  /// Runs all operations, and tells the host so.
  void waitForAll();

  /// Runs one operation; true iff there was one. As time that passes between two calls of the driver.
  bool step();

 private:
  void run(Operation &operation);

  History &history;
  Random random;
  Clock host;
  std::vector<OperationRef> ready;
};

}  // namespace simulator
