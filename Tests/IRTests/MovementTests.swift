import Differentiation
import IR
import Operations
import Support
import Testing

/// Operations that move elements or read where indices say: their texts, what they refuse, and adjoints of slices.
@Suite struct MovementTests {

  private static let accepted = [
    "reshape w {extents: [3, 1, 2]} : f32[3,1,2]", "transpose w {axes: [1, 0]} : f32[3,2]",
    "slice w {starts: [0, 1], extents: [2, 2]} : f32[2,2]", "pad w {low: [1, 0], high: [0, 2]} : f32[3,5]",
    "concat w, x, w {axis: 0} : f32[6,3]", "gather w, y : f32[2,3]", "scatter_add w, y {rows: 5} : f32[5,3]",
    "one_hot y {classes: 4} : f32[2,4]", "gather_last w, y : f32[2]", "reshape y {extents: [1, 2]} : i32[1,2]",
    "concat y, y {axis: 0} : i32[4]", "matmul_sum w, v {transpose_right: true} : f32[2,3]",
  ]

  @Test(arguments: accepted) func `a text is read and printed again`(_ text: String) throws {
    let type = try TextScanner.type(of: text)
    let axes = type.extents.indices.map(String.init).joined(separator: ", ")
    let used = type.element == .f32 ? "sum a {axes: [\(axes)]}" : "sum w {axes: [0, 1]}"
    let lines = "a = \(text)  // a.cgm:4\nl = \(used) : f32[]  // a.cgm:5\nloss loss = l"
    let module = try Module(parsing: Texts.module(lines))
    try module.verify()
    #expect(Texts.lines(module) == lines)
  }

  /// Operations on operands of these types, and what the message has.
  private static let refused: [(Operation, [TensorType], String)] = [
    (.layout(.reshape(extents: [7])), [x], "which has 6 elements"),
    (.layout(.reshape(extents: [-2, -3])), [x], "negative"),
    (.layout(.reshape(extents: [Int.max, 2])), [x], "too large"),
    (.layout(.reshape(extents: [1, 1, 1, 1, 1, 1, 1, 1, 6])), [x], "too many"),
    (.layout(.reshape(extents: [6])), [x, x], "takes 1 operands"),
    (.layout(.transpose(axes: [0])), [x], "[0] is not an order of the 2 axes"),
    (.layout(.transpose(axes: [0, 0])), [x], "[0, 0] is not"), (.layout(.transpose(axes: [1, 2])), [x], "is not"),
    (.layout(.transpose(axes: [-1, 0])), [x], "is not"),
    (.layout(.slice(starts: [0], extents: [2])), [x], "takes 2 starts"),
    (.layout(.slice(starts: [0, 2], extents: [2, 2])), [x], "2 from 2 on is outside axis 1, which has 3"),
    (.layout(.slice(starts: [-1, 0], extents: [1, 1])), [x], "outside axis 0"),
    (.layout(.slice(starts: [0, 0], extents: [-1, 1])), [x], "outside axis 0"),
    (.layout(.slice(starts: [Int.max, 0], extents: [1, 1])), [x], "outside axis 0"),
    (.layout(.slice(starts: [0, 0], extents: [2, Int.max])), [x], "outside axis 1"),
    (.layout(.pad(low: [0], high: [0, 0])), [x], "counts on both sides"),
    (.layout(.pad(low: [0, -1], high: [0, 1])), [x], "none negative"),
    (.layout(.pad(low: [Int.max, 0], high: [Int.max, 0])), [x], "too large"),
    (.layout(.concat(axis: 0)), [x], "takes 2 to 64 operands, not 1"),
    (.layout(.concat(axis: 0)), .init(repeating: x, count: 65), "not 65"),
    (.layout(.concat(axis: 2)), [x, x], "2 is not an axis"), (.layout(.concat(axis: -1)), [x, x], "-1 is not an axis"),
    (.layout(.concat(axis: 0)), [x, .init(.f32, [2, 4])], "not f32[2,3] and f32[2,4]"),
    (.layout(.concat(axis: 0)), [x, .init(.i32, [2, 3])], "not f32[2,3] and i32[2,3]"),
    (.layout(.concat(axis: 1)), [x, .init(.f32, [2])], "not f32[2,3] and f32[2]"),
    (.layout(.concat(axis: 0)), [.init(.f32), .init(.f32)], "0 is not an axis of f32[]"),
    (.layout(.concat(axis: 0)), [huge, huge], "too large"),
    (.indexing(.gather), [x, x], "takes i32 indices"), (.indexing(.gather), [.init(.f32), y], "table with rows"),
    (.indexing(.gather), [.init(.i32, [2]), y], "takes f32"),
    (.indexing(.gather), [.init(.f32, [1, 1 << 46]), y], "too large"),
    (.indexing(.scatterAdd(rows: 0)), [x, y], "0 is no number"),
    (.indexing(.scatterAdd(rows: -1)), [x, y], "-1 is no number"),
    (.indexing(.scatterAdd(rows: .max)), [x, y], "too large"),
    (.indexing(.scatterAdd(rows: 3)), [x, .init(.i32, [3])], "indices of its first extents"),
    (.indexing(.oneHot(classes: 0)), [y], "0 is no number"), (.indexing(.oneHot(classes: 3)), [x], "takes i32"),
    (.indexing(.oneHot(classes: .max)), [y], "too large"),
    (.indexing(.gatherLast), [x, .init(.i32, [3])], "takes indices i32[2], not i32[3]"),
    (.indexing(.gatherLast), [.init(.f32, [2, 0]), y], "not empty"),
    (.indexing(.scatterLast(classes: 3)), [x, y], "takes indices i32[2,3], not i32[2]"),
    (product, [x, .init(.f32, [3])], "takes matrices"), (product, [x, x], "inner extents differ, 3 and 2"),
    (product, [.init(.f32, [2, 4, 3]), .init(.f32, [3, 3, 4])], "cannot broadcast [2] with [3]"),
    (product, [.init(.f32, [1 << 22, 1, 1 << 20, 1]), .init(.f32, [1 << 22, 1, 1 << 20])], "too large"),
  ]

  private static let x = TensorType(.f32, [2, 3])

  private static let y = TensorType(.i32, [2])

  private static let huge = TensorType(.f32, [1 << 46])

  private static let product = Operation.linear(.matmul(transposeLeft: false, transposeRight: false))

  @Test(arguments: refused.indices) func `a misfit is refused with what disagrees`(_ i: Int) {
    let (operation, operands, part) = Self.refused[i]
    let error = #expect(throws: ShapeError.self) { try operation.resultTypes(operands) }
    #expect(error.map { $0.description.contains(part) } ?? false, "\(error?.description ?? "")")
  }

  @Test func `the operations of great products do not overflow`() throws {
    let operands = [TensorType(.f32, [1 << 20, 1, 1 << 26]), .init(.f32, [1 << 20, 1 << 26, 1])]
    #expect(Self.product.flops(operands, try Self.product.resultTypes(operands)) == 1 << 47)
    let outer = [TensorType(.f32, [1 << 40, 1, 1]), .init(.f32, [1, 1 << 40])]
    let sum = LinearAlgebra.matmulSum(transposeLeft: false, transposeRight: false)
    #expect(sum.flops(outer, try sum.resultTypes(outer)) == .max)
  }

}

extension TextScanner {

  /// Returns the type at the end of an instruction's text.
  fileprivate static func type(of text: String) throws -> TensorType {
    let type = text.split(separator: ":").last?.drop { $0 == " " } ?? ""
    var scanner = TextScanner(Array(type.utf8))
    return try scanner.tensorType()
  }

}
