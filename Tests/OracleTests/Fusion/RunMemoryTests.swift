import CUDABackend
import Testing

/// The rule by which elementwise operations may share a launch, in which no thread waits for another.
///
/// Addresses are in bytes; all steps have 8 elements, of 32 bytes.
@Suite struct RunMemoryTests {

  private static let count = 8

  private static func dense(_ address: UInt64) -> ElementwiseStep.Operand { .dense(address, count: count) }

  /// A vector of two elements, each of which four neighbours of the result read.
  private static func stretched(_ address: UInt64) -> ElementwiseStep.Operand {
    .init(address: address, range: .init(start: address, byteCount: 8), layout: .init([2, 4], [1, 0]))
  }

  /// The elements from the one at `address` on of a buffer that begins at `start` and has 64 bytes.
  private static func slice(_ address: UInt64, of start: UInt64) -> ElementwiseStep.Operand {
    .init(address: address, range: .init(start: start, byteCount: 64), layout: nil)
  }

  private static func step(_ operands: [ElementwiseStep.Operand], to result: UInt64) -> ElementwiseStep {
    .init(operands.count == 2 ? .add : .exp, operands, result: result, count: count)
  }

  /// The memory after steps that may follow one another.
  private static func memory(after steps: ElementwiseStep...) throws -> RunMemory {
    var memory = RunMemory(count: count)
    for (i, s) in steps.enumerated() {
      let sources = try #require(memory.sources(of: s), "step \(i) may not follow")
      _ = memory.note(s, sources, at: i)
    }
    return memory
  }

  @Test func `what a step computed reaches the next one without memory`() throws {
    let memory = try Self.memory(after: Self.step([Self.dense(0)], to: 32))
    #expect(
      memory.sources(of: Self.step([Self.dense(32), Self.dense(64)], to: 96)) == [
        .step(0), .memory(Self.dense(64)),
      ])
  }

  @Test func `a result may take the place of an operand that was read element by element`() throws {
    let memory = try Self.memory(after: Self.step([Self.dense(0)], to: 32))
    #expect(memory.sources(of: Self.step([Self.dense(0)], to: 0)) != nil, "of its own operand")
    #expect(memory.sources(of: Self.step([Self.dense(32)], to: 0)) != nil, "of an operand of a step before")
    #expect(memory.sources(of: Self.step([Self.dense(0)], to: 32)) != nil, "of a result of the run")
  }

  @Test func `after a result was overwritten its reader gets the later one`() throws {
    let memory = try Self.memory(after: Self.step([Self.dense(0)], to: 32), Self.step([Self.dense(32)], to: 32))
    #expect(memory.sources(of: Self.step([Self.dense(32)], to: 64)) == [.step(1)])
  }

  @Test(arguments: [4, 16, 28, 36, 60] as [UInt64])
  func `a result that overlaps a result of the run elsewhere ends it`(_ address: UInt64) throws {
    let memory = try Self.memory(after: Self.step([Self.dense(96)], to: 32))
    #expect(memory.sources(of: Self.step([Self.dense(96)], to: address)) == nil)
  }

  @Test(arguments: [4, 28] as [UInt64])
  func `a result that overlaps what was read elsewhere ends the run`(_ address: UInt64) throws {
    let memory = try Self.memory(after: Self.step([Self.dense(0)], to: 64))
    #expect(memory.sources(of: Self.step([Self.dense(64)], to: address)) == nil)
  }

  @Test func `neighbours that only touch do not end a run`() throws {
    let memory = try Self.memory(after: Self.step([Self.dense(32)], to: 64))
    #expect(memory.sources(of: Self.step([Self.dense(128)], to: 0)) != nil)
    #expect(memory.sources(of: Self.step([Self.dense(64)], to: 96)) != nil)
  }

  @Test func `an operand that overlaps a result elsewhere ends the run`() throws {
    let memory = try Self.memory(after: Self.step([Self.dense(0)], to: 32))
    #expect(memory.sources(of: Self.step([Self.dense(36)], to: 96)) == nil)
    #expect(memory.sources(of: Self.step([Self.dense(12)], to: 96)) == nil)
  }

  @Test func `a stretched operand in a result of the run ends it, even at the same address`() throws {
    let memory = try Self.memory(after: Self.step([Self.dense(0)], to: 32))
    #expect(memory.sources(of: Self.step([Self.stretched(32)], to: 96)) == nil)
    #expect(memory.sources(of: Self.step([Self.stretched(56)], to: 96)) == nil)
    #expect(memory.sources(of: Self.step([Self.stretched(64)], to: 96)) != nil)
  }

  @Test func `a result over a stretched operand of the run or of its own ends it`() throws {
    let memory = try Self.memory(after: Self.step([Self.dense(0), Self.stretched(64)], to: 32))
    #expect(memory.sources(of: Self.step([Self.dense(32)], to: 64)) == nil)
    #expect(memory.sources(of: Self.step([Self.dense(32)], to: 40 + 24 + 4)) == nil)
    #expect(RunMemory(count: Self.count).sources(of: Self.step([Self.stretched(64)], to: 64)) == nil)
    #expect(memory.sources(of: Self.step([Self.dense(32)], to: 72)) != nil)
  }

  @Test func `a part of a buffer is read element by element where it begins at the result`() throws {
    let memory = try Self.memory(after: Self.step([Self.slice(32, of: 0)], to: 96))
    #expect(memory.sources(of: Self.step([Self.dense(96)], to: 32)) != nil)
    #expect(memory.sources(of: Self.step([Self.dense(96)], to: 0)) == nil)
  }

  @Test func `another number of elements ends a run`() throws {
    let memory = try Self.memory(after: Self.step([Self.dense(0)], to: 32))
    let longer = ElementwiseStep(.exp, [.dense(128, count: 9)], result: 256, count: 9)
    #expect(memory.sources(of: longer) == nil)
  }

  @Test func `the place of a result that died is free`() throws {
    var memory = try Self.memory(after: Self.step([Self.dense(0)], to: 32), Self.step([Self.dense(32)], to: 128))
    let next = Self.step([Self.dense(128)], to: 40)
    #expect(memory.sources(of: next) == nil)
    #expect(memory.release(.init(start: 32, byteCount: 28)) == nil, "other bytes than the result's")
    #expect(memory.release(.init(start: 32, byteCount: 32)) == 0)
    #expect(memory.sources(of: next) == [.step(1)])
    #expect(memory.footprint.writes == [.init(start: 128, byteCount: 32)])
  }

}
