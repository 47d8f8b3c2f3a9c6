#include <algorithm>
#include <cstring>
#include <set>

#include "Product.h"

/// The entry points of cuBLASLt, as far as products of f32 need them. What the library would forgive is refused, too: other
/// attributes than the known ones, other sizes, an algorithm that was chosen for another product.

using simulator::Product;
using simulator::ProductLayout;
using simulator::ProductRounding;
using simulator::ProductShape;
using simulator::Simulation;

namespace {

/// As `cublas_api.h` numbers them.
enum Status { success = 0, notInitialized = 1, invalidValue = 7, executionFailed = 13, notSupported = 15 };

constexpr int real32 = 0, compute32 = 68, pedantic32 = 69, fastBF16 = 75, fastTF32 = 77;

constexpr uint64_t mark = 0x6c74616c676f7269;

struct Operation {
  int computeType;
  int32_t transposes[2] = {0, 0};
};

struct Preference {
  uint64_t workspaceBytes = 0;
  uint32_t reductions = 7;
  uint32_t alignments[4] = {256, 256, 256, 256};
};

/// What an algorithm says to this library: 64 bytes.
struct Algorithm {
  uint64_t mark;
  uint64_t shape;
  uint64_t workspaceBytes;
  uint32_t parts, unordered;
  uint32_t alignments[4];
  uint64_t unused[2];
};

struct Heuristic {
  Algorithm algorithm;
  size_t workspaceBytes;
  int status;
  float waves;
  int reserved[4];
};

static_assert(sizeof(Algorithm) == 64 && sizeof(Heuristic) == 96);

struct Handle {};

template <typename T>
std::set<const T *> &all() {
  static std::set<const T *> shared;
  return shared;
}

/// The body of the library's function `name`: locks, and injects failures.
template <typename Body>
int library(const char *name, const Body &body) {
  std::lock_guard lock(simulator::simulation().mutex);
  if (int status = simulator::injectedFailure(name)) return status;
  return body(simulator::simulation());
}

template <typename T>
int make(const char *name, T **result, const T &value) {
  return library(name, [&](Simulation &) {
    *result = new T(value);
    all<T>().insert(*result);
    return success;
  });
}

template <typename T>
int destroy(const char *name, T *object) {
  return library(name, [&](Simulation &) {
    if (all<T>().erase(object) == 0) return invalidValue;
    delete object;
    return success;
  });
}

/// Sets `field` to the value, which must have its size.
template <typename T>
Status assign(T &field, const void *value, size_t bytes) {
  if (!value || bytes != sizeof field) return invalidValue;
  memcpy(&field, value, bytes);
  return success;
}

/// A number that products of one shape and precision share.
uint64_t hash(const ProductShape &shape) {
  uint64_t h = uint64_t(shape.rounding) * 4 + shape.transposedA * 2 + shape.transposedB;
  for (const ProductLayout &l : {shape.a, shape.b, shape.c, shape.d})
    for (uint64_t x : {l.rows, l.columns, uint64_t(l.leading), uint64_t(l.stride), uint64_t(l.count)})
      h = (h ^ x) * 0x100000001b3;
  return h;
}

/// The product that descriptions are of; `invalidValue` where they do not fit together or are no descriptions.
Status describe(
    const Operation *operation, const ProductLayout *a, const ProductLayout *b, const ProductLayout *c,
    const ProductLayout *d, ProductShape &shape) {
  if (!all<Operation>().contains(operation)) return invalidValue;
  for (const ProductLayout *layout : {a, b, c, d})
    if (!all<ProductLayout>().contains(layout)) return invalidValue;
  auto rounding = operation->computeType == fastTF32   ? ProductRounding::tf32
                  : operation->computeType == fastBF16 ? ProductRounding::bf16
                                                       : ProductRounding::none;
  shape = {rounding, operation->transposes[0] != 0, operation->transposes[1] != 0, *a, *b, *c, *d};
  return shape.isSound() ? success : invalidValue;
}

/// The algorithm for a product: parts of 256 inner indices or more, at most 16, if their sums fit the workspace; parts that are
/// added where the results are, in any order, where the preference allows them.
Algorithm choose(const ProductShape &shape, const Preference &preference) {
  Algorithm algorithm{mark, hash(shape), 0, 1, 0, {}, {}};
  std::copy_n(preference.alignments, 4, algorithm.alignments);
  if (preference.reductions & 1 && shape.inner() >= 64) {
    algorithm.parts = 4;
    algorithm.unordered = 1;
  } else if (preference.reductions & 2) {
    uint64_t fitting = preference.workspaceBytes / shape.resultBytes();
    uint64_t parts = std::min({shape.inner() / 256, fitting, uint64_t(16)});
    if (parts >= 2) {
      algorithm.parts = uint32_t(parts);
      algorithm.workspaceBytes = parts * shape.resultBytes();
    }
  }
  return algorithm;
}

}  // namespace

