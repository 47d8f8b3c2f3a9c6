import Operations
import PlanFormat
import Support

/// Computes one value of the evaluation program for any number of examples.
package struct Predictor<B: Backend> {

  private let machine: Machine<B>

  /// The position of the evaluation program.
  private let program: Int

  private let value: PlanValueIndex

  /// The data set that the program reads.
  private let data: DataDeclaration

  private let seed: UInt64

  /// Creates a predictor of the value called `name`, or, without a name, of what the loss is first computed from.
  ///
  /// - Throws: if the plan has no evaluation program, or that no such value with an axis of examples.
  package init(_ machine: Machine<B>, value name: String?, seed: UInt64) throws(PredictionFailure) {
    let plan = machine.verified.plan
    guard let program = machine.verified.evaluation else { throw .noEvaluation }
    let p = plan.programs[program]
    guard let first = p.bindings.first?.data, p.bindings.allSatisfy({ $0.data == first }),
      let data = plan.data.first(where: { $0.name == first })
    else { throw .notOneDataSet }
    let value = try name.map { (n) throws(PredictionFailure) in try p.computedValue(named: n) } ?? p.lossOperand
    guard let value, p.values[value].type.extents.first == data.types[0].extents[0] else {
      throw .noExamples(value.map { "'\(p.values[$0].name)' is \(p.values[$0].type)" })
    }
    (self.machine, self.program, self.value, self.data, self.seed) = (machine, program, value, data, seed)
  }

  /// The name of the value.
  package var valueName: String { machine.verified.plan.programs[program].values[value].name }

  /// Returns the value for the examples in `inputs`, which are the first components of the evaluation's data; the other
  /// components are zeros. Batches that the examples do not fill are filled with the last example.
  ///
  /// - Requires: the parameters are set.
  /// - Throws: if the inputs do not fit the declared types, or a kernel fails.
  package func run(_ inputs: [DataArray]) throws(PredictionFailure) -> DataArray {
    let dataset = try dataset(inputs)
    let plan = machine.verified.plan
    var feed: ProgramFeed<B>
    do throws(DataFailure) {
      feed = try .init(plan.programs[program], of: machine, dataset, as: data)
    } catch { throw .data(error) }
    let result = machine.buffer(of: value, in: program)
    var bytes: [UInt8] = []
    for batch in 0..<feed.batchesPerEpoch {
      feed.fill(step: batch)
      do throws(ExecutionFailure) { try machine.execute(program, .init(seed: seed), until: value) } catch {
        throw .execution(error)
      }
      machine.backend.read(result) { bytes += $0.bytes }
    }
    if let failure = machine.failure { throw .execution(.init(place: "reading '\(valueName)'", failure: failure)) }
    let count = inputs.first?.extents.first ?? 0
    let type = TensorType(result.type.element, [count] + result.type.extents.dropFirst())
    return .init(origin: valueName, type: type, bytes: Array(bytes.prefix(type.size.value)))
  }

  /// Returns `inputs` and zeros for the components that they lack, in whole batches.
  private func dataset(_ inputs: [DataArray]) throws(PredictionFailure) -> Dataset {
    guard (1...data.types.count).contains(inputs.count) else {
      throw .inputCount(inputs.count, components: data.types.map(\.description))
    }
    let batch = data.types[0].extents[0]
    do throws(DataError) {
      let given = try Dataset(inputs)
      guard given.count > 0 else { throw .init(inputs[0].origin, .tooFewExamples(batch: 1, found: 0)) }
      let count = (given.count - 1) / batch * batch + batch
      let zeros = data.types.dropFirst(inputs.count).map { (t) in
        let type = TensorType(t.element, [count] + t.extents.dropFirst())
        return DataArray(origin: data.name, type: type, bytes: .init(repeating: 0, count: type.size.value))
      }
      return try Dataset(inputs.map { $0.repeatingLast(until: count) } + zeros)
    } catch { throw .data(.unusable(data: data.name, error)) }
  }

}

extension DataArray {

  /// Returns an array of `count` examples, those after the last being the same as that.
  ///
  /// - Requires: there is an example.
  fileprivate func repeatingLast(until count: Int) -> DataArray {
    let rest = count - extents[0]
    if rest == 0 { return self }
    let width = bytes.count / extents[0]
    var all = bytes
    for _ in 0..<rest { all += bytes.suffix(width) }
    return .init(origin: origin, type: .init(element, [count] + extents.dropFirst()), bytes: all)
  }

}

extension PlanProgram {

  /// The value that the loss is first computed from, or `nil` if the loss has no operand in the arena.
  fileprivate var lossOperand: PlanValueIndex? {
    let loss = results.first { $0.result.role == .loss }?.value
    let instruction = instructions.first { (i) in i.results.contains { $0 == loss } }
    return instruction?.operands.first { values[$0].arenaOffset != nil }
  }

  /// Returns the value called `name`.
  ///
  /// - Throws: if none of that name is computed.
  fileprivate func computedValue(named name: String) throws(PredictionFailure) -> PlanValueIndex {
    if let i = values.firstIndex(where: { $0.name == name && $0.arenaOffset != nil }) { return i }
    let names = values.filter { $0.arenaOffset != nil }.map(\.name)
    throw .noValue(name, nearest: Suggestion.nearest(to: name, in: names))
  }

}
