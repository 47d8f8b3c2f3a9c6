import CUDABackend
import TestSupport
import Testing

/// Runs as programs, and the search for runs.
///
/// Steps have 8 elements, of 32 bytes; `at(i)` is the address of value i.
@Suite struct RunProgramTests {

  private static let count = 8

  private static func at(_ value: Int) -> UInt64 { UInt64(value) * 32 }

  private static func range(_ value: Int, bytes: Int = 32) -> MemoryRange { .init(start: at(value), byteCount: bytes) }

  private static func step(_ operands: Int..., to result: Int) -> ElementwiseStep {
    .init(
      operands.count == 2 ? .add : .exp, operands.map { .dense(at($0), count: count) }, result: at(result),
      count: count)
  }

  private static func work(_ s: ElementwiseStep) -> FusionItem {
    .work(.init(reads: s.operands.map(\.range), writes: [s.resultRange]), step: s)
  }

  /// Work that no run does.
  private static func other(reads: [Int], writes: [Int]) -> FusionItem {
    .work(.init(reads: reads.map { range($0) }, writes: writes.map { range($0) }), step: nil)
  }

  /// The parts of `items` in a form to compare: positions, those of runs in brackets behind the bytes they write.
  private static func parts(_ items: [FusionItem]) -> [String] {
    Fusion.parts(of: items).map { (part) in
      switch part {
      case .item(let i): "\(i)"
      case .run(let run, let members): "\(RunProgram(run).writtenBytes): \(members)"
      }
    }
  }

  @Test func `neighbours become a run, which writes what is read later`() {
    #expect(Self.parts([Self.work(Self.step(0, to: 1)), Self.work(Self.step(1, to: 2))]) == ["64: [0, 1]"])
  }

  @Test func `what is overwritten or dies in a run is not written`() {
    let chain = [Self.work(Self.step(0, to: 1)), Self.work(Self.step(1, to: 1)), Self.work(Self.step(1, to: 2))]
    #expect(Self.parts(chain) == ["64: [0, 1, 2]"])
    #expect(Self.parts(chain + [.release(Self.range(1))]) == ["32: [0, 1, 2]"])
    let read = chain + [Self.other(reads: [1], writes: [9]), .release(Self.range(1))]
    #expect(Self.parts(read) == ["64: [0, 1, 2]", "3"], "something else reads it before")
    let late = chain + [.barrier, .release(Self.range(1))]
    #expect(Self.parts(late) == ["64: [0, 1, 2]", "3"])
  }

  @Test func `what stands between and has nothing to do with a run goes before it`() {
    let items = [
      Self.work(Self.step(0, to: 1)), Self.other(reads: [5], writes: [6]), Self.work(Self.step(1, 6, to: 2)),
    ]
    #expect(Self.parts(items) == ["1", "64: [0, 2]"])
  }

  @Test func `what reads a result of a run stays behind it`() {
    let items = [
      Self.work(Self.step(0, to: 1)), Self.other(reads: [1], writes: [6]), Self.work(Self.step(1, to: 2)),
    ]
    #expect(Self.parts(items) == ["64: [0, 2]", "1"])
  }

  @Test func `work does not join over what it depends on`() {
    let first = Self.work(Self.step(0, to: 1))
    let cases = [
      (Self.other(reads: [1], writes: [6]), Self.step(6, 1, to: 2)),  // it reads what stays behind writes
      (Self.other(reads: [1, 2], writes: [6]), Self.step(1, to: 2)),  // it overwrites what stays behind reads
      (Self.other(reads: [1], writes: [2]), Self.step(1, to: 2)),  // it comes after what writes the same
    ]
    for (middle, last) in cases { #expect(Self.parts([first, middle, Self.work(last)]) == ["0", "1", "2"]) }
  }

  @Test func `nothing goes before a run over what stays behind`() {
    let items = [
      Self.work(Self.step(0, to: 1)), Self.other(reads: [1], writes: [6]), Self.other(reads: [6], writes: [7]),
      Self.work(Self.step(1, to: 2)), Self.work(Self.step(7, 2, to: 3)),
    ]
    #expect(Self.parts(items) == ["64: [0, 3]", "1", "2", "4"])
  }

  @Test func `nothing is moved across a barrier`() {
    let items = [Self.work(Self.step(0, to: 1)), .barrier, Self.work(Self.step(1, to: 2))]
    #expect(Self.parts(items) == ["0", "1", "2"])
  }

  @Test func `what was moved before a run, and what stays behind it, become runs themselves`() {
    func small(_ from: Int, to: Int) -> FusionItem {
      Self.work(.init(.exp, [.dense(Self.at(from), count: 2)], result: Self.at(to), count: 2))
    }
    let items = [
      Self.work(Self.step(0, to: 1)), small(10, to: 11), small(11, to: 12), Self.other(reads: [1], writes: [20]),
      small(20, to: 21), small(21, to: 22), Self.work(Self.step(1, to: 2)),
    ]
    #expect(Self.parts(items) == ["16: [1, 2]", "64: [0, 6]", "3", "16: [4, 5]"])
  }

  @Test func `a long chain becomes several runs`() {
    let items = (0..<100).map { Self.work(Self.step($0, to: $0 + 1)) }
    let runs = Fusion.parts(of: items).map { if case .run(_, let members) = $0 { members } else { [] as [Int] } }
    #expect(runs.flatMap(\.self) == Array(0..<100))
    #expect(runs.allSatisfy { (2...RunProgram.stepLimit).contains($0.count) } && runs.count > 1)
  }

  @Test func `what several steps read is read once`() throws {
    var run = try #require(Run(Self.step(0, 1, to: 2)))
    let joins = [run.append(Self.step(0, 2, to: 3)), run.append(Self.step(1, 0, to: 4))]
    #expect(joins == [true, true])
    let program = RunProgram(run)
    #expect(program.readBytes == 64 && program.writtenBytes == 96)
    #expect(program.slotCount == 2)
  }

  @Test func `a run ends where its results have no slots`() throws {
    var run = try #require(Run(Self.step(0, to: 1)))
    let width = RunProgram.slotLimit + 2
    let first = (1..<width).map { run.append(Self.step(0, to: 1 + $0)) }
    let second = (1..<width).map { run.append(Self.step($0, $0 + 1, to: 50 + $0)) }
    #expect(first.allSatisfy(\.self) && second.contains(false))
    #expect(RunProgram(run).fits && RunProgram(run).slotCount == RunProgram.slotLimit)
  }

  @Test func `quotients by multiplication are exact`() {
    var random = SplitMix(seed: 5)
    let limit = 1 << 31
    let divisors = [1, 2, 3, 4, 5, 7, 64, 1000, 65535, 65536, 65537, limit / 2, limit / 2 + 1, limit - 1]
    let others = (0..<2000).map { (_) in
      max(1, Int.random(in: 1..<limit, using: &random) >> Int.random(in: 0..<30, using: &random))
    }
    for d in divisors + others {
      let divisor = Divisor(d)
      let near = (0..<4).flatMap { (k) in [k * d - 1, k * d, k * d + 1] } + [limit / d * d - 1, limit / d * d]
      for n in near + [limit - 1, Int.random(in: 0..<limit, using: &random)] where (0..<limit).contains(n) {
        #expect((UInt64(n) * UInt64(divisor.factor)) >> UInt64(divisor.shift) == UInt64(n / d), "\(n) / \(d)")
      }
    }
  }

}
