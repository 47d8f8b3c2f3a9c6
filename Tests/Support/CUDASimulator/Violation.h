#pragma once
#include <string>

namespace simulator {

/// Prints `text`, keeps it if it is the first, and makes `code` the sticky error of the context.
void violate(int code, const std::string &text);

/// The sticky error of the context, or 0.
int stickyError();

/// Ends the sticky error, as the end of the primary context does.
void clearStickyError();

/// The text of the first violation, or an empty string.
const std::string &firstViolation();

/// `printf` into a string.
std::string format(const char *pattern, ...) __attribute__((format(printf, 1, 2)));

}  // namespace simulator
