import Operations
import Runtime

/// Returns the launches of `operation` for the given buffers; products of matrices are computed as `products` says.
///
/// - Requires: the buffers' types pass the operation's shape rule.
func work(for operation: Operation, operands: [Buffer], results: [Buffer], _ products: ProductMethod) -> Work {
  switch operation {
  case .elementwise(let f): .init(f, operands, results)
  case .reduction(let f): .init(f, operands, results)
  case .layout(let f): .init(f, operands, results)
  case .indexing(let f): .init(f, operands, results)
  case .linear(let f): .init(f, operands, results, products)
  case .classification(let f): .init(f, operands, results)
  case .convolution(let f): .init(f, operands, results)
  case .pooling(let f): .init(f, operands, results)
  case .attention(let f): .init(f, operands, results)
  case .normalization(let f): .init(f, operands, results)
  case .random(let f): .init(f, operands, results)
  case .update(let f): .init(f, operands)
  case .state(let f): .init(f, operands)
  }
}
