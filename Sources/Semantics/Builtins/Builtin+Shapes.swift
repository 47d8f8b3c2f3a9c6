import IR
import Operations
import Support
import Syntax

extension Builtin {

  /// Functions that move elements.
  static let shapes: [Builtin] = [
    .init("reshape", ["x", "dims"], required: 2, form: "reshape(x, [B, T * D])") { (l, c) throws(Reported) in
      try l.reshape(c)
    },
    .init("transpose", ["x", "axes"], required: 1, form: "transpose(x, axes: (1, 0))") { (l, c) throws(Reported) in
      try l.transpose(c)
    },
    .init("split", ["x", "parts", "axis"], required: 2, form: "split(x, parts: 3, axis: -1)") {
      (l, c) throws(Reported) in try l.split(c)
    },
    .init("concat", ["parts", "axis"], required: 1, form: "concat([x, y], axis: 1)") { (l, c) throws(Reported) in
      try l.concat(c)
    },
    .init("stack", ["parts", "axis"], required: 1, form: "stack([x, y], axis: 0)") { (l, c) throws(Reported) in
      try l.stack(c)
    },
    .init("slice", ["x", "start", "size", "axis"], required: 3, form: "slice(x, start: 0, size: 4, axis: -1)") {
      (l, c) throws(Reported) in try l.slice(c)
    },
    .init("pad", ["x", "low", "high", "axis"], required: 1, form: "pad(x, low: 1, high: 1, axis: -1)") {
      (l, c) throws(Reported) in try l.pad(c)
    },
    .init("broadcast", ["x", "dims"], required: 2, form: "broadcast(x, [B, D])") { (l, c) throws(Reported) in
      try l.stretched(c)
    },
    .init("arange", ["count"], required: 1, form: "arange(T), the numbers 0, 1, … below T") { (l, c) throws(Reported) in
      try l.arange(c)
    },
    .init("squeeze", ["x", "axis", "axes"], required: 1, form: "squeeze(x, axis: 1)") { (l, c) throws(Reported) in
      try l.squeeze(c)
    },
    .init("expand_dims", ["x", "axis"], required: 2, form: "expand_dims(x, axis: 1)") { (l, c) throws(Reported) in
      try l.expandDims(c)
    },
    .init("rearrange", ["x", "pattern"], required: 2, form: "rearrange(x, [B, T, (H, Dh)] -> [B, H, T, Dh])") {
      (l, c) throws(Reported) in try l.rearrange(c)
    },
  ]

}

extension Lowering {

  /// Returns the dims that the argument called `label`, a list or a tuple, is.
  private mutating func dims(_ label: String, of c: BuiltinCall) throws(Reported) -> [SymbolicDim] {
    guard let e = c[label] else { throw missing(label, of: c) }
    let m = try lower(e, hint: "")
    let parts = if case .tuple(let p) = m { p } else { [m] }
    var dims: [SymbolicDim] = []
    for p in parts { dims.append(try dim(p, at: e.span)) }
    return dims
  }

  /// Returns `x` with its elements in the same order as `dims`.
  func reshaped(_ x: Tensor, to dims: [SymbolicDim]) -> (operation: Operation, type: SymbolicType) {
    (.layout(.reshape(extents: dims.map(\.size))), .init(element: x.type.element, dims: dims))
  }

  fileprivate mutating func reshape(_ c: BuiltinCall) throws(Reported) -> Meaning {
    let (x, dims) = (try tensor("x", of: c), try dims("dims", of: c))
    let (operation, type) = reshaped(x, to: dims)
    return .tensor(try emit(operation, [x.value], named: c.hint, at: c.span), type)
  }

  fileprivate mutating func transpose(_ c: BuiltinCall) throws(Reported) -> Meaning {
    let x = try tensor("x", of: c)
    let rank = x.type.dims.count
    var order = Array(0..<rank)
    if let e = c["axes"] {
      order = try axesInOrder(e, rank: rank)
      guard order.sorted() == Array(0..<rank) else {
        throw fail(.expected("each of the \(rank) axes once", found: "\(order)", at: e.span))
      }
    } else {
      if rank < 2 { throw fail(.expected("a tensor of 2 axes or more to transpose", found: "\(x.type)", at: c.span)) }
      order.swapAt(rank - 2, rank - 1)
    }
    return try permuted(x, order, named: c.hint, at: c.span)
  }

  private mutating func permuted(
    _ x: Tensor, _ order: [Int], named name: String, at span: SourceSpan
  ) throws(Reported) -> Meaning {
    let v = try emit(.layout(.transpose(axes: order)), [x.value], named: name, at: span)
    return .tensor(v, .init(element: x.type.element, dims: order.map { x.type.dims[$0] }))
  }

