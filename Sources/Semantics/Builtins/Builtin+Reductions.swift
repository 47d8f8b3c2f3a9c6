import Operations
import Support
import Syntax

extension Builtin {

  /// Functions that combine elements along axes.
  static let reductions: [Builtin] =
    ReductionFunction.allCases.map(reduction) + [
      .init("argmax", ["x"], required: 1, form: "argmax(x)") { (l, c) throws(Reported) in try l.argmax(c) },
      .init("moments", ["x", "axis", "axes"], required: 1, form: "moments(x, axes: (0, 2, 3))") {
        (l, c) throws(Reported) in try l.moments(c)
      },
    ]

  private static func reduction(_ f: ReductionFunction) -> Builtin {
    .init(
      f.rawValue, ["x", "axis", "axes", "keep"], required: 1, form: "\(f.rawValue)(x, axes: (0, 1), keep: true)"
    ) { (l, c) throws(Reported) in try l.reduce(f, c) }
  }

}

extension Lowering {

  fileprivate mutating func reduce(_ f: ReductionFunction, _ c: BuiltinCall) throws(Reported) -> Meaning {
    let x = try tensor("x", of: c)
    let all = f == .logsumexp ? Array(x.type.dims.indices.suffix(1)) : Array(x.type.dims.indices)
    let axes = try reducedAxes(of: c, rank: x.type.dims.count) ?? all
    let keep = try flag("keep", of: c)
    let v = try emit(.reduction(.reduce(f, axes: axes, keep: keep)), [x.value], named: c.hint, at: c.span)
    return .tensor(v, .init(element: .f32, dims: reduced(x.type.dims, axes, keep: keep)))
  }

  /// Returns mean and variance, with the reduced axes as 1.
  fileprivate mutating func moments(_ c: BuiltinCall) throws(Reported) -> Meaning {
    let x = try tensor("x", of: c)
    let axes = try reducedAxes(of: c, rank: x.type.dims.count) ?? Array(x.type.dims.indices)
    let names = takePartNames(at: c.span, count: 2) ?? ["\(c.hint).mean", "\(c.hint).variance"]
    let type = SymbolicType(element: .f32, dims: reduced(x.type.dims, axes, keep: true))
    let mean = try emit(.reduction(.reduce(.mean, axes: axes, keep: true)), [x.value], named: names[0], at: c.span)
    let variance = try emit(
      .reduction(.reduce(.variance, axes: axes, keep: true)), [x.value], named: names[1], at: c.span)
    return .tuple([.tensor(mean, type), .tensor(variance, type)])
  }

  /// Returns the axes that `axis` or `axes` names; `nil` where neither is given.
  mutating func reducedAxes(of c: BuiltinCall, rank: Int) throws(Reported) -> [Int]? {
    if c["axis"] != nil, c["axes"] != nil {
      throw fail(.badArguments("give 'axis' or 'axes', not both", at: c.span, form: c.builtin.form))
    }
    return try axes(c["axis"] == nil ? "axes" : "axis", of: c, rank: rank)
  }

  /// Returns `dims` without those at `axes`, or with 1 in their place.
  func reduced(_ dims: [SymbolicDim], _ axes: [Int], keep: Bool) -> [SymbolicDim] {
    dims.enumerated().compactMap { (i, d) in
      axes.contains(i) ? (keep ? SymbolicDim(literal: 1) : nil) : d
    }
  }

  fileprivate mutating func argmax(_ c: BuiltinCall) throws(Reported) -> Meaning {
    let x = try tensor("x", of: c)
    let v = try emit(.reduction(.argmax), [x.value], named: c.hint, at: c.span)
    return .tensor(v, .init(element: .i32, dims: Array(x.type.dims.dropLast())))
  }

}
