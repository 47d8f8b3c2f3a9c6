#include "Settings.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace simulator {

namespace {

std::string text(const char *name, const std::string &otherwise) {
  const char *value = getenv(name);
  return value && *value ? value : otherwise;
}

/// The value of a variable that is a number; anything else ends the process, as a test would otherwise test nothing.
uint64_t number(const char *name, uint64_t otherwise) {
  const char *value = getenv(name);
  if (!value || !*value) return otherwise;
  char *end;
  uint64_t result = strtoull(value, &end, 10);
  if (*end == 0) return result;
  fprintf(stderr, "CUDASimulator: %s is '%s', not a number\n", name, value);
  exit(2);
}

void readFailure(Settings &settings) {
  std::string value = text("CGAD_SIM_FAIL", "");
  settings.failingCall = 0;
  if (value.empty()) return;
  char name[64];
  unsigned long long call;
  if (sscanf(value.c_str(), "%63[^:]:%llu:%d", name, &call, &settings.failingCode) != 3) {
    fprintf(stderr, "CUDASimulator: CGAD_SIM_FAIL is '%s', not NAME:N:CODE\n", value.c_str());
    exit(2);
  }
  settings.failingName = name;
  settings.failingCall = call;
}

Settings readEnvironment() {
  Settings settings{};
  settings.seed = number("CGAD_SIM_SEED", 1);
  settings.checks = number("CGAD_SIM_CHECK", 1) != 0;
  settings.memory = number("CGAD_SIM_MEMORY", size_t(4) << 30);
  settings.architecture = int(number("CGAD_SIM_ARCHITECTURE", 90));
  settings.driver = int(number("CGAD_SIM_DRIVER", 13000));
  settings.compiler = text("CGAD_SIM_CXX", "clang++");
  std::string temporary = text("TMPDIR", "/tmp");
  settings.cache = text("CGAD_SIM_CACHE", temporary + "/cgad-simulator-" + std::to_string(getuid()));
  settings.options = text("CGAD_SIM_OPTIONS", "");
  settings.source = text("CGAD_SIM_SOURCE", "");
  readFailure(settings);
  return settings;
}

}  // namespace

std::string read(const std::string &path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

const Settings &settings() {
  static const Settings shared = readEnvironment();
  return shared;
}

int injectedFailure(const char *name) {
  static uint64_t calls = 0;
  if (settings().failingCall == 0 || settings().failingName != name) return 0;
  return ++calls == settings().failingCall ? settings().failingCode : 0;
}

}  // namespace simulator
