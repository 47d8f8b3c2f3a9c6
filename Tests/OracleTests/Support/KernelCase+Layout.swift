import Operations

extension KernelCase {

  /// Moves of elements of 4 bytes and of 1, with axes of extent 1 and 0, and more elements than one thread takes.
  static let layoutCases: [KernelCase] = [ElementType.f32, .i32, .bool].flatMap { (element) -> [KernelCase] in
    func operand(_ extents: [Int]) -> Operand { .init(extents, element == .bool ? .truth : .steps, element: element) }
    func one(_ f: Layout, _ extents: [Int]) -> KernelCase { .init(.layout(f), [operand(extents)], part: 0) }
    return reshapes.map { one(.reshape(extents: $1), $0) } + transpositions.map { one(.transpose(axes: $1), $0) }
      + slices.map { one(.slice(starts: $1, extents: $2), $0) } + pads.map { one(.pad(low: $1, high: $2), $0) }
      + concats.map { (axis, all) in .init(.layout(.concat(axis: axis)), all.map(operand), part: 0) }
  }

  private static let reshapes: [([Int], [Int])] = [
    ([3, 4], [12]), ([12], [2, 1, 6]), ([], [1, 1]), ([1], []), ([0, 3], [5, 0]), ([131, 257], [257, 131]),
  ]

  private static let transpositions: [([Int], [Int])] = [
    ([], []), ([7], [0]), ([3, 5], [1, 0]), ([3, 5], [0, 1]), ([1, 5], [1, 0]), ([0, 5], [1, 0]), ([33, 47], [1, 0]),
    ([131, 257], [1, 0]), ([2, 3, 5], [2, 0, 1]), ([2, 3, 5], [1, 2, 0]), ([4, 19, 3, 17], [0, 2, 1, 3]),
    ([4, 19, 3, 17], [0, 2, 3, 1]), ([4, 19, 3, 17], [3, 2, 1, 0]), ([2, 1, 3, 1, 5], [4, 1, 0, 3, 2]),
  ]

  private static let slices: [([Int], [Int], [Int])] = [
    ([], [], []), ([7], [0], [7]), ([7], [6], [1]), ([7], [7], [0]), ([5, 9], [1, 2], [3, 4]),
    ([5, 9], [0, 8], [5, 1]),
    ([1, 9], [1, 0], [0, 9]), ([3, 1, 9], [2, 0, 3], [1, 1, 6]), ([0, 3], [0, 1], [0, 2]),
    ([131, 257], [1, 3], [129, 254]), ([2, 3, 4, 5], [1, 0, 2, 0], [1, 3, 2, 5]),
  ]

  private static let pads: [([Int], [Int], [Int])] = [
    ([], [], []), ([7], [0], [0]), ([7], [2], [3]), ([5, 1], [0, 1], [0, 2]), ([1, 5], [2, 0], [0, 1]),
    ([0, 3], [1, 1], [1, 0]), ([129, 251], [1, 2], [1, 4]), ([2, 3, 4], [1, 0, 2], [0, 5, 1]),
    ([1, 1], [0, 0], [1, 1]),
  ]

  private static let concats: [(Int, [[Int]])] = [
    (0, [[3], [4]]), (0, [[2, 3], [1, 3], [5, 3]]), (1, [[2, 3], [2, 1], [2, 0]]), (1, [[3, 1], [3, 1]]),
    (2, [[2, 3, 4], [2, 3, 1]]), (1, [[2, 3, 4], [2, 5, 4]]), (1, [[67, 301], [67, 100], [67, 19]]),
    (0, [[0, 3], [0, 3]]), (0, .init(repeating: [1], count: 64)),
  ]

}
