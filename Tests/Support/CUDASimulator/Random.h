#pragma once
#include <cstdint>
#include <numeric>

namespace simulator {

/// SplitMix64 (Steele, Lea, Flood 2014).
class Random {
 public:
  explicit Random(uint64_t seed) : state(seed) {}

  uint64_t next() {
    uint64_t z = state += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }

  /// A number below `bound`, which is at least 1.
  uint64_t below(uint64_t bound) { return uint64_t((static_cast<unsigned __int128>(next()) * bound) >> 64); }

 private:
  uint64_t state;
};

/// A random order of 0 ..< `count` that needs no memory: `start + step * i` modulo `count`, with `step` prime to `count`.
class Permutation {
 public:
  Permutation(uint64_t count, Random &random) : count(count), step(1), at(random.below(count)) {
    if (count < 3) return;
    do step = 1 + random.below(count - 1);
    while (std::gcd(step, count) != 1);
  }

  /// The next number; after `count` calls it begins again.
  uint64_t next() {
    uint64_t result = at;
    at += step;
    if (at >= count) at -= count;
    return result;
  }

 private:
  uint64_t count, step, at;
};

}  // namespace simulator
