#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace simulator {

/// A stack that runs one function, which never returns, and that can be left and entered again.
class Fiber {
 public:
  explicit Fiber(void (*body)());
  ~Fiber();
  Fiber(const Fiber &) = delete;

  /// Leaves the caller's stack for this one; returns when something calls `leave`.
  void enter();

  /// Leaves this stack, on which the caller runs, for that of the last caller of `enter`.
  void leave();

  /// True iff `address` lies on this stack.
  bool holds(uintptr_t address) const { return address - reinterpret_cast<uintptr_t>(base) < size; }

  /// Bytes of a stack; a guard page lies below it.
  static constexpr size_t size = 128 << 10;

 private:
  char *base;
  void *pointer;
};

/// Stacks that are not in use, to be used again.
class FiberPool {
 public:
  explicit FiberPool(void (*body)()) : body(body) {}
  Fiber *take();
  void give(Fiber *fiber) { idle.push_back(fiber); }

 private:
  void (*body)();
  std::vector<Fiber *> idle;
};

}  // namespace simulator
