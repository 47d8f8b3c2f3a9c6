#pragma once
#include <cstddef>
#include <cstdint>
#include <string>

namespace simulator {

/// What the environment asks for; the variables are described in `cgad_simulator.h`.
struct Settings {
  uint64_t seed;
  bool checks;
  size_t memory;
  std::string failingName;
  uint64_t failingCall;
  int failingCode;
  int architecture;
  int driver;
  std::string compiler;
  std::string cache;
  std::string options;
  std::string source;
};

/// The bytes of a file; none if it cannot be read.
std::string read(const std::string &path);

/// The settings of this process, read once.
const Settings &settings();

/// The code that the running call of `name` must return, or 0; counts the calls.
int injectedFailure(const char *name);

}  // namespace simulator
