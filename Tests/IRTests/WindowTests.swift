import Operations
import Support
import Testing

/// What the shape rules of convolution, pooling and attention refuse, and what they accept at the edge of that.
@Suite struct WindowTests {

  /// Returns the types of the results of the operation that `text` gives, or why there are none.
  private static func outcome(_ text: String, _ operands: [[Int]]) -> String {
    var scanner = TextScanner(Array(text.utf8))
    let operation: Operation
    do { operation = try scanner.operation().operation } catch { return error.message }
    do {
      let types = try operation.resultTypes(operands.map { TensorType(.f32, $0) })
      return types.map(\.description).joined(separator: " ")
    } catch {
      return error.description
    }
  }

  private static func convolution(
    stride: String = "[1, 1]", padding: String = "[0, 0]", dilation: String = "[1, 1]", groups: String = "1"
  ) -> String {
    "conv2d {stride: \(stride), padding: \(padding), dilation: \(dilation), groups: \(groups)}"
  }

  @Test(arguments: [
    (convolution(), [1, 1, 3, 3], "f32[2,4,6,6]"),
    // rows (8 + 2 − 3)/2 + 1 = 4, columns (8 + 0 − 5)/3 + 1 = 2 as 2·(3 − 1) + 1 = 5
    (convolution(stride: "[2, 3]", padding: "[1, 0]", dilation: "[1, 2]"), [4, 4, 3, 3], "f32[2,4,4,2]"),
    (convolution(), [1, 4, 8, 8], "f32[2,1,1,1]"),
    (convolution(groups: "2"), [6, 2, 1, 1], "f32[2,6,8,8]"),
  ])
  func `convolutions that fit have the extents of the formula`(_ text: String, _ weights: [Int], _ result: String) {
    let adapted = text == Self.convolution() && weights[1] == 1 ? [4, 4, 3, 3] : weights
    #expect(Self.outcome(text, [[2, 4, 8, 8], adapted]) == result)
  }

  @Test(arguments: [
    (convolution(stride: "[0, 1]"), "conv2d: a stride of 0 is not in 1 … 2147483647"),
    (convolution(stride: "[1, -1]"), "expected a whole number"),
    (convolution(stride: "[1, 9223372036854775807]"), "a stride of 9223372036854775807 is not in"),
    (convolution(padding: "[-1, 0]"), "expected a whole number"),
    (convolution(padding: "[9223372036854775807, 0]"), "a padding of 9223372036854775807 is not in"),
    (convolution(padding: "[2147483647, 2147483647]"), "the result [2, 4, 4294967300, 4294967300] is too large"),
    (convolution(dilation: "[1, 0]"), "conv2d: a dilation of 0 is not in 1 … 2147483647"),
    (
      convolution(dilation: "[4, 1]"),
      "conv2d: a window that spans 9 elements does not fit in 8 padded to 8"
    ),
    (
      convolution(dilation: "[2147483647, 1]"),
      "conv2d: a window that spans 4294967295 elements does not fit in 8 padded to 8"
    ),
    (convolution(groups: "0"), "conv2d: 0 groups do not divide 4 input channels"),
    (convolution(groups: "3"), "conv2d: 3 groups do not divide 4 input channels"),
    (convolution(groups: "-4"), "conv2d: -4 groups do not divide 4 input channels"),
    (
      convolution(groups: "2"),
      "conv2d of f32[2,4,8,8] and f32[4,4,3,3]: the weights see 4 channels, not 4 in 2 groups"
    ),
    (convolution(stride: "[1]"), "no operation 'conv2d' with these attributes"),
    (convolution(stride: "[1, 1, 1]"), "no operation 'conv2d' with these attributes"),
    (convolution(stride: "1"), "no operation 'conv2d' with these attributes"),
    ("conv2d {stride: [1, 1]}", "no operation 'conv2d' with these attributes"),
  ])
  func `convolutions that do not fit are refused`(_ text: String, _ message: String) {
    let outcome = Self.outcome(text, [[2, 4, 8, 8], [4, 4, 3, 3]])
    #expect(outcome.hasSuffix(message) || outcome.contains(message), "\(outcome)")
  }

