/// A stretch of sections that is solved on its own.
struct PackingPart {

  let sections: Range<Int>

  /// Those of its buffers that were still to be placed when it was begun, in the order of ranks.
  let buffers: [Int]

}
