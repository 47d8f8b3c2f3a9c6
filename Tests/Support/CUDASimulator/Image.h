#pragma once
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "Compiler.h"
#include "simt/interface.h"

namespace simulator {

/// A kernel of a loaded image, and what `cuFuncSetAttribute` has set.
struct Function {
  const CGADKernel *kernel;
  const CGADKernelTable *table;
  size_t maximumDynamic = 48 << 10;
};

/// Kernels that were compiled for the host and are loaded.
///
/// An image is what is compiled, as text: the library is compiled, or found in the cache, where the image is loaded, so
/// that an image that a program keeps never goes with another simulator or other settings.
class Image {
 public:
  /// Loads an image as `write` makes it, or gives nil, a code and a text.
  static Image *load(const void *data, int &code, std::string &problem);

  /// The image of what was compiled; any other text is no image.
  static std::string write(const Compilation &compilation);

  /// The kernel, or nil.
  Function *find(const std::string &name);

 private:
  std::map<std::string, std::unique_ptr<Function>> functions;
};

}  // namespace simulator
