import Operations
import Support
import Syntax

extension Builtin {

  /// Functions of images [batch, channels, rows, columns].
  static let images: [Builtin] = [
    .init(
      "conv2d", ["x", "weight", "stride", "padding", "dilation", "groups"], required: 2,
      form: "conv2d(x, weight, stride: 1, padding: 1, dilation: 1, groups: 1)"
    ) { (l, c) throws(Reported) in try l.convolution(c) },
    .init(
      "conv_transpose2d", ["x", "weight", "stride", "padding", "dilation", "groups", "output_padding"], required: 2,
      form: "conv_transpose2d(x, weight, stride: 2, padding: 1, output_padding: 1)"
    ) { (l, c) throws(Reported) in try l.transposedConvolution(c) },
    .init("max_pool", ["x", "window", "stride", "padding"], required: 2, form: "max_pool(x, 2, stride: 2)") {
      (l, c) throws(Reported) in try l.pool(c) { .max($0) }
    },
    .init("avg_pool", ["x", "window", "stride", "padding"], required: 2, form: "avg_pool(x, 2, stride: 2)") {
      (l, c) throws(Reported) in try l.pool(c) { .average($0) }
    },
    .init(
      "upsample", ["x", "factor", "mode"], required: 2,
      form: "upsample(x, 2, mode: \"nearest\"), or \"bilinear\""
    ) { (l, c) throws(Reported) in try l.upsample(c) },
  ]

}

extension Lowering {

  /// The greatest stride, padding, dilation or window: times any extent it fits 64 bits.
  private static let greatestStep = 1 << 15

  private mutating func pair(
    _ label: String, of c: BuiltinCall, default standard: Int, from least: Int
  ) throws(Reported) -> Pair {
    let numbers = try integers(label, of: c, count: 2, default: standard, from: least, to: Self.greatestStep)
    return .init(numbers[0], numbers[1])
  }

  private mutating func geometry(of c: BuiltinCall) throws(Reported) -> Convolution.Geometry {
    .init(
      stride: try pair("stride", of: c, default: 1, from: 1), padding: try pair("padding", of: c, default: 0, from: 0),
      dilation: try pair("dilation", of: c, default: 1, from: 1),
      groups: try integers("groups", of: c, count: 1, default: 1, from: 1, to: Self.greatestStep)[0])
  }

  /// Returns the image and the weights of a convolution.
  private mutating func imageAndWeight(of c: BuiltinCall) throws(Reported) -> (Tensor, Tensor) {
    let (x, weight) = (try tensor("x", of: c), try tensor("weight", of: c))
    guard x.type.dims.count == 4, weight.type.dims.count == 4 else {
      let what =
        "'\(c.builtin.name)' takes images [N, C, Y, X] and weights [O, C, KY, KX], not \(x.type) and \(weight.type)"
      throw fail(.operandTypes(what, operands("x", x, of: c), operands("weight", weight, of: c), at: c.span))
    }
    return (x, weight)
  }

  fileprivate mutating func convolution(_ c: BuiltinCall) throws(Reported) -> Meaning {
    let (x, w) = try imageAndWeight(of: c)
    let g = try geometry(of: c)
    try checkChannels(x.type.dims[1], w.type.dims[1], groups: g.groups, x, w, c)
    let v = try emit(.convolution(.convolution(g)), [x.value, w.value], named: c.hint, at: c.span)
    let (y, k) = (Array(x.type.dims[2...]), w.type.dims[2...].map(\.size))
    let rows = try windows(y[0], k[0], g.stride.y, g.padding.y, g.dilation.y, at: c.span)
    let columns = try windows(y[1], k[1], g.stride.x, g.padding.x, g.dilation.x, at: c.span)
    return .tensor(v, .init(element: .f32, dims: [x.type.dims[0], w.type.dims[0], rows, columns]))
  }

  /// Demands that the weights are of the images' channels, of which each group sees its part.
  private mutating func checkChannels(
    _ channels: SymbolicDim, _ seen: SymbolicDim, groups: Int, _ x: Tensor, _ w: Tensor, _ c: BuiltinCall
  ) throws(Reported) {
    let all = try? seen.multiplied(by: .init(literal: groups))
    if all == channels || (groups > 1 && all?.size == channels.size) { return }
    let what = "the channels differ: \(channels) of the images and \(groups) groups of \(seen) of the weights"
    throw fail(.operandTypes(what, operands("x", x, of: c), operands("weight", w, of: c), at: c.span))
  }

  /// Returns the number of places of a window: `(extent + 2·padding − dilation·(window − 1) − 1) / stride + 1`, which is
  /// an expression of `extent`'s dims where the stride divides it.
  private mutating func windows(
    _ extent: SymbolicDim, _ window: Int, _ stride: Int, _ padding: Int, _ dilation: Int, at span: SourceSpan
  ) throws(Reported) -> SymbolicDim {
    let rest = 2 * padding - dilation * (window - 1) - 1
    if extent.size % stride == 0, let part = try? extent.divided(by: .init(literal: stride)) {
      return try sum(part, [floorDivided(rest, by: stride) + 1], at: span)
    }
    return .init(literal: max(0, floorDivided(extent.size + rest, by: stride) + 1))
  }

