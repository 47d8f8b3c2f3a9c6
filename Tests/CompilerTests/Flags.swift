import Driver
import Semantics
import Support
import TestSupport

/// The flags that a case asks for in its first line: `// flags: --policy every(k: 2) --budget 4096 --dim B=3`.
struct Flags {

  private var policy: String?

  private var budget: Int?

  private var dims: [LoweringOptions.DimOverride] = []

  private var schedule: String?

  private var train: String?

  /// Reads the flags in the first line of `source`, if it has any.
  init(in source: String) {
    let line = source.prefix { $0 != "\n" }
    guard line.hasPrefix("// flags:") else { return }
    for f in line.dropFirst(9).split(separator: "--") {
      guard let blank = f.firstIndex(of: " "), blank > f.startIndex else { continue }
      let value = f[f.index(after: blank)...].reversed().drop { $0 == " " }.reversed()
      set(String(f[..<blank]), String(value))
    }
  }

  private mutating func set(_ flag: String, _ value: String) {
    switch flag {
    case "policy": policy = value
    case "budget": budget = ByteCount(parsing: value)?.value
    case "schedule": schedule = value
    case "train": train = value
    case "dim":
      let parts = value.split(separator: "=")
      dims.append(.init(name: String(parts[0]), size: Int(parts[1]) ?? 0))
    case _: preconditionFailure("unknown flag '\(flag)'")
    }
  }

  /// Returns the compilation of `source` under the flags.
  func compilation(of source: String, named name: String, folder: String? = nil) -> Compilation {
    TestSupport.compilation(
      of: source, named: name, policy: policy, budget: budget, dims: dims, schedule: schedule, train: train,
      folder: folder)
  }

}
