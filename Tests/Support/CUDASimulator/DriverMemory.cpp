#include <cstdlib>
#include <cstring>
#include <memory>

#include "Simulation.h"
#include "cgad_simulator.h"

/// The driver's functions for memory and copies.

using simulator::call;
using simulator::format;
using simulator::Needs;
using simulator::Simulation;
using simulator::Stream;
using Address = unsigned long long;

namespace {

/// A copy or a filling in a stream; an address of the host is not checked.
struct Transfer {
  std::string name;
  uintptr_t to, from;
  size_t bytes;
  bool toDevice, fromDevice;
};

/// Checks what a transfer accesses as the operation runs; true iff it may go on.
bool check(Simulation &s, const Transfer &transfer, const simulator::Operation &operation) {
  if (int code = simulator::injectedFailure("copy")) {
    simulator::violate(code, transfer.name + ": injected");
    return false;
  }
  if (!simulator::settings().checks) return true;
  simulator::Problem problem;
  simulator::Actor actor{.operation = operation.id};
  auto right = [&](uintptr_t address, simulator::Kind kind) {
    return s.checker.access(address, transfer.bytes, kind, actor, operation.clock, problem);
  };
  if ((!transfer.fromDevice || right(transfer.from, simulator::Kind::read)) &&
      (!transfer.toDevice || right(transfer.to, simulator::Kind::write)))
    return true;
  simulator::violate(problem.code, format("%s: %s", transfer.name.c_str(), problem.text.c_str()));
  return false;
}

int submit(
    Simulation &s, void *handle, const Transfer &transfer, std::function<void()> body,
    std::function<void()> launched = nullptr) {
  Stream *stream = s.streams.find(handle);
  if (!stream) return simulator::codeInvalidHandle;
  if (transfer.bytes == 0) return simulator::codeSuccess;
  if (transfer.toDevice && !s.heap.allocated(transfer.to, transfer.bytes)) return simulator::codeInvalidValue;
  if (transfer.fromDevice && !s.heap.allocated(transfer.from, transfer.bytes)) return simulator::codeInvalidValue;
  auto run = [&s, transfer, body](const simulator::Operation &operation) {
    if (check(s, transfer, operation)) body();
  };
  return s.streams.submit(*stream, transfer.name, run, launched);
}

void move(const Transfer &transfer) {
  memmove(reinterpret_cast<void *>(transfer.to), reinterpret_cast<const void *>(transfer.from), transfer.bytes);
}

/// From memory that is not page-locked the driver takes the bytes at once, but for a captured copy.
int fromHost(Simulation &s, Address to, const void *from, size_t bytes, void *stream) {
  Transfer transfer{format("copy of %zu bytes to the device", bytes), to, uintptr_t(from), bytes, true, false};
  Stream *found = s.streams.find(stream);
  if (s.isPinned(from, bytes) || (found && found->capture)) return submit(s, stream, transfer, [=] { move(transfer); });
  auto *begin = static_cast<const char *>(from);
  auto staged = std::make_shared<std::vector<char>>(begin, begin + bytes);
  return submit(s, stream, transfer, [=] { memcpy(reinterpret_cast<void *>(transfer.to), staged->data(), bytes); });
}

/// A copy to memory that is not page-locked is complete when the call returns. Page-locked memory holds ones until then,
/// for a program that reads too early.
int toHost(Simulation &s, void *to, Address from, size_t bytes, void *stream) {
  Transfer transfer{format("copy of %zu bytes to the host", bytes), uintptr_t(to), from, bytes, false, true};
  if (s.isPinned(to, bytes))
    return submit(s, stream, transfer, [=] { move(transfer); }, [=] { memset(to, 0xff, bytes); });
  int code = submit(s, stream, transfer, [=] { move(transfer); });
  Stream *found = s.streams.find(stream);
  return code != simulator::codeSuccess || found->capture ? code : simulator::finish(s, found->tail);
}

int poison(Simulation &s, Address address, size_t bytes, void *stream) {
  Transfer transfer{format("end of %zu bytes", bytes), address, 0, bytes, true, false};
  return submit(s, stream, transfer, [&s, address, bytes] { s.heap.poison(address, bytes); });
}

/// Filling with ones (a NaN in every float format) ends contents: the machine fills values with them that a plan deletes.
int fill(Simulation &s, Address to, size_t count, const void *element, size_t size, void *stream) {
  Transfer transfer{format("filling of %zu bytes", count * size), to, 0, count * size, true, false};
  std::string pattern(static_cast<const char *>(element), size);
  if (pattern == std::string(size, '\xff')) return poison(s, to, count * size, stream);
  return submit(s, stream, transfer, [=] {
    for (size_t i = 0; i < count; i++) memcpy(reinterpret_cast<char *>(to) + i * size, pattern.data(), size);
  });
}

/// The rest of a call that returns when its work in the null stream is complete.
int synchronously(Simulation &s, int code) {
  return code ? code : simulator::finish(s, s.streams.find(nullptr)->tail);
}

template <typename Body>
int synchronous(const char *name, const Body &body) {
  return call(name, Needs::context, [&](Simulation &s) {
    if (int code = s.streams.implicitByCapture()) return code;
    if (int code = s.streams.prohibitedByCapture()) return code;
    return synchronously(s, body(s));
  });
}

int allocateHost(const char *name, void **address, size_t bytes) {
  return call(name, Needs::context, [&](Simulation &s) {
    if (int code = s.streams.prohibitedByCapture()) return code;
    if (bytes == 0) return int(simulator::codeInvalidValue);
    *address = aligned_alloc(4096, (bytes + 4095) / 4096 * 4096);
    if (!*address) return int(simulator::codeOutOfMemory);
    s.pinned[uintptr_t(*address)] = bytes;
    memset(*address, 0xff, bytes);
    return int(simulator::codeSuccess);
  });
}

}  // namespace

