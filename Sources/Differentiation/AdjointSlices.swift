import IR
import Operations
import Support

/// Contributions to parts of one value's adjoint that wait to be joined.
///
/// Each part is whole along all axes but one. Parts that do not lie over each other are kept in one layer, which becomes
/// one tensor; the number of layers is limited, so that together they hold few times the elements of the value.
struct AdjointSlices {

  /// A contribution to the positions `[start, start + extent)` along its layer's axis.
  struct Part {

    let start: Int

    let extent: Int

    var value: ValueID

    var end: Int { start + extent }

  }

  /// Parts in the order in which they lie along `axis`, none over another.
  struct Layer {

    let axis: Int

    fileprivate(set) var parts: [Part]

    /// Returns the position of the first part that does not end before `start`.
    fileprivate func position(of start: Int) -> Int {
      var (low, high) = (0, parts.count)
      while low < high {
        let middle = (low + high) / 2
        if parts[middle].end <= start { low = middle + 1 } else { high = middle }
      }
      return low
    }

  }

  /// Where a part belongs.
  enum Place {

    /// Over the part at this position, which has the same extent.
    case same(layer: Int, position: Int)

    /// Before the part at this position.
    case free(layer: Int, position: Int)

    /// Nowhere: it lies over parts of every layer, and there are enough of them.
    case none

  }

  private static let layerLimit = 4

  private(set) var layers: [Layer] = []

  /// Returns where the part of `extent` from `start` on along `axis` belongs.
  ///
  /// - Complexity: O(log *n*) where *n* is the number of parts.
  func place(axis: Int, start: Int, extent: Int) -> Place {
    for (l, layer) in layers.enumerated() where layer.axis == axis {
      let i = layer.position(of: start)
      if i == layer.parts.count || layer.parts[i].start >= start + extent { return .free(layer: l, position: i) }
      if layer.parts[i].start == start, layer.parts[i].extent == extent { return .same(layer: l, position: i) }
    }
    return layers.count < Self.layerLimit ? .free(layer: layers.count, position: 0) : .none
  }

  /// Adds a part at a free place.
  mutating func insert(_ part: Part, axis: Int, layer: Int, position: Int) {
    if layer == layers.count { layers.append(.init(axis: axis, parts: [])) }
    layers[layer].parts.insert(part, at: position)
  }

  /// The value of the part at `position` of `layer`.
  subscript(layer: Int, position: Int) -> ValueID {
    get { layers[layer].parts[position].value }
    set { layers[layer].parts[position].value = newValue }
  }

}

extension AdjointBuilder {

  /// Emits the tensor of the type of `v` that has `value` at `starts` and zeros around it.
  mutating func padded(
    _ value: ValueID, _ starts: [Int], as v: ValueID, named name: String, at site: SourceSite
  ) -> ValueID {
    let (own, extents) = (function[value].type.extents, function[v].type.extents)
    let high = extents.indices.map { extents[$0] - starts[$0] - own[$0] }
    return result(of: .layout(.pad(low: starts, high: high)), [value], named: name, at: site)
  }

  /// Emits the tensor of the type of `v` that has the parts of `layer` and zeros between them.
  mutating func joined(
    _ layer: AdjointSlices.Layer, as v: ValueID, named name: String, at site: SourceSite
  ) -> ValueID {
    let extents = function[v].type.extents
    if layer.parts.count == 1 {
      var starts = [Int](repeating: 0, count: extents.count)
      starts[layer.axis] = layer.parts[0].start
      return padded(layer.parts[0].value, starts, as: v, named: name, at: site)
    }
    var pieces: [ValueID] = []
    var end = 0
    for p in layer.parts {
      if p.start > end { pieces.append(zeros(p.start - end, along: layer.axis, of: v, at: site)) }
      pieces.append(p.value)
      end = p.end
    }
    if end < extents[layer.axis] { pieces.append(zeros(extents[layer.axis] - end, along: layer.axis, of: v, at: site)) }
    return concatenated(pieces, layer.axis, named: name, at: site)
  }

  /// Emits zeros that fill a gap of `extent` between parts along `axis`.
  private mutating func zeros(_ extent: Int, along axis: Int, of v: ValueID, at site: SourceSite) -> ValueID {
    var extents = function[v].type.extents
    extents[axis] = extent
    let name = "grad(\(function[v].name)).gap"
    let zero = result(of: .elementwise(.constant(0)), [], named: name, at: site)
    return result(of: .reduction(.broadcast(extents: extents, inserted: [])), [zero], named: name, at: site)
  }

  /// Emits the concatenation of two values or more, in several steps where they are more than one operation takes.
  private mutating func concatenated(
    _ values: [ValueID], _ axis: Int, named name: String, at site: SourceSite
  ) -> ValueID {
    var pieces = values
    while pieces.count > Layout.operandLimit {
      pieces = stride(from: 0, to: pieces.count, by: Layout.operandLimit).map { (i) in
        let group = Array(pieces[i..<min(i + Layout.operandLimit, pieces.count)])
        if group.count == 1 { return group[0] }
        return result(of: .layout(.concat(axis: axis)), group, named: "\(name).group", at: site)
      }
    }
    return result(of: .layout(.concat(axis: axis)), pieces, named: name, at: site)
  }

  private mutating func result(
    of operation: Operation, _ operands: [ValueID], named name: String, at site: SourceSite
  ) -> ValueID {
    guard let r = emit(operation, operands, named: name, at: site) else { preconditionFailure("it has a result") }
    return r
  }

}