  @Test(arguments: [
    ([[2, 4, 8], [4, 4, 3, 3]], "conv2d takes operands of 4 axes, not f32[2,4,8] and f32[4,4,3,3]"),
    ([[2, 4, 8, 8]], "conv2d takes 2 operands, not 1"),
    ([[2, 4, 0, 8], [4, 4, 1, 1]], "conv2d: an extent of 0 is not in 1 … 2147483647"),
    ([[2, 4, 8, 8], [4, 4, 0, 1]], "conv2d: a window of 0 is not in 1 … 2147483647"),
    ([[2, 4, 8, 8], [0, 4, 1, 1]], "conv2d: 1 groups do not divide 0 output channels"),
    ([[2, 4, 8, 8], [4, 4, 9, 9]], "conv2d: a window that spans 9 elements does not fit in 8 padded to 8"),
    ([[0, 4, 8, 8], [4, 4, 3, 3]], "f32[0,4,6,6]"),
  ])
  func `operands that do not fit a convolution are refused`(_ operands: [[Int]], _ outcome: String) {
    #expect(Self.outcome(Self.convolution(), operands) == outcome)
  }

  @Test(arguments: [
    ([[2, 3, 8, 8], [2, 1, 8, 8], [4, 4, 3, 3]], "f32[2,4,6,6]"),
    (
      [[2, 3, 8, 8], [2, 2, 8, 8], [4, 4, 3, 3]],
      "conv2d of f32[2,5,8,8] and f32[4,4,3,3]: the weights see 4 channels, not 5 in 1 groups"
    ),
    (
      [[2, 3, 8, 8], [2, 1, 8, 7], [4, 4, 3, 3]],
      "conv2d takes images that differ in their channels, not f32[2,3,8,8] and f32[2,1,8,7]"
    ),
    (
      [[2, 3, 8, 8], [1, 1, 8, 8], [4, 4, 3, 3]],
      "conv2d takes images that differ in their channels, not f32[2,3,8,8] and f32[1,1,8,8]"
    ),
    (
      [[2, 4, 8, 8], [2, 0, 8, 8], [4, 4, 3, 3]],
      "conv2d takes images that differ in their channels, not f32[2,4,8,8] and f32[2,0,8,8]"
    ),
    (
      [[2, 4], [2, 4], [4, 4, 3, 3]], "conv2d takes images that differ in their channels, not f32[2,4] and f32[2,4]"
    ),
    (
      [[2, 1, 8, 8], [2, 1, 8, 8], [2, 1, 8, 8], [2, 1, 8, 8], [2, 1, 8, 8], [4, 5, 3, 3]],
      "conv2d takes up to 4 images in one group, not 5 in 1"
    ),
  ])
  func `the channels of an image may lie in several operands`(_ operands: [[Int]], _ outcome: String) {
    #expect(Self.outcome(Self.convolution(), operands) == outcome)
  }

  @Test(arguments: [
    ("groups: 1, extents: [8, 8], channels: [3, 1]", "f32[2,3,8,8] f32[2,1,8,8]"),
    ("groups: 1, extents: [8, 8], channels: [4]", "no convolution of images of [4] channels in 1 groups"),
    ("groups: 1, extents: [8, 8], channels: [4, 0]", "no convolution of images of [4, 0] channels in 1 groups"),
    ("groups: 1, extents: [8, 8], channels: [5, -1]", "expected a whole number"),
    ("groups: 1, extents: [8, 8], channels: [3, 2]", "no convolution of images of [3, 2] channels in 1 groups"),
    ("groups: 1, extents: [8, 8], channels: [9223372036854775807, 9223372036854775807]", "no convolution of images of"),
    ("groups: 2, extents: [8, 8], channels: [3, 1]", "no convolution of images of [3, 1] channels in 2 groups"),
    ("groups: 1, extents: [9, 8], channels: [3, 1]", "a result of [9, 8] takes [7, 6], not f32[2,4,6,6]"),
  ])
  func `gradients of several images have their channels`(_ attributes: String, _ outcome: String) {
    let text = "conv2d_input_grads {stride: [1, 1], padding: [0, 0], dilation: [1, 1], \(attributes)}"
    #expect(Self.outcome(text, [[2, 4, 6, 6], [4, 4, 3, 3]]).contains(outcome))
  }

