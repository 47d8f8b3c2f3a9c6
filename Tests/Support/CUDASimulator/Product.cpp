#include "Product.h"

#include <bit>
#include <vector>

namespace simulator {

namespace {

constexpr size_t size = sizeof(float);

bool isSound(const ProductLayout &layout) {
  if (layout.rows == 0 || layout.columns == 0 || layout.count < 1) return false;
  return layout.leading >= 0 && uint64_t(layout.leading) >= layout.rows && layout.stride >= 0;
}

/// The nearest number of tf32, ties away from zero, or of bf16, ties to even; what is not finite stays.
float rounded(float x, ProductRounding rounding) {
  uint32_t bits = std::bit_cast<uint32_t>(x);
  if (rounding == ProductRounding::none || (bits & 0x7f800000) == 0x7f800000) return x;
  if (rounding == ProductRounding::tf32) return std::bit_cast<float>((bits + 0x1000) & 0xffffe000);
  return std::bit_cast<float>((bits + 0x7fff + (bits >> 16 & 1)) & 0xffff0000);
}

/// Element (i, j) of a matrix, transposed if asked to.
size_t at(const ProductLayout &layout, bool transposed, uint64_t i, uint64_t j) {
  return transposed ? j + i * uint64_t(layout.leading) : i + j * uint64_t(layout.leading);
}

/// The matrix of an operand as `[rows, columns]` after its transposition, rounded, by rows.
std::vector<float> matrix(
    const float *values, const ProductLayout &layout, bool transposed, uint64_t rows, uint64_t columns,
    ProductRounding rounding) {
  std::vector<float> result(rows * columns);
  for (uint64_t i = 0; i < rows; i++)
    for (uint64_t j = 0; j < columns; j++)
      result[i * columns + j] = rounded(values[at(layout, transposed, i, j)], rounding);
  return result;
}

/// True iff bytes of matrices and of another range are the same ones.
bool overlap(uintptr_t a, const ProductLayout &layout, uintptr_t other, size_t bytes) {
  size_t all = (uint64_t(layout.stride) * uint64_t(layout.count - 1) + layout.span()) * size;
  return std::max(a, other) < std::min(a + all, other + bytes);
}

}  // namespace

bool ProductShape::isSound() const {
  for (const ProductLayout &layout : {a, b, c, d})
    if (!simulator::isSound(layout) || layout.count != d.count) return false;
  if (d.count > 1 && uint64_t(d.stride) < d.span()) return false;
  uint64_t rows = transposedA ? a.columns : a.rows, columns = transposedB ? b.rows : b.columns;
  uint64_t inner = transposedB ? b.columns : b.rows;
  return rows == d.rows && columns == d.columns && inner == this->inner() && c == d;
}

bool Product::check(Simulation &s, const Operation &operation) const {
  Problem problem;
  Actor actor{.operation = operation.id};
  auto right = [&](uintptr_t address, const ProductLayout &layout, Kind kind) {
    for (int32_t i = 0; i < (layout.stride == 0 ? 1 : layout.count); i++)
      for (uint64_t column = 0; column < layout.columns; column++) {
        size_t first = uint64_t(layout.stride) * uint64_t(i) + uint64_t(layout.leading) * column;
        if (!s.checker.access(address + first * size, layout.rows * size, kind, actor, operation.clock, problem))
          return false;
      }
    return true;
  };
  size_t results = (uint64_t(shape.d.stride) * uint64_t(shape.d.count - 1) + shape.d.span()) * size;
  if (overlap(a, shape.a, d, results) || overlap(b, shape.b, d, results) ||
      (beta != 0 && c != d && overlap(c, shape.c, d, results)) || overlap(d, shape.d, workspace, workspaceBytes)) {
    violate(codeLaunchFailed, "product: results lie where an operand or the workspace does");
    return false;
  }
  if (right(a, shape.a, Kind::read) && right(b, shape.b, Kind::read) &&
      (beta == 0 || right(c, shape.c, Kind::read)) &&
      (workspaceBytes == 0 ||
       s.checker.access(workspace, workspaceBytes, Kind::write, actor, operation.clock, problem)) &&
      right(d, shape.d, Kind::write))
    return true;
  violate(problem.code, format("product: %s", problem.text.c_str()));
  return false;
}

void Product::run(Simulation &s, const Operation &operation) const {
  if (int code = injectedFailure("product")) return violate(code, "product: injected");
  if (settings().checks && !check(s, operation)) return;
  if (workspaceBytes > 0) memset(reinterpret_cast<void *>(workspace), 0xff, workspaceBytes);
  for (int32_t i = 0; i < shape.d.count; i++) compute(i);
}

void Product::compute(int32_t number) const {
  static uint32_t executions = 0;
  uint32_t first = parts.unordered ? executions++ % parts.count : 0;
  auto values = [&](uintptr_t address, const ProductLayout &layout) {
    return reinterpret_cast<float *>(address) + layout.stride * number;
  };
  uint64_t m = shape.d.rows, n = shape.d.columns, k = shape.inner(), part = (k + parts.count - 1) / parts.count;
  auto left = matrix(values(a, shape.a), shape.a, shape.transposedA, m, k, shape.rounding);
  auto right = matrix(values(b, shape.b), shape.b, !shape.transposedB, n, k, shape.rounding);
  std::vector<float> local;
  auto *partial = reinterpret_cast<float *>(workspace) + uint64_t(number) * parts.count * m * n;
  if (parts.count == 1 || parts.unordered) {
    local.resize(parts.count * m * n);
    partial = local.data();
  }
  for (uint32_t p = 0; p < parts.count; p++)
    for (uint64_t j = 0; j < n; j++)
      for (uint64_t i = 0; i < m; i++) {
        float sum = 0;
        for (uint64_t l = p * part; l < std::min(k, (p + 1) * part); l++) sum += left[i * k + l] * right[j * k + l];
        partial[(p * n + j) * m + i] = sum;
      }
  const float *added = values(c, shape.c);
  float *result = values(d, shape.d);
  for (uint64_t j = 0; j < n; j++)
    for (uint64_t i = 0; i < m; i++) {
      float sum = 0;
      for (uint32_t p = 0; p < parts.count; p++) sum += partial[((p + first) % parts.count * n + j) * m + i];
      size_t to = at(shape.d, false, i, j);
      result[to] = beta == 0 ? alpha * sum : alpha * sum + beta * added[to];
    }
}

}  // namespace simulator
