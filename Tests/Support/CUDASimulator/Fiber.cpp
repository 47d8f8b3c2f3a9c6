#include "Fiber.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

extern "C" void cgad_fiber_switch(void **save, void *load);

// Pushes the registers that a callee must keep, exchanges the stack pointers, and pops.
#if defined(__x86_64__)
asm(R"(
.text
.globl cgad_fiber_switch
.type cgad_fiber_switch, @function
cgad_fiber_switch:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
.size cgad_fiber_switch, .-cgad_fiber_switch
)");
#elif defined(__aarch64__)
asm(R"(
.text
.globl cgad_fiber_switch
.type cgad_fiber_switch, %function
cgad_fiber_switch:
  sub sp, sp, #160
  stp x19, x20, [sp, #0]
  stp x21, x22, [sp, #16]
  stp x23, x24, [sp, #32]
  stp x25, x26, [sp, #48]
  stp x27, x28, [sp, #64]
  stp x29, x30, [sp, #80]
  stp d8, d9, [sp, #96]
  stp d10, d11, [sp, #112]
  stp d12, d13, [sp, #128]
  stp d14, d15, [sp, #144]
  mov x9, sp
  str x9, [x0]
  mov sp, x1
  ldp x19, x20, [sp, #0]
  ldp x21, x22, [sp, #16]
  ldp x23, x24, [sp, #32]
  ldp x25, x26, [sp, #48]
  ldp x27, x28, [sp, #64]
  ldp x29, x30, [sp, #80]
  ldp d8, d9, [sp, #96]
  ldp d10, d11, [sp, #112]
  ldp d12, d13, [sp, #128]
  ldp d14, d15, [sp, #144]
  add sp, sp, #160
  ret
.size cgad_fiber_switch, .-cgad_fiber_switch
)");
#else
#error "fibers are written for x86-64 and aarch64"
#endif

namespace simulator {

namespace {
/// Where `enter` was called.
void *outside;

/// Stacks begin at different places of their first page: else all would compete for the same few lines of the cache.
size_t nextColour() {
  static size_t count = 0;
  return count++ * 320 % 4096;
}
}  // namespace

Fiber::Fiber(void (*body)()) {
  size_t guard = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  void *memory = mmap(nullptr, guard + size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
  if (memory == MAP_FAILED || mprotect(memory, guard, PROT_NONE) != 0) {
    perror("CUDASimulator: the stack of a thread");
    abort();
  }
  base = static_cast<char *>(memory) + guard;
  auto *top = reinterpret_cast<void **>(base + size - nextColour() / 64 * 64);
#if defined(__x86_64__)
  top[-2] = reinterpret_cast<void *>(body);  // returned to; above it, the place of a return address that is never used
  pointer = top - 8;
#else
  pointer = top - 20;
  static_cast<void **>(pointer)[11] = reinterpret_cast<void *>(body);
#endif
}

Fiber::~Fiber() {
  size_t guard = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  munmap(base - guard, guard + size);
}

void Fiber::enter() { cgad_fiber_switch(&outside, pointer); }

void Fiber::leave() { cgad_fiber_switch(&pointer, outside); }

Fiber *FiberPool::take() {
  if (idle.empty()) return new Fiber(body);
  Fiber *fiber = idle.back();
  idle.pop_back();
  return fiber;
}

}  // namespace simulator
