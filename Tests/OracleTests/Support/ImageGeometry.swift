import Operations

/// A convolution with the extents of its operands.
struct ConvolutionShape: Sendable {

  let geometry: Convolution.Geometry

  let image: [Int]

  let weights: [Int]

  let result: [Int]

  init(
    _ image: [Int], _ weights: [Int], _ result: [Int], stride: Pair = .init(1, 1), padding: Pair = .init(0, 0),
    dilation: Pair = .init(1, 1), groups: Int = 1
  ) {
    geometry = .init(stride: stride, padding: padding, dilation: dilation, groups: groups)
    (self.image, self.weights, self.result) = (image, weights, result)
  }

  var forward: Operation { .convolution(.convolution(geometry)) }

  var transposed: Operation { .convolution(.transposed(geometry, extents: .init(image[2], image[3]))) }

  var weightGradient: Operation { .convolution(.weightGradient(geometry, extents: .init(weights[2], weights[3]))) }

  /// The image cut into parts of `channels` channels each.
  func parts(_ channels: [Int]) -> [[Int]] { channels.map { [image[0], $0, image[2], image[3]] } }

  func inputGradients(_ channels: [Int]) -> Operation {
    .convolution(.inputGradients(geometry, extents: .init(image[2], image[3]), channels: channels))
  }

  /// Convolutions of images in parts, with the channels of each: pixels where they lie, strides, more than a tile.
  static let inParts: [(ConvolutionShape, [Int])] = [
    (.init([2, 3, 4, 5], [2, 3, 3, 2], [2, 2, 2, 4]), [1, 2]),
    (.init([1, 4, 5, 6], [3, 4, 3, 3], [1, 3, 3, 3], stride: .init(2, 2), padding: .init(1, 1)), [1, 1, 1, 1]),
    (.init([2, 5, 2, 3], [4, 5, 1, 1], [2, 4, 2, 3]), [3, 1, 1]),
    (.init([2, 40, 9, 7], [5, 40, 3, 3], [2, 5, 9, 7], padding: .init(1, 1)), [17, 23]),
  ]

  /// Odd shapes, strides that leave a rest, padding, dilation, groups and extents of 1.
  static let small: [ConvolutionShape] = [
    .init([2, 3, 4, 5], [2, 3, 3, 2], [2, 2, 2, 4]),
    .init([1, 2, 5, 6], [3, 2, 3, 3], [1, 3, 3, 3], stride: .init(2, 2), padding: .init(1, 1)),
    // rows (7 + 2·2 − 3)/3 + 1 = 3, columns (4 + 0 − 2)/1 + 1 = 3
    .init(
      [1, 2, 7, 4], [2, 2, 2, 2], [1, 2, 3, 3], stride: .init(3, 1), padding: .init(2, 0), dilation: .init(2, 1)),
    .init([2, 4, 3, 3], [6, 2, 2, 2], [2, 6, 2, 2], groups: 2),
    .init([1, 3, 4, 3], [3, 1, 3, 3], [1, 3, 4, 3], padding: .init(1, 1), groups: 3),
    .init([2, 3, 2, 3], [4, 3, 1, 1], [2, 4, 2, 3]),
    .init([1, 2, 5, 5], [2, 2, 1, 1], [1, 2, 3, 2], stride: .init(2, 3)),
    .init([1, 2, 2, 2], [1, 2, 1, 1], [1, 1, 4, 4], padding: .init(1, 1)),
    .init([1, 1, 1, 1], [1, 1, 1, 1], [1, 1, 1, 1]),
    .init([1, 2, 2, 1], [2, 2, 4, 3], [1, 2, 3, 3], padding: .init(2, 2)),
  ]

  /// Shapes with more than one tile: of depth and columns, of channels, of columns, of columns where the image lies.
  static let large: [ConvolutionShape] = [
    .init([1, 58, 12, 12], [1, 58, 3, 3], [1, 1, 12, 12], padding: .init(1, 1)),
    .init([2, 1, 3, 3], [130, 1, 2, 2], [2, 130, 2, 2]),
    .init([1, 1, 100, 100], [1, 1, 3, 3], [1, 1, 98, 98]),
    .init([1, 2, 50, 49], [3, 2, 1, 1], [1, 3, 50, 49]),
  ]

}

/// A pooling with the extents of its operands.
struct PoolingShape: Sendable {

  let geometry: Pooling.Geometry

  let image: [Int]

  let result: [Int]

  init(_ image: [Int], _ result: [Int], window: Pair, stride: Pair, padding: Pair = .init(0, 0)) {
    geometry = .init(window: window, stride: stride, padding: padding)
    (self.image, self.result) = (image, result)
  }

  /// Windows side by side, overlapping, with gaps, padded, of one element and of the whole image.
  static let all: [PoolingShape] = [
    .init([2, 3, 4, 6], [2, 3, 2, 3], window: .init(2, 2), stride: .init(2, 2)),
    .init([1, 2, 5, 7], [1, 2, 3, 4], window: .init(3, 3), stride: .init(2, 2), padding: .init(1, 1)),
    .init([2, 1, 5, 4], [2, 1, 4, 2], window: .init(2, 1), stride: .init(1, 3)),
    .init([1, 1, 3, 3], [1, 1, 1, 1], window: .init(3, 3), stride: .init(1, 1)),
    .init([2, 2, 3], [2, 2, 3], window: .init(1, 1), stride: .init(1, 1)),
    .init([2, 1], [2, 2], window: .init(3, 2), stride: .init(1, 1), padding: .init(1, 1)),
  ]

}