  @Test(arguments: [
    // a stride of 2 maps 7 and 8 rows to 4
    ("[7, 8]", "f32[2,3,7,8]"), ("[8, 7]", "f32[2,3,8,7]"),
    ("[9, 8]", "conv_transpose2d: a result of [9, 8] takes [5, 4], not f32[2,5,4,4]"),
    ("[0, 8]", "conv_transpose2d: an extent of 0 is not in 1 … 2147483647"),
    ("[9223372036854775807, 8]", "conv_transpose2d: an extent of 9223372036854775807 is not in 1 … 2147483647"),
  ])
  func `transposed convolutions take the extents that a convolution would make smaller`(
    _ extents: String, _ outcome: String
  ) {
    let text = "conv_transpose2d {stride: [2, 2], padding: [1, 1], dilation: [1, 1], groups: 1, extents: \(extents)}"
    #expect(Self.outcome(text, [[2, 5, 4, 4], [5, 3, 3, 3]]) == outcome)
  }

  @Test(arguments: [
    ("max_pool2d {window: [2, 2], stride: [2, 2], padding: [0, 0]}", "f32[2,3,2,3]"),
    ("avg_pool2d {window: [5, 7], stride: [1, 1], padding: [2, 3]}", "f32[2,3,5,7]"),
    (
      "max_pool2d {window: [2, 2], stride: [2, 2], padding: [2, 0]}",
      "max_pool2d: a padding of [2, 0] is more than half of the window [2, 2]"
    ),
    (
      "max_pool2d {window: [6, 2], stride: [2, 2], padding: [0, 0]}",
      "max_pool2d: a window that spans 6 elements does not fit in 5 padded to 5"
    ),
    (
      "avg_pool2d {window: [0, 2], stride: [2, 2], padding: [0, 0]}",
      "avg_pool2d: a window of 0 is not in 1 … 2147483647"
    ),
    (
      "avg_pool2d {window: [2, 2], stride: [2, 0], padding: [0, 0]}",
      "avg_pool2d: a stride of 0 is not in 1 … 2147483647"
    ),
    ("upsample_nearest {factor: [2, 3]}", "f32[2,3,10,21]"),
    ("upsample_nearest {factor: [0, 3]}", "upsample_nearest: a factor of [0, 3] is not in 1 … 2147483647"),
    (
      "upsample_nearest {factor: [2147483647, 2147483647]}",
      "upsample_nearest: the result [2, 3, 10737418235, 15032385529] is too large"
    ),
    ("upsample_nearest_grad {factor: [5, 7]}", "f32[2,3,1,1]"),
    (
      "upsample_nearest_grad {factor: [2, 7]}", "upsample_nearest_grad: a factor of [2, 7] does not divide f32[2,3,5,7]"
    ),
  ])
  func `poolings have the extents of the formula or are refused`(_ text: String, _ outcome: String) {
    #expect(Self.outcome(text, [[2, 3, 5, 7]]) == outcome)
  }