  private func floorDivided(_ a: Int, by b: Int) -> Int { (a - ((a % b) + b) % b) / b }

  fileprivate mutating func transposedConvolution(_ c: BuiltinCall) throws(Reported) -> Meaning {
    let (x, w) = try imageAndWeight(of: c)
    let g = try geometry(of: c)
    if x.type.dims[1] != w.type.dims[0] {
      let what = "the channels differ: \(x.type.dims[1]) of the images and \(w.type.dims[0]) of the weights"
      throw fail(.operandTypes(what, operands("x", x, of: c), operands("weight", w, of: c), at: c.span))
    }
    let more = try pair("output_padding", of: c, default: 0, from: 0)
    let (y, k) = (Array(x.type.dims[2...]), w.type.dims[2...].map(\.size))
    let rows = try spread(y[0], k[0], (g.stride.y, g.padding.y, g.dilation.y, more.y), at: c.span)
    let columns = try spread(y[1], k[1], (g.stride.x, g.padding.x, g.dilation.x, more.x), at: c.span)
    let operation = Convolution.transposed(g, extents: .init(rows.size, columns.size))
    let v = try emit(.convolution(operation), [x.value, w.value], named: c.hint, at: c.span)
    let channels = try product(w.type.dims[1], g.groups, at: c.span)
    return .tensor(v, .init(element: .f32, dims: [x.type.dims[0], channels, rows, columns]))
  }

  /// Returns `(extent − 1)·stride − 2·padding + dilation·(window − 1) + more + 1`.
  private mutating func spread(
    _ extent: SymbolicDim, _ window: Int, _ g: (stride: Int, padding: Int, dilation: Int, more: Int),
    at span: SourceSpan
  ) throws(Reported) -> SymbolicDim {
    let rest = g.dilation * (window - 1) - 2 * g.padding + g.more + 1 - g.stride
    return try sum(try product(extent, g.stride, at: span), [rest], at: span)
  }

  private mutating func product(_ d: SymbolicDim, _ n: Int, at span: SourceSpan) throws(Reported) -> SymbolicDim {
    do throws(SymbolicDim.ArithmeticFailure) {
      return try d.multiplied(by: .init(literal: n))
    } catch {
      throw fail(.dimArithmetic(d, "*", .init(literal: n), "does not fit 64 bits", at: span))
    }
  }

  fileprivate mutating func pool(_ c: BuiltinCall, _ make: (Pooling.Geometry) -> Pooling) throws(Reported) -> Meaning {
    let x = try image(of: c)
    let window = try pair("window", of: c, default: 1, from: 1)
    let stride = c["stride"] == nil ? window : try pair("stride", of: c, default: 1, from: 1)
    let padding = try pair("padding", of: c, default: 0, from: 0)
    let g = Pooling.Geometry(window: window, stride: stride, padding: padding)
    let v = try emit(.pooling(make(g)), [x.value], named: c.hint, at: c.span)
    var type = x.type
    let rank = type.dims.count
    type.dims[rank - 2] = try windows(type.dims[rank - 2], window.y, stride.y, padding.y, 1, at: c.span)
    type.dims[rank - 1] = try windows(type.dims[rank - 1], window.x, stride.x, padding.x, 1, at: c.span)
    return .tensor(v, type)
  }

  fileprivate mutating func upsample(_ c: BuiltinCall) throws(Reported) -> Meaning {
    let x = try image(of: c)
    let factor = try pair("factor", of: c, default: 2, from: 1)
    let v = try emit(
      .pooling(.upsample(try interpolation(of: c), factor: factor)), [x.value], named: c.hint, at: c.span)
    var type = x.type
    let rank = type.dims.count
    type.dims[rank - 2] = try product(type.dims[rank - 2], factor.y, at: c.span)
    type.dims[rank - 1] = try product(type.dims[rank - 1], factor.x, at: c.span)
    return .tensor(v, type)
  }

  private mutating func interpolation(of c: BuiltinCall) throws(Reported) -> Pooling.Interpolation {
    guard let e = c["mode"] else { return .nearest }
    let m = try lower(e, hint: "")
    if case .string(let s) = m, let mode = Pooling.Interpolation(rawValue: s) { return mode }
    throw fail(.expected("the mode \"nearest\" or \"bilinear\"", found: m.kind, at: e.span))
  }

  private mutating func image(of c: BuiltinCall) throws(Reported) -> Tensor {
    let x = try tensor("x", of: c)
    if x.type.dims.count >= 2 { return x }
    throw fail(.expected("images [.., Y, X] for '\(c.builtin.name)'", found: "\(x.type)", at: c.span))
  }

}