extern "C" {

int cuMemGetInfo_v2(size_t *free, size_t *total) {
  return call("cuMemGetInfo_v2", Needs::context, [&](Simulation &s) {
    *free = s.heap.capacity - s.heap.used();
    *total = s.heap.capacity;
    return simulator::codeSuccess;
  });
}

int cuMemAlloc_v2(Address *address, size_t bytes) {
  return call("cuMemAlloc_v2", Needs::context, [&](Simulation &s) -> int {
    if (int code = s.streams.prohibitedByCapture()) return code;
    if (bytes == 0) return simulator::codeInvalidValue;
    *address = s.heap.allocate(bytes);
    return *address ? simulator::codeSuccess : simulator::codeOutOfMemory;
  });
}

/// Work that is still to run does not keep the memory: it must have been waited for.
int cuMemFree_v2(Address address) {
  return call("cuMemFree_v2", Needs::context, [&](Simulation &s) -> int {
    if (int code = s.streams.prohibitedByCapture()) return code;
    return address == 0 || s.heap.release(address) ? simulator::codeSuccess : simulator::codeInvalidValue;
  });
}

int cuMemGetAddressRange_v2(Address *base, size_t *bytes, Address address) {
  return call("cuMemGetAddressRange_v2", Needs::context, [&](Simulation &s) {
    auto [begin, size] = s.heap.allocation(address);
    if (base) *base = begin;
    if (bytes) *bytes = size;
    return size ? simulator::codeSuccess : simulator::codeNotFound;
  });
}

int cuMemAllocHost_v2(void **address, size_t bytes) { return allocateHost("cuMemAllocHost_v2", address, bytes); }

int cuMemHostAlloc(void **address, size_t bytes, unsigned) { return allocateHost("cuMemHostAlloc", address, bytes); }

int cuMemFreeHost(void *address) {
  return call("cuMemFreeHost", Needs::context, [&](Simulation &s) {
    if (int code = s.streams.prohibitedByCapture()) return code;
    if (s.pinned.erase(uintptr_t(address)) == 0) return int(simulator::codeInvalidValue);
    s.queue.waitForAll();
    free(address);
    return simulator::stickyError();
  });
}

int cuMemcpyHtoD_v2(Address to, const void *from, size_t bytes) {
  return synchronous("cuMemcpyHtoD_v2", [&](Simulation &s) { return fromHost(s, to, from, bytes, nullptr); });
}

int cuMemcpyDtoH_v2(void *to, Address from, size_t bytes) {
  return synchronous("cuMemcpyDtoH_v2", [&](Simulation &s) { return toHost(s, to, from, bytes, nullptr); });
}

int cuMemcpyHtoDAsync_v2(Address to, const void *from, size_t bytes, void *stream) {
  return call("cuMemcpyHtoDAsync_v2", Needs::context, [&](Simulation &s) {
    return fromHost(s, to, from, bytes, stream);
  });
}

int cuMemcpyDtoHAsync_v2(void *to, Address from, size_t bytes, void *stream) {
  return call("cuMemcpyDtoHAsync_v2", Needs::context, [&](Simulation &s) {
    return toHost(s, to, from, bytes, stream);
  });
}

int cuMemcpyDtoDAsync_v2(Address to, Address from, size_t bytes, void *stream) {
  return call("cuMemcpyDtoDAsync_v2", Needs::context, [&](Simulation &s) {
    Transfer transfer{format("copy of %zu bytes on the device", bytes), to, from, bytes, true, true};
    return submit(s, stream, transfer, [=] { move(transfer); });
  });
}

int cuMemsetD8Async(Address to, unsigned char value, size_t count, void *stream) {
  return call("cuMemsetD8Async", Needs::context, [&](Simulation &s) { return fill(s, to, count, &value, 1, stream); });
}

int cuMemsetD32Async(Address to, unsigned value, size_t count, void *stream) {
  return call("cuMemsetD32Async", Needs::context, [&](Simulation &s) {
    return to % 4 ? int(simulator::codeInvalidValue) : fill(s, to, count, &value, 4, stream);
  });
}

int cgadSimPoison(uint64_t address, size_t bytes, void *stream) {
  return call("cgadSimPoison", Needs::context, [&](Simulation &s) { return poison(s, address, bytes, stream); });
}
}