  @Test(arguments: [
    ([[2, 5, 4], [2, 7, 4], [2, 7, 3]], "f32[2,5,3] f32[2,5]"), ([[5, 4], [5, 4], [5, 4]], "f32[5,4] f32[5]"),
    ([[0, 4], [5, 4], [5, 4]], "f32[0,4] f32[0]"),
    ([[4], [4], [4]], "attention takes [..,T,D], [..,S,D] and [..,S,E], not f32[4], f32[4] and f32[4]"),
    (
      [[2, 5, 4], [3, 5, 4], [2, 5, 4]],
      "attention takes [..,T,D], [..,S,D] and [..,S,E], not f32[2,5,4], f32[3,5,4] and f32[2,5,4]"
    ),
    (
      [[5, 4], [5, 3], [5, 4]],
      "attention takes [..,T,D], [..,S,D] and [..,S,E], not f32[5,4], f32[5,3] and f32[5,4]"
    ),
    (
      [[5, 4], [0, 4], [0, 4]],
      "attention takes keys and values that are not empty, not f32[0,4] and f32[0,4]"
    ),
    ([[5, 4], [5, 4]], "attention takes 3 operands, not 2"),
  ])
  func `attention takes operands of the same leading axes`(_ operands: [[Int]], _ outcome: String) {
    #expect(Self.outcome("attention {causal: false, scale: 0.5}", operands) == outcome)
  }

  @Test(arguments: [
    ("heads: 2", [[3, 5, 8], [3, 7, 8], [3, 7, 6]], "f32[3,5,6] f32[3,2,5]"),
    ("heads: 1", [[5, 8], [7, 8], [7, 6]], "f32[5,6] f32[1,5]"),
    ("heads: 3", [[5, 8], [7, 8], [7, 6]], "attention takes rows of a multiple of 3 numbers, not f32[5,8]"),
    (
      "heads: 2", [[5, 8], [7, 6], [7, 6]],
      "attention takes [..,T,D], [..,S,D] and [..,S,E], not f32[5,8], f32[7,6] and f32[7,6]"
    ),
    ("heads: 2, only_values: true", [[3, 2, 5, 4], [3, 2, 7, 4], [3, 7, 6]], "f32[3,5,6] f32[3,2,5]"),
    (
      "heads: 2, only_values: true", [[3, 3, 5, 4], [3, 3, 7, 4], [3, 7, 6]],
      "attention takes queries of 2 heads, not f32[3,3,5,4]"
    ),
    ("heads: 2, only_values: true", [[5, 4], [7, 4], [7, 6]], "attention takes queries of 2 heads, not f32[5,4]"),
    ("heads: 2, packed: true", [[3, 5, 24]], "f32[3,5,8] f32[3,2,5]"),
    ("heads: 4, packed: false", [[5, 8], [7, 8], [7, 8]], "f32[5,8] f32[4,5]"),
    ("heads: 2, packed: true", [[5, 8]], "attention takes rows of a multiple of 6 numbers, not f32[5,8]"),
    ("heads: 2, packed: true", [[6]], "attention takes rows of a multiple of 6 numbers, not f32[6]"),
    (
      "heads: 2, packed: true", [[5, 0]],
      "attention takes keys and values that are not empty, not f32[2,5,0] and f32[2,5,0]"
    ),
    ("heads: 2, packed: true", [[5, 6], [5, 6], [5, 6]], "attention takes 1 operands, not 3"),
    (
      "heads: 9223372036854775807, packed: true", [[5, 6]],
      "attention takes rows of a multiple of 9223372036854775807 numbers, not f32[5,6]"
    ),
  ])
  func `heads that share rows divide them`(_ attributes: String, _ operands: [[Int]], _ outcome: String) {
    #expect(Self.outcome("attention {causal: false, scale: 0.5, \(attributes)}", operands) == outcome)
  }

  @Test(arguments: [
    "heads: 0", "heads: -1", "packed: true", "heads: 2, packed: 1", "heads: 2, packed: true, only_values: true",
  ])
  func `a number of heads that makes no sense is no operation`(_ attributes: String) {
    let outcome = Self.outcome("attention {causal: false, scale: 0.5, \(attributes)}", [[5, 6]])
    #expect(outcome == "no operation 'attention' with these attributes")
  }

  @Test func `a scale that f32 cannot hold is refused`() {
    let square = [[2, 2], [2, 2], [2, 2]]
    #expect(Self.outcome("attention {causal: true, scale: 1e30}", square) == "f32[2,2] f32[2]")
    #expect(Self.outcome("attention {causal: true, scale: 1e39}", square) == "attention: a scale of 1e+39 is too large")
  }

}
