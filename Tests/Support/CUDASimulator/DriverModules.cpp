#include <cstring>

#include "Simulation.h"

/// The driver's functions for modules and launches.

using simulator::call;
using simulator::Function;
using simulator::Image;
using simulator::Launch;
using simulator::Needs;
using simulator::Simulation;

namespace {

/// Options of `cuModuleLoadDataEx`: a buffer for messages, and its size as a number in place of an address.
constexpr int errorLog = 5, errorLogSize = 6;

constexpr int attributeMaximumThreads = 0, attributeMaximumDynamic = 8;

void writeLog(const std::string &text, unsigned count, const int *options, void **values) {
  char *log = nullptr;
  size_t size = 0;
  for (unsigned i = 0; i < count; i++) {
    if (options[i] == errorLog) log = static_cast<char *>(values[i]);
    if (options[i] == errorLogSize) size = size_t(values[i]);
  }
  if (!log || size == 0) return;
  strncpy(log, text.c_str(), size);
  log[size - 1] = 0;
}

int load(const char *name, Image **image, const void *data, unsigned count, const int *options, void **values) {
  return call(name, Needs::context, [&](Simulation &s) {
    if (int code = s.streams.prohibitedByCapture()) return code;
    int code = simulator::codeSuccess;
    std::string problem;
    *image = Image::load(data, code, problem);
    if (*image)
      s.images.insert(*image);
    else
      writeLog(problem, count, options, values);
    return code;
  });
}

bool fits(const Launch &launch, const Function &function) {
  const unsigned gridLimits[] = {2147483647, 65535, 65535}, blockLimits[] = {1024, 1024, 64};
  for (int axis = 0; axis < 3; axis++) {
    if (launch.grid.axis[axis] == 0 || launch.grid.axis[axis] > gridLimits[axis]) return false;
    if (launch.block.axis[axis] == 0 || launch.block.axis[axis] > blockLimits[axis]) return false;
  }
  return launch.block.count() <= 1024 && launch.sharedBytes <= function.maximumDynamic;
}

void run(Simulation &s, const Launch &launch, const simulator::Operation &operation) {
  if (int code = simulator::injectedFailure("launch"))
    simulator::violate(code, simulator::format("kernel '%s': injected", launch.kernel->name));
  else
    s.grid.run(launch, operation.id, operation.clock);
}

}  // namespace

extern "C" {

int cuModuleLoadData(Image **image, const void *data) {
  return load("cuModuleLoadData", image, data, 0, nullptr, nullptr);
}

int cuModuleLoadDataEx(Image **image, const void *data, unsigned count, int *options, void **values) {
  return load("cuModuleLoadDataEx", image, data, count, options, values);
}

/// Work that is still to run keeps the code of its kernels: libraries stay loaded.
int cuModuleUnload(Image *image) {
  return call("cuModuleUnload", Needs::context, [&](Simulation &s) {
    if (int code = s.streams.prohibitedByCapture()) return code;
    return int(s.images.erase(image) ? simulator::codeSuccess : simulator::codeInvalidHandle);
  });
}

int cuModuleGetFunction(Function **function, Image *image, const char *name) {
  return call("cuModuleGetFunction", Needs::context, [&](Simulation &s) {
    if (!s.images.contains(image)) return simulator::codeInvalidHandle;
    *function = image->find(name);
    if (!*function) return simulator::codeNotFound;
    s.functions.insert(*function);
    return simulator::codeSuccess;
  });
}

int cuFuncGetAttribute(int *value, int attribute, Function *function) {
  return call("cuFuncGetAttribute", Needs::context, [&](Simulation &s) {
    if (!s.functions.contains(function)) return simulator::codeInvalidHandle;
    *value = attribute == attributeMaximumThreads   ? 1024
             : attribute == attributeMaximumDynamic ? int(function->maximumDynamic)
                                                    : 0;
    return simulator::codeSuccess;
  });
}

int cuFuncSetAttribute(Function *function, int attribute, int value) {
  return call("cuFuncSetAttribute", Needs::context, [&](Simulation &s) {
    if (!s.functions.contains(function)) return simulator::codeInvalidHandle;
    if (attribute != attributeMaximumDynamic) return simulator::codeSuccess;
    if (value < 0 || size_t(value) > simulator::Grid::maximumShared) return simulator::codeInvalidValue;
    function->maximumDynamic = size_t(value);
    return simulator::codeSuccess;
  });
}

int cuOccupancyMaxActiveBlocksPerMultiprocessor(int *blocks, Function *function, int threads, size_t) {
  return call("cuOccupancyMaxActiveBlocksPerMultiprocessor", Needs::context, [&](Simulation &s) {
    if (!s.functions.contains(function) || threads < 1 || threads > 1024) return simulator::codeInvalidValue;
    *blocks = 2048 / threads;
    return simulator::codeSuccess;
  });
}

int cuLaunchKernel(
    Function *function, unsigned gridX, unsigned gridY, unsigned gridZ, unsigned blockX, unsigned blockY,
    unsigned blockZ, unsigned sharedBytes, void *handle, void **arguments, void **extra) {
  return call("cuLaunchKernel", Needs::context, [&](Simulation &s) -> int {
    simulator::Stream *stream = s.streams.find(handle);
    if (!s.functions.contains(function) || !stream) return simulator::codeInvalidHandle;
    Launch launch{
        function->kernel, function->table, {{gridX, gridY, gridZ}}, {{blockX, blockY, blockZ}}, sharedBytes, {}};
    if (!fits(launch, *function) || extra) return simulator::codeInvalidValue;
    if (!arguments && function->kernel->count > 0) return simulator::codeInvalidValue;
    for (unsigned i = 0; i < function->kernel->count; i++) {
      auto *bytes = static_cast<const std::byte *>(arguments[i]);
      launch.arguments.emplace_back(bytes, bytes + function->kernel->sizes[i]);
    }
    std::string name = simulator::format("kernel %s", function->kernel->name);
    return s.streams.submit(*stream, name, [&s, launch](const simulator::Operation &operation) {
      run(s, launch, operation);
    });
  });
}
}