  /// Returns the part of `x` along `axis` from `start`, of extent `size`.
  mutating func part(
    of x: Tensor, axis: Int, start: Int, size: SymbolicDim, named name: String, at span: SourceSpan
  ) throws(Reported) -> Meaning {
    var (starts, type) = (x.type.dims.map { _ in 0 }, x.type)
    starts[axis] = start
    type.dims[axis] = size
    let operation = Operation.layout(.slice(starts: starts, extents: type.dims.map(\.size)))
    return .tensor(try emit(operation, [x.value], named: name, at: span), type)
  }

  /// Returns equal parts along an axis, the last by default, as a tuple.
  fileprivate mutating func split(_ c: BuiltinCall) throws(Reported) -> Meaning {
    let x = try tensor("x", of: c)
    let axis = try axis("axis", of: c, rank: x.type.dims.count, default: -1)
    guard let e = c["parts"] else { throw missing("parts", of: c) }
    let count = try dim(e)
    let size: SymbolicDim
    do throws(SymbolicDim.ArithmeticFailure) {
      size = try x.type.dims[axis].divided(by: count)
    } catch {
      throw fail(.dimArithmetic(x.type.dims[axis], "/", count, "is not a whole number", at: c.span))
    }
    if count.size > 64 { throw fail(.expected("at most 64 parts", found: "\(count)", at: e.span)) }
    let given = takePartNames(at: c.span, count: count.size)
    var parts: [Meaning] = []
    for i in 0..<count.size {
      let name = given?[i] ?? "\(c.hint).\(i)"
      parts.append(try part(of: x, axis: axis, start: i * size.size, size: size, named: name, at: c.span))
    }
    return .tuple(parts)
  }

  fileprivate mutating func slice(_ c: BuiltinCall) throws(Reported) -> Meaning {
    let x = try tensor("x", of: c)
    let axis = try axis("axis", of: c, rank: x.type.dims.count, default: -1)
    let start = try integers("start", of: c, count: 1, default: 0, from: 0)[0]
    guard let e = c["size"] else { throw missing("size", of: c) }
    return try part(of: x, axis: axis, start: start, size: try dim(e), named: c.hint, at: c.span)
  }

  fileprivate mutating func pad(_ c: BuiltinCall) throws(Reported) -> Meaning {
    let x = try tensor("x", of: c)
    let axis = try axis("axis", of: c, rank: x.type.dims.count, default: -1)
    var low = x.type.dims.map { _ in 0 }
    var (high, type) = (low, x.type)
    low[axis] = try integers("low", of: c, count: 1, default: 0, from: 0)[0]
    high[axis] = try integers("high", of: c, count: 1, default: 0, from: 0)[0]
    type.dims[axis] = try sum(type.dims[axis], [low[axis], high[axis]], at: c.span)
    return .tensor(try emit(.layout(.pad(low: low, high: high)), [x.value], named: c.hint, at: c.span), type)
  }

  /// Returns `d` plus numbers.
  mutating func sum(_ d: SymbolicDim, _ numbers: [Int], at span: SourceSpan) throws(Reported) -> SymbolicDim {
    var result = d
    for n in numbers {
      do throws(SymbolicDim.ArithmeticFailure) {
        result = try result.adding(.init(literal: n), negated: false)
      } catch {
        throw fail(.dimArithmetic(result, "+", .init(literal: n), "does not fit 64 bits", at: span))
      }
    }
    return result
  }

  /// Returns the tensors of a list with the axis that joins them, for `concat` and `stack`.
  private mutating func parts(of c: BuiltinCall) throws(Reported) -> [Tensor] {
    guard let e = c["parts"] else { throw missing("parts", of: c) }
    let m = try lower(e, hint: c.hint, part: "part")
    guard case .tuple(let all) = m else {
      throw fail(.expected("a list of tensors, as [x, y]", found: m.kind, at: e.span))
    }
    var tensors: [Tensor] = []
    for (i, p) in all.enumerated() { tensors.append(try tensor(p, at: e.span, hint: "\(c.hint).part.\(i)")) }
    return tensors
  }

