/// How many bits of the operands count in products of matrices (`matmul` and its gradients); sums of products are in f32.
///
/// All other operations compute in f32.
package enum MatrixPrecision: String, Hashable, Sendable, CaseIterable {

  /// All 24.
  case f32

  /// 11: each element is rounded to the nearest number of tf32 as it is read, ties away from zero.
  case tf32

  /// 8: each element is rounded to the nearest number of bf16 as it is read, ties to even.
  case bf16

}
