#pragma once
#include <cstdint>

#include "Checker.h"
#include "Simulation.h"

namespace simulator {

/// A layout of cuBLASLt: matrices of `float` by columns, `stride` elements from one to the next.
struct ProductLayout {
  uint64_t rows = 0, columns = 0;
  int64_t leading = 0, stride = 0;
  int32_t count = 1;

  bool operator==(const ProductLayout &) const = default;

  /// The elements from the first to behind the last of a matrix.
  uint64_t span() const { return rows == 0 || columns == 0 ? 0 : uint64_t(leading) * (columns - 1) + rows; }
};

/// How the operands of a product are rounded.
enum class ProductRounding : uint32_t { none = 0, tf32 = 1, bf16 = 2 };

/// `D = alpha * op(A) * op(B) + beta * C`.
struct ProductShape {
  ProductRounding rounding = ProductRounding::none;
  bool transposedA = false, transposedB = false;
  ProductLayout a, b, c, d;

  uint64_t inner() const { return transposedA ? a.rows : a.columns; }

  /// True iff the extents fit together, no column overlaps the next, and no result another.
  bool isSound() const;

  /// The bytes of all results.
  uint64_t resultBytes() const { return d.rows * d.columns * uint64_t(d.count) * sizeof(float); }

  bool operator==(const ProductShape &) const = default;
};

/// The parts that the inner index is cut into; they are added in another order at each execution where `unordered`.
struct ProductParts {
  uint32_t count = 1;
  bool unordered = false;
};

/// A call of the library.
struct Product {
  ProductShape shape;
  ProductParts parts;
  float alpha, beta;
  uintptr_t a, b, c, d, workspace;
  size_t workspaceBytes;

  /// Checks what the operation accesses, and computes: parts one by one into the workspace, then their sums, in f32 throughout.
  /// What the plan gave as a workspace holds ones before, all of it.
  void run(Simulation &s, const Operation &operation) const;

 private:
  bool check(Simulation &s, const Operation &operation) const;
  void compute(int32_t number) const;
};

}  // namespace simulator
