#pragma once
#include <cstdint>
#include <string>
#include <unordered_set>
#include <vector>

namespace simulator {

/// A vector clock: for each lane the number of its last operation that is known to be complete.
class Clock {
 public:
  bool includes(unsigned lane, uint32_t number) const { return lane < known.size() && known[lane] >= number; }

  void learn(unsigned lane, uint32_t number) {
    if (lane >= known.size()) known.resize(lane + 1);
    if (known[lane] < number) known[lane] = number;
  }

  void join(const Clock &other) {
    for (unsigned lane = 0; lane < other.known.size(); lane++) learn(lane, other.known[lane]);
  }

 private:
  std::vector<uint32_t> known;
};

/// All operations of the process. A lane is a sequence of operations of which each begins after the one before it: a
/// stream, or a captured stream of a graph.
class History {
 public:
  unsigned newLane() {
    counts.push_back(0);
    return unsigned(counts.size() - 1);
  }

  /// Adds an operation, which knows itself from then on, and gives its id, at least 1.
  uint32_t add(unsigned lane, const std::string &name, Clock &clock) {
    clock.learn(lane, ++counts[lane]);
    operations.push_back({lane, counts[lane], &*names.insert(name).first});
    return uint32_t(operations.size() - 1);
  }

  /// True iff `operation` is complete before one whose clock is `clock` begins.
  bool precedes(uint32_t operation, const Clock &clock) const {
    return clock.includes(operations[operation].lane, operations[operation].number);
  }

  /// The clock of one who knows that all operations are complete.
  Clock all() const {
    Clock clock;
    for (unsigned lane = 0; lane < counts.size(); lane++) clock.learn(lane, counts[lane]);
    return clock;
  }

  const std::string &name(uint32_t operation) const { return *operations[operation].name; }

 private:
  struct Entry {
    unsigned lane;
    uint32_t number;
    const std::string *name;
  };
  std::vector<Entry> operations{{0, 0, nullptr}};
  std::vector<uint32_t> counts;
  std::unordered_set<std::string> names;
};

}  // namespace simulator
