import IR
import Operations
import TestSupport

extension Graph {

  /// Returns a random graph of `count` operations on 4×4 values over two parameters, with a mean as its loss.
  ///
  /// Both parameters and every value without a use go into the loss, so that all have gradients.
  static func random(count: Int, _ random: inout SplitMix) throws -> Graph {
    var g = Graph()
    var values = [g.parameter("a", 4, 4), g.parameter("b", 4, 4)]
    var uses = [0, 0]
    func pick() -> Int {
      // near values more often than far ones, so that lives are of all lengths
      let recent = Swift.min(values.count, 4)
      return Bool.random(using: &random)
        ? values.count - 1 - Int.random(in: 0..<recent, using: &random)
        : Int.random(in: 0..<values.count, using: &random)
    }
    for i in 0..<count {
      let (l, r) = (pick(), pick())
      uses[l] += 1
      let name = "v\(i)"
      switch Int.random(in: 0..<10, using: &random) {
      case 0..<5:
        let functions = UnaryFunction.allCases.filter(\.isDifferentiable)
        let f = functions[Int.random(in: 0..<functions.count, using: &random)]
        values.append(try g.unary(f, values[l], name))
      case 5..<8:
        let f = BinaryFunction.allCases[Int.random(in: 0..<BinaryFunction.allCases.count, using: &random)]
        uses[r] += 1
        values.append(try g.append(.elementwise(.binary(f)), [values[l], values[r]], name))
      case 8: values.append(try g.append(.random(.dropout(rate: 0.5, key: name)), [values[l]], name))
      case _:
        uses[r] += 1
        values.append(try g.matmul(values[l], values[r], name))
      }
      uses.append(0)
    }
    var sum = values[0]
    for i in values.indices.dropFirst() where uses[i] == 0 || i == 1 {
      sum = try g.append(.elementwise(.binary(.add)), [sum, values[i]], "sum\(i)")
    }
    g.setLoss(try g.reduce(.mean, sum, "loss"))
    return g
  }

}
