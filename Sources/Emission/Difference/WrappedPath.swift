/// A path and what stands around it: `h.0.up` and `grad` for `grad(h.0.up)`.
struct WrappedPath: Hashable {

  /// The names of what stands around it, outermost first, joined by points; empty if nothing does.
  let prefix: String

  /// What stands behind that, as the `.operands` of `grad(h.0.up).operands`.
  let suffix: String

  let inner: String

  init(_ path: String) {
    var (wrappers, rest, suffix) = ([Substring](), path[...], "")
    while let open = rest.firstIndex(of: "("), !rest[..<open].contains("."), let close = rest.lastIndex(of: ")") {
      wrappers.append(rest[..<open])
      suffix = rest[rest.index(after: close)...] + suffix
      rest = rest[rest.index(after: open)..<close]
    }
    prefix = wrappers.joined(separator: ".")
    self.suffix = suffix
    inner = String(rest)
  }

  /// What stands around it in one word, `grad.operands`; empty if nothing does.
  var wrapper: String { prefix + suffix }

  /// Returns `label` with the same around it.
  func around(_ label: String) -> String { prefix.isEmpty ? label : "\(prefix)(\(label))\(suffix)" }

}
