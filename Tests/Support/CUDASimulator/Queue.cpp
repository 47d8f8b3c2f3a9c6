#include "Queue.h"

#include <chrono>

#include "Violation.h"

namespace simulator {

OperationRef Queue::add(unsigned lane, const std::string &name, const std::vector<OperationRef> &after, Body body) {
  auto operation = std::make_shared<Operation>();
  operation->clock = host;
  operation->body = std::move(body);
  for (const OperationRef &earlier : after) {
    if (!earlier) continue;
    operation->clock.join(earlier->clock);
    if (earlier->done) continue;
    earlier->successors.push_back(operation);
    operation->missing++;
  }
  operation->id = history.add(lane, name, operation->clock);
  if (operation->missing == 0) ready.push_back(operation);
  return operation;
}

bool Queue::step() {
  if (ready.empty()) return false;
  std::swap(ready[random.below(ready.size())], ready.back());
  OperationRef operation = ready.back();
  ready.pop_back();
  run(*operation);
  return true;
}

/// After a sticky error, operations end without doing anything.
void Queue::run(Operation &operation) {
  if (operation.body && stickyError() == 0) operation.body(operation);
  operation.body = nullptr;
  operation.done = true;
  std::chrono::duration<double> time = std::chrono::steady_clock::now().time_since_epoch();
  operation.completion = time.count();
  for (OperationRef &successor : operation.successors)
    if (--successor->missing == 0) ready.push_back(successor);
  operation.successors.clear();
}

void Queue::wait(const OperationRef &operation) {
  if (!operation) return;
  while (!operation->done) step();
  host.join(operation->clock);
}

void Queue::waitForAll() {
  while (step()) {
  }
  host = history.all();
}

}  // namespace simulator
