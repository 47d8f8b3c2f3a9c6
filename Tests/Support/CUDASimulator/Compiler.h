#pragma once
#include <string>
#include <utility>
#include <vector>

namespace simulator {

/// A text of kernels, headers that it may include by name, and options for the compiler.
struct Compilation {
  std::string name, source;
  std::vector<std::pair<std::string, std::string>> headers;
  std::vector<std::string> options;
};

/// Compiles kernels with the host compiler into a library for `Image`, unless one of the same text, options, compiler
/// and simulator is there. Gives its path, or an empty string; `log` has what the compiler said.
///
/// The text is expanded first; its kernels are those functions that then stand behind `__global__`, of which a table is
/// appended. With checks on, the compiler puts a call before each load and store.
std::string compile(const Compilation &compilation, std::string &log);

/// The names of the kernels in an expanded text, in order.
std::vector<std::string> kernelNames(const std::string &expanded);

/// `extern __shared__ T name[];` in an expanded text made to `T *name = ...` of the block's dynamic shared memory.
std::string withDynamicShared(const std::string &expanded);

}  // namespace simulator
