import Foundation
import PlanFormat
import Runtime

/// Plans in which one line stands so often that the text has a given size, to see what reading and verifying them takes.
///
/// What a reader keeps of a line differs by the kind of line, so there is one text for each: with the very line again and
/// again, which is refused at its second occurrence or at the end, and with other names in each, which goes further.
struct SwollenPlans {

  /// A text and which line it has often.
  struct Text {

    let name: String

    let bytes: [UInt8]

  }

  /// The most bytes of memory for each byte of a text.
  static let factor = 10

  private let seeds: PlanSeeds

  private let size: Int

  /// Makes texts of about `size` bytes from the lines of `seeds`.
  init(_ seeds: PlanSeeds, size: Int) { (self.seeds, self.size) = (seeds, size) }

  /// Calls `body` with each text, one at a time.
  func forEach(_ body: (Text) throws -> Void) rethrows {
    var seen: Set<String> = []
    for seed in seeds.seeds {
      let lines = seed.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      for (n, line) in lines.enumerated() where !line.isEmpty {
        if !seen.insert(Self.kind(of: line)).inserted { continue }
        for isNumbered in [false, true] {
          try body(
            .init(
              name: "\(seed.name), line \(n + 1)\(isNumbered ? ", numbered" : ""): \(line.prefix(60))",
              bytes: swollen(lines, at: n, isNumbered: isNumbered)))
        }
      }
    }
  }

  /// What kind of line it is: its first word, or for instructions the operation and how many values it has.
  private static func kind(of line: String) -> String {
    let words = line.split(separator: " ")
    guard line.hasPrefix("  "), let sign = words.firstIndex(of: "=") else { return String(words.first ?? "") }
    let operation = words[(sign + 1)...].first { $0 != "recompute" } ?? ""
    return "\(operation) \(sign) \(words.contains("recompute"))"
  }

  private func swollen(_ lines: [String], at n: Int, isNumbered: Bool) -> [UInt8] {
    var bytes = Array(lines[...n].joined(separator: "\n").utf8) + [10]
    var number = 0
    while bytes.count < size {
      number += 1
      bytes += Array((isNumbered ? Self.numbered(lines[n], number) : lines[n]).utf8) + [10]
    }
    return bytes + Array(lines[(n + 1)...].joined(separator: "\n").utf8)
  }

  /// Returns `line` with another name in the first place where one may stand.
  private static func numbered(_ line: String, _ number: Int) -> String {
    let indent = line.prefix { $0 == " " }
    var words = line.dropFirst(indent.count).split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    let place = indent.isEmpty ? 1 : 0
    if words.indices.contains(place) {
      let comma = words[place].hasSuffix(",") ? "," : ""
      words[place] = "\(words[place].dropLast(comma.count))_\(number)\(comma)"
    }
    return indent + words.joined(separator: " ")
  }

  /// How many times its size a text takes in memory.
  struct Measurement {

    let name: String

    let ratio: Double

  }

  /// Reads and verifies every text and returns how many times its size that takes, the greatest first.
  func measured() -> [Measurement] {
    var all: [Measurement] = []
    forEach { (text) in
      let growth = MemoryGrowth.bytes {
        if let plan = try? PlanReader.read(text.bytes) { _ = try? VerifiedPlan(plan) }
      }
      all.append(.init(name: text.name, ratio: Double(growth) / Double(text.bytes.count)))
    }
    return all.sorted { $0.ratio > $1.ratio }
  }

}
