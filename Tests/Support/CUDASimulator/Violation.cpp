#include "Violation.h"

#include <cstdarg>
#include <cstdio>
#include <vector>

namespace simulator {

namespace {
int sticky = 0;
std::string first;
}  // namespace

void violate(int code, const std::string &text) {
  fprintf(stderr, "CUDASimulator: %s\n", text.c_str());
  if (first.empty()) first = text;
  if (sticky == 0) sticky = code;
}

int stickyError() { return sticky; }

void clearStickyError() { sticky = 0; }

const std::string &firstViolation() { return first; }

std::string format(const char *pattern, ...) {
  va_list arguments, again;
  va_start(arguments, pattern);
  va_copy(again, arguments);
  int length = vsnprintf(nullptr, 0, pattern, arguments);
  std::vector<char> buffer(size_t(length) + 1);
  vsnprintf(buffer.data(), buffer.size(), pattern, again);
  va_end(arguments);
  va_end(again);
  return std::string(buffer.data(), size_t(length));
}

}  // namespace simulator
