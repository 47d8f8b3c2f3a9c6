#include "Grid.h"

#include <cstring>

#include "Codes.h"
#include "Violation.h"

namespace simulator {

Grid::Grid(DeviceChecker &device, Heap &heap, uint64_t seed)
    : deviceChecker(device), heap(heap), random(seed), fibers(fiberMain), order(1, random) {
  dynamic = static_cast<char *>(reserve(maximumShared, true));
}

bool Grid::run(const Launch &newLaunch, uint32_t newOperation, const Clock &newClock) {
  launch = &newLaunch;
  operation = newOperation;
  clock = &newClock;
  failed = false;
  argumentAddresses.clear();
  for (auto &argument : launch->arguments)
    argumentAddresses.push_back(const_cast<std::byte *>(argument.data()));
  memset(launch->table->sharedBegin, 0xff, size_t(launch->table->sharedEnd - launch->table->sharedBegin));
  memset(dynamic, 0xff, launch->sharedBytes);
  Permutation blocks(launch->grid.count(), random);
  for (uint64_t i = 0; i < launch->grid.count(); i++) {
    prepareBlock(blocks.next());
    if (!runBlock()) return false;
  }
  return true;
}

void Grid::prepareBlock(uint64_t block) {
  auto &extent = launch->grid.axis;
  blockNumber = block;
  blockIndex[0] = unsigned(block % extent[0]);
  blockIndex[1] = unsigned(block / extent[0] % extent[1]);
  blockIndex[2] = unsigned(block / extent[0] / extent[1]);
  threadCount = unsigned(launch->block.count());
  started = exited = epoch = 0;
  threads.assign(threadCount, {});
  warpEpochs.assign((threadCount + 31) / 32, 0);
  order = Permutation(threadCount, random);
  serial++;
  auto *table = launch->table;
  staticChecker.begin(table->sharedBegin, size_t(table->sharedEnd - table->sharedBegin), serial);
  dynamicChecker.begin(dynamic, launch->sharedBytes, serial);
}

/// Starts and resumes threads until all have exited; false after a violation.
bool Grid::runBlock() {
  for (;;) {
    if (!ready.empty()) {
      std::swap(ready[random.below(ready.size())], ready.back());
      current = ready.back();
      ready.pop_back();
      current->state = Thread::State::running;
      enter(current->fiber);
    } else if (started < threadCount) {
      enter(fibers.take());
    } else if (exited == threadCount) {
      return true;
    } else if (!releaseBarrier()) {
      failed = true;
    }
    if (failed) {
      abandon();
      return false;
    }
  }
}

void Grid::enter(Fiber *fiber) {
  running = fiber;
  fiber->enter();
  if (!current && !failed) fibers.give(fiber);
  current = nullptr;
}

void Grid::fiberMain() {
  for (;;) {
    grid().runThreads();
    grid().running->leave();
  }
}

/// Runs threads that have not begun, as long as there are any; leaves with `current` nil.
void Grid::runThreads() {
  auto &extent = launch->block.axis;
  while (started < threadCount) {
    unsigned number = unsigned(order.next());
    started++;
    Thread &thread = threads[number];
    thread.index[0] = number % extent[0];
    thread.index[1] = number / extent[0] % extent[1];
    thread.index[2] = number / extent[0] / extent[1];
    thread.number = uint16_t(number);
    thread.state = Thread::State::running;
    thread.fiber = running;
    current = &thread;
    launch->kernel->call(argumentAddresses.data());
    current->state = Thread::State::exited;
    exited++;
  }
  current = nullptr;
}

/// Leaves the running thread until something makes it ready.
void Grid::wait(Thread::State state) {
  current->state = state;
  running->leave();
}

void Grid::makeReady(Thread &thread) {
  thread.state = Thread::State::ready;
  ready.push_back(&thread);
}

void Grid::barrier(Site site) {
  current->site = site;
  atBarrier.push_back(current);
  wait(Thread::State::atBarrier);
}

/// Called when every thread waits or has exited: lets those at the barrier go on, if all are there.
bool Grid::releaseBarrier() {
  bool together = atBarrier.size() == threadCount;
  for (const Thread *thread : atBarrier) together = together && thread->site == atBarrier[0]->site;
  if (!together) {
    violate(codeLaunchFailed, format("kernel '%s': divergent barrier in block %llu: %s", launch->kernel->name,
                                     static_cast<unsigned long long>(blockNumber), waiting().c_str()));
    return false;
  }
  epoch++;
  ready.swap(atBarrier);
  return true;
}

/// Where the threads are: "31 threads wait at line 12, 1 has exited".
std::string Grid::waiting() const {
  std::vector<std::pair<std::string, unsigned>> places;
  for (const Thread &thread : threads) {
    bool out = thread.state == Thread::State::exited;
    bool meets = thread.state == Thread::State::inMeeting;
    std::string place = out ? "ended" : format("%s %s:%d", meets ? "in a warp operation at" : "at", thread.site.file,
                                               thread.site.line);
    bool known = false;
    for (auto &entry : places)
      if (entry.first == place) entry.second++, known = true;
    if (!known) places.push_back({place, 1});
  }
  std::string text;
  for (auto &[place, count] : places)
    text += format("%s%u %s %s", text.empty() ? "" : ", ", count, count == 1 ? "thread" : "threads", place.c_str());
  return text;
}

bool Grid::accessOutsideOfHeap(uintptr_t address, size_t bytes, Kind kind, Problem &problem) {
  if (address - reinterpret_cast<uintptr_t>(dynamic) < maximumShared)
    return dynamicChecker.access(address, bytes, kind, actor(), problem);
  auto *table = launch->table;
  auto image = reinterpret_cast<uintptr_t>(table->imageBegin);
  bool constant = address - image < size_t(table->imageEnd - table->imageBegin);
  if (constant) return true;
  problem = {codeIllegalAddress, format("accesses %#zx, which is not device memory", address)};
  return false;
}

void Grid::accessMemory(uintptr_t address, size_t bytes, Kind kind) {
  if (kind == Kind::read && (address | bytes) % granuleBytes == 0) {
    if (heap.holds(address) && deviceChecker.isKnownRead(address, bytes, actor())) return;
    if (staticChecker.holds(address) && staticChecker.isKnownRead(address, bytes, actor())) return;
  }
  accessSlowly(address, bytes, kind);
}

void Grid::accessSlowly(uintptr_t address, size_t bytes, Kind kind) {
  Problem problem;
  bool right = heap.holds(address)            ? deviceChecker.access(address, bytes, kind, actor(), *clock, problem)
               : staticChecker.holds(address) ? staticChecker.access(address, bytes, kind, actor(), problem)
                                              : accessOutsideOfHeap(address, bytes, kind, problem);
  if (!right) fail(problem.code, problem.text);
}

void Grid::fail(int code, const std::string &text) {
  violate(code, format("kernel '%s', block (%u, %u, %u), thread (%u, %u, %u): %s", launch->kernel->name, block(0),
                       block(1), block(2), thread(0), thread(1), thread(2), text.c_str()));
  failed = true;
  running->leave();
  __builtin_unreachable();
}

/// Forgets the threads of a block that a violation ended; their stacks are of no more use.
void Grid::abandon() {
  for (Thread &thread : threads)
    if (thread.state != Thread::State::exited && thread.state != Thread::State::unstarted) delete thread.fiber;
  for (Meeting *meeting : gathering) delete meeting;
  gathering.clear();
  ready.clear();
  atBarrier.clear();
}

}  // namespace simulator