extern "C" {

/// A version that no library has.
size_t cublasLtGetVersion() { return size_t(simulator::settings().driver / 1000) * 10000 + 9909; }

const char *cublasLtGetStatusName(int status) {
  switch (status) {
    case success: return "CUBLAS_STATUS_SUCCESS";
    case notInitialized: return "CUBLAS_STATUS_NOT_INITIALIZED";
    case invalidValue: return "CUBLAS_STATUS_INVALID_VALUE";
    case executionFailed: return "CUBLAS_STATUS_EXECUTION_FAILED";
    case notSupported: return "CUBLAS_STATUS_NOT_SUPPORTED";
    default: return "CUBLAS_STATUS_UNKNOWN";
  }
}

const char *cublasLtGetStatusString(int status) {
  switch (status) {
    case success: return "success";
    case notInitialized: return "the library was not initialized";
    case invalidValue: return "an unsupported value or parameter was passed to the function";
    case executionFailed: return "the function failed to launch on the GPU";
    case notSupported: return "the functionality requested is not supported";
    default: return "unknown status";
  }
}

int cublasLtCreate(Handle **handle) {
  if (!simulator::currentContext) return notInitialized;
  return make("cublasLtCreate", handle, Handle{});
}

int cublasLtDestroy(Handle *handle) { return destroy("cublasLtDestroy", handle); }

int cublasLtMatmulDescCreate(Operation **operation, int computeType, int scaleType) {
  bool known = computeType == compute32 || computeType == pedantic32 || computeType == fastBF16 || computeType == fastTF32;
  if (!known || scaleType != real32) return invalidValue;
  return make("cublasLtMatmulDescCreate", operation, Operation{computeType, {0, 0}});
}

int cublasLtMatmulDescDestroy(Operation *operation) { return destroy("cublasLtMatmulDescDestroy", operation); }

int cublasLtMatmulDescSetAttribute(Operation *operation, int attribute, const void *value, size_t bytes) {
  return library("cublasLtMatmulDescSetAttribute", [&](Simulation &) {
    if (!all<Operation>().contains(operation) || attribute < 3 || attribute > 4) return invalidValue;
    int32_t given;
    if (assign(given, value, bytes) != success || given < 0 || given > 1) return invalidValue;
    operation->transposes[attribute - 3] = given;
    return success;
  });
}

int cublasLtMatrixLayoutCreate(ProductLayout **layout, int type, uint64_t rows, uint64_t columns, int64_t leading) {
  if (type != real32) return invalidValue;
  return make("cublasLtMatrixLayoutCreate", layout, ProductLayout{rows, columns, leading, 0, 1});
}

int cublasLtMatrixLayoutDestroy(ProductLayout *layout) { return destroy("cublasLtMatrixLayoutDestroy", layout); }

int cublasLtMatrixLayoutSetAttribute(ProductLayout *layout, int attribute, const void *value, size_t bytes) {
  return library("cublasLtMatrixLayoutSetAttribute", [&](Simulation &) {
    if (!all<ProductLayout>().contains(layout)) return invalidValue;
    if (attribute == 5) return assign(layout->count, value, bytes);
    return attribute == 6 ? assign(layout->stride, value, bytes) : invalidValue;
  });
}

int cublasLtMatmulPreferenceCreate(Preference **preference) {
  return make("cublasLtMatmulPreferenceCreate", preference, Preference{});
}

int cublasLtMatmulPreferenceDestroy(Preference *preference) {
  return destroy("cublasLtMatmulPreferenceDestroy", preference);
}

int cublasLtMatmulPreferenceSetAttribute(Preference *preference, int attribute, const void *value, size_t bytes) {
  return library("cublasLtMatmulPreferenceSetAttribute", [&](Simulation &) {
    if (!all<Preference>().contains(preference)) return invalidValue;
    if (attribute == 1) return assign(preference->workspaceBytes, value, bytes);
    if (attribute == 3) return assign(preference->reductions, value, bytes);
    if (attribute < 5 || attribute > 8) return invalidValue;
    return assign(preference->alignments[attribute - 5], value, bytes);
  });
}

int cublasLtMatmulAlgoGetHeuristic(
    Handle *handle, Operation *operation, ProductLayout *a, ProductLayout *b, ProductLayout *c, ProductLayout *d,
    Preference *preference, int count, Heuristic *found, int *foundCount) {
  return library("cublasLtMatmulAlgoGetHeuristic", [&](Simulation &) {
    ProductShape shape;
    if (!all<Handle>().contains(handle)) return notInitialized;
    if (!all<Preference>().contains(preference) || count < 1 || !found || !foundCount) return invalidValue;
    if (Status status = describe(operation, a, b, c, d, shape)) return status;
    *foundCount = simulator::injectedFailure("algorithms") ? 0 : 1;
    if (*foundCount == 0) return success;
    Algorithm algorithm = choose(shape, *preference);
    found[0] = {algorithm, size_t(algorithm.workspaceBytes), success, 1, {}};
    return success;
  });
}

int cublasLtMatmul(
    Handle *handle, Operation *operation, const float *alpha, const void *a, ProductLayout *aLayout, const void *b,
    ProductLayout *bLayout, const float *beta, const void *c, ProductLayout *cLayout, void *d, ProductLayout *dLayout,
    const Algorithm *algorithm, void *workspace, size_t workspaceBytes, void *stream) {
  return library("cublasLtMatmul", [&](Simulation &s) -> int {
    ProductShape shape;
    if (!all<Handle>().contains(handle)) return notInitialized;
    if (!alpha || !beta || !a || !b || !c || !d || !algorithm) return invalidValue;
    if (Status status = describe(operation, aLayout, bLayout, cLayout, dLayout, shape)) return status;
    if (algorithm->mark != mark || algorithm->shape != hash(shape)) return invalidValue;
    if (workspaceBytes < algorithm->workspaceBytes || (workspaceBytes > 0 && !workspace)) return invalidValue;
    const void *places[] = {a, b, c, d};
    for (int i = 0; i < 4; i++)
      if (uintptr_t(places[i]) % algorithm->alignments[i] != 0) return invalidValue;
    if (uintptr_t(workspace) % 16 != 0) return invalidValue;
    simulator::Stream *where = s.streams.find(stream);
    if (!where || simulator::stickyError() != 0 || !simulator::currentContext) return executionFailed;
    Product product{
        shape,        {algorithm->parts, algorithm->unordered != 0}, *alpha, *beta, uintptr_t(a), uintptr_t(b),
        uintptr_t(c), uintptr_t(d), uintptr_t(workspace),            workspaceBytes};
    int code = s.streams.submit(*where, "product", [&s, product](const simulator::Operation &running) {
      product.run(s, running);
    });
    return code == simulator::codeSuccess ? success : executionFailed;
  });
}
}