  fileprivate mutating func concat(_ c: BuiltinCall) throws(Reported) -> Meaning {
    let parts = try parts(of: c)
    let axis = try axis("axis", of: c, rank: parts[0].type.dims.count, default: 0)
    var type = parts[0].type
    for p in parts.dropFirst() {
      var (a, b) = (type, p.type)
      guard a.element == b.element, a.dims.count == b.dims.count else { throw unlike(parts[0], p, c) }
      (a.dims[axis], b.dims[axis]) = (.init(literal: 1), .init(literal: 1))
      if a != b { throw unlike(parts[0], p, c) }
      do throws(SymbolicDim.ArithmeticFailure) {
        type.dims[axis] = try type.dims[axis].adding(p.type.dims[axis], negated: false)
      } catch {
        throw fail(.dimArithmetic(type.dims[axis], "+", p.type.dims[axis], "does not fit 64 bits", at: c.span))
      }
    }
    if parts.count == 1 { return .tensor(parts[0].value, type) }
    return .tensor(try emit(.layout(.concat(axis: axis)), parts.map(\.value), named: c.hint, at: c.span), type)
  }

  private mutating func unlike(_ a: Tensor, _ b: Tensor, _ c: BuiltinCall) -> Reported {
    let what = "'\(c.builtin.name)' takes tensors that differ along its axis only, not \(a.type) and \(b.type)"
    return fail(.operandTypes(what, operands("parts", a, of: c), operands("parts", b, of: c), at: c.span))
  }

  /// Returns tensors of one type side by side along a new axis.
  fileprivate mutating func stack(_ c: BuiltinCall) throws(Reported) -> Meaning {
    let parts = try parts(of: c)
    let axis = try axis("axis", of: c, rank: parts[0].type.dims.count + 1, default: 0)
    var type = parts[0].type
    type.dims.insert(.init(literal: 1), at: axis)
    var values: [ValueID] = []
    for (i, p) in parts.enumerated() {
      if p.type != parts[0].type { throw unlike(parts[0], p, c) }
      let operation = Operation.layout(.reshape(extents: type.dims.map(\.size)))
      values.append(try emit(operation, [p.value], named: "\(c.hint).row.\(i)", at: c.span))
    }
    type.dims[axis] = .init(literal: parts.count)
    if values.count == 1 { return .tensor(values[0], type) }
    return .tensor(try emit(.layout(.concat(axis: axis)), values, named: c.hint, at: c.span), type)
  }

  fileprivate mutating func stretched(_ c: BuiltinCall) throws(Reported) -> Meaning {
    let (x, dims) = (try tensor("x", of: c), try dims("dims", of: c))
    guard broadcastDims(x.type.dims, dims) == dims else {
      throw fail(
        .cannotBroadcast(
          "broadcast", operands("x", x, of: c),
          operands("dims", .init(x.value, .init(element: x.type.element, dims: dims)), of: c),
          at: places("x", "dims", of: c)))
    }
    let operation = Operation.reduction(.broadcast(extents: dims.map(\.size), inserted: []))
    let v = try emit(operation, [x.value], named: c.hint, at: c.span)
    return .tensor(v, .init(element: x.type.element, dims: dims))
  }

  fileprivate mutating func arange(_ c: BuiltinCall) throws(Reported) -> Meaning {
    guard let e = c["count"] else { throw missing("count", of: c) }
    let count = try dim(e)
    guard 1...Elementwise.greatestCount ~= count.size else {
      throw fail(.expected("a count from 1 to \(Elementwise.greatestCount)", found: "\(count)", at: e.span))
    }
    let v = try emit(.elementwise(.arange(count: count.size)), [], named: c.hint, at: c.span)
    return .tensor(v, .init(element: .f32, dims: [count]))
  }

  /// Returns `x` without the axes of extent 1 that are named, or without all of them.
  fileprivate mutating func squeeze(_ c: BuiltinCall) throws(Reported) -> Meaning {
    let x = try tensor("x", of: c)
    let named = try reducedAxes(of: c, rank: x.type.dims.count)
    let axes = named ?? x.type.dims.indices.filter { x.type.dims[$0].size == 1 }
    if let bad = axes.first(where: { x.type.dims[$0].size != 1 }) {
      throw fail(.expected("an axis of extent 1", found: "axis \(bad) of \(x.type)", at: c.span))
    }
    let (operation, type) = reshaped(x, to: reduced(x.type.dims, axes, keep: false))
    return .tensor(try emit(operation, [x.value], named: c.hint, at: c.span), type)
  }

  fileprivate mutating func expandDims(_ c: BuiltinCall) throws(Reported) -> Meaning {
    let x = try tensor("x", of: c)
    var dims = x.type.dims
    dims.insert(.init(literal: 1), at: try axis("axis", of: c, rank: dims.count + 1, default: 0))
    let (operation, type) = reshaped(x, to: dims)
    return .tensor(try emit(operation, [x.value], named: c.hint, at: c.span), type)
  }

}
