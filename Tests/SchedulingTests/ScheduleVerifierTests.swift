import IR
import Operations
import Scheduling
import Testing

/// Schedules that are broken by hand, each refused with its reason.
@Suite struct ScheduleVerifierTests {

  /// Three tanh of a parameter, of which the first and third are recomputed.
  private static func example() throws -> (function: Function, schedule: Schedule) {
    var g = Graph()
    var v = g.parameter("w", 16, 16)
    for i in 1...4 { v = try g.unary(.tanh, v, "h\(i)") }
    g.setLoss(try g.reduce(.mean, v, "root"))
    let p = try g.problem()
    return (p.analysis.function, try p.schedule("every", k: 2))
  }

  /// Returns what the verifier says of the example after `change`.
  private static func verdict(
    obligedToSave: Set<ValueID> = [], _ change: (inout [ScheduledStep], [Version], Function) throws -> Void
  ) throws -> String {
    let (f, s) = try example()
    var steps = s.steps
    try change(&steps, s.versions, f)
    let broken = Schedule(versions: s.versions, steps: steps, backwardStart: s.backwardStart)
    var verifier = ScheduleVerifier(broken, of: f, obligedToSave: obligedToSave)
    do throws(ScheduleViolation) {
      try verifier.verify()
      return "ok"
    } catch {
      return error.message
    }
  }

  /// Returns the position of the first step of `action` whose operands or results are of the value called `name`.
  private static func index(
    _ action: ScheduledStep.Action, _ name: String, _ steps: [ScheduledStep], _ versions: [Version], _ f: Function
  ) throws -> Int {
    try #require(
      steps.firstIndex { (s) in
        s.action == action
          && (s.results + (s.results.isEmpty ? s.operands : [])).contains {
            f[versions[$0.index].value].name == name
          }
      })
  }

  @Test func `the unbroken one is accepted`() throws {
    #expect(try Self.verdict { (_, _, _) in } == "ok")
  }

  @Test func `use after delete`() throws {
    let message = try Self.verdict { (steps, versions, f) in
      let d = try Self.index(.delete, "h1", steps, versions, f)
      let use = try Self.index(.compute, "h2", steps, versions, f)
      steps.swapAt(d, use)
    }
    #expect(message == "'h1' is not live")
  }

  @Test func `double delete`() throws {
    let message = try Self.verdict { (steps, versions, f) in
      let d = try Self.index(.delete, "h1", steps, versions, f)
      steps.insert(steps[d], at: d)
    }
    #expect(message == "delete of 'h1', which is not live")
  }

  @Test func `delete of a parameter`() throws {
    let message = try Self.verdict { (steps, versions, f) in
      let w = try #require(versions.firstIndex { f[$0.value].name == "w" })
      steps.append(.init(action: .delete, instruction: .init(0), operands: [.init(w)], results: []))
    }
    #expect(message == "delete of 'w', which is not live")
  }

  @Test func `delete of the root`() throws {
    let message = try Self.verdict { (steps, versions, f) in
      let loss = try #require(versions.firstIndex { f[$0.value].name == "root" })
      steps.append(.init(action: .delete, instruction: .init(0), operands: [.init(loss)], results: []))
    }
    #expect(message == "the result 'root' is gone")
  }

  @Test func `a missing delete`() throws {
    let message = try Self.verdict { (steps, versions, f) in
      steps.remove(at: try Self.index(.delete, "h4", steps, versions, f))
    }
    #expect(message == "'h4' is left over")
  }

  @Test func `a missing recomputation`() throws {
    let message = try Self.verdict { (steps, versions, f) in
      steps.remove(at: try Self.index(.recompute, "h3", steps, versions, f))
    }
    #expect(message == "'h3' is not live")
  }

  @Test func `recompute of what is not computed`() throws {
    let message = try Self.verdict { (steps, versions, f) in
      let i = try Self.index(.compute, "h1", steps, versions, f)
      steps[i] = .init(
        action: .recompute, instruction: steps[i].instruction, operands: steps[i].operands, results: steps[i].results)
    }
    #expect(message == "recompute of what is not computed")
  }

  @Test func `compute of what is computed`() throws {
    let message = try Self.verdict { (steps, versions, f) in
      let i = try Self.index(.recompute, "h3", steps, versions, f)
      steps[i] = .init(
        action: .compute, instruction: steps[i].instruction, operands: steps[i].operands, results: steps[i].results)
    }
    #expect(message == "compute of what is computed")
  }

  @Test func `recompute of a saved value`() throws {
    let (f, _) = try Self.example()
    let h3 = try #require(f.values.firstIndex { $0.name == "h3" })
    let message = try Self.verdict(obligedToSave: [.init(h3)]) { (_, _, _) in }
    #expect(message == "'h3' is saved by a rule and must not be recomputed")
  }

  @Test func `a second update`() throws {
    let message = try Self.verdict { (steps, _, _) in
      let u = try #require(steps.firstIndex { $0.action == .update })
      steps.insert(steps[u], at: u)
    }
    #expect(message == "update of what is computed")
  }

  @Test func `an update that never takes place`() throws {
    let message = try Self.verdict { (steps, _, _) in steps.removeAll { $0.action == .update } }
    #expect(message.hasSuffix("is never executed"))
  }

  @Test func `a read after the update`() throws {
    let message = try Self.verdict { (steps, versions, f) in
      // h1 is recomputed from w at the end, after w was updated
      let r = steps.remove(at: try Self.index(.recompute, "h1", steps, versions, f))
      let d = steps.remove(at: try #require(steps.lastIndex { $0.operands == r.results && $0.action == .delete }))
      let reads = steps.indices.filter { !Set(steps[$0].operands).isDisjoint(with: r.results) }
      for i in reads.reversed() { steps.remove(at: i) }
      steps += [r, d]
    }
    #expect(message.hasPrefix("'grad(") || message == "'w' is read after its update")
  }

  @Test func `operands of other values`() throws {
    let message = try Self.verdict { (steps, versions, f) in
      let i = try Self.index(.compute, "h3", steps, versions, f)
      let j = try Self.index(.compute, "h2", steps, versions, f)
      steps[i] = .init(
        action: .compute, instruction: steps[i].instruction, operands: steps[j].operands, results: steps[i].results)
    }
    #expect(message == "the operands are of other values")
  }

  @Test func `results of other values`() throws {
    let message = try Self.verdict { (steps, versions, f) in
      let i = try Self.index(.compute, "h3", steps, versions, f)
      let j = try Self.index(.compute, "h2", steps, versions, f)
      steps[i] = .init(
        action: .compute, instruction: steps[i].instruction, operands: steps[i].operands, results: steps[j].results)
    }
    #expect(message == "the results are of other values")
  }

  @Test func `a result that is live already`() throws {
    let message = try Self.verdict { (steps, versions, f) in
      let r = try Self.index(.recompute, "h3", steps, versions, f)
      steps.insert(steps[r], at: r)
    }
    #expect(message == "'h3' is already live")
  }

}
