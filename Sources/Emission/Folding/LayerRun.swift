/// Instructions that are repeated for layer after layer.
struct LayerRun: Hashable, Sendable {

  /// The position of the first instruction.
  let start: Int

  /// The number of instructions of a repetition.
  let period: Int

  /// The number of repetitions.
  let count: Int

  /// By what the numbers of layers change from one repetition to the next, 1 or -1 where each is a layer.
  let shift: Int

  /// The number of the first layer.
  let firstLayer: Int

  /// For each instruction of a layer and each of its names (results, then operands), which of its numbers change.
  let changing: [[[Bool]]]

  /// The positions of all instructions.
  var range: Range<Int> { start..<start + period * count }

  /// The numbers of the layers, as `1..4`, or `4..1` where they are counted down; `1..9 by 2` where there are others between.
  var layers: String {
    "\(firstLayer)..\(firstLayer + shift * (count - 1))" + (abs(shift) > 1 ? " by \(abs(shift))" : "")
  }

}
