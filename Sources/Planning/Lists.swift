/// Lists of positions in one array, so that walking one of them touches no other object.
struct Lists {

  /// The elements of all lists, one list after the other.
  let elements: [Int]

  private let starts: [Int]

  init(_ lists: [[Int]]) {
    var starts = [0]
    for l in lists { starts.append(starts[starts.count - 1] + l.count) }
    self.starts = starts
    elements = lists.flatMap { $0 }
  }

  /// Where list `i` lies in `elements`.
  func range(_ i: Int) -> Range<Int> { starts[i]..<starts[i + 1] }

}
