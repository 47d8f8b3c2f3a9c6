import Operations
import PlanFormat
import Support

/// How gradients compare with differences of the loss.
package struct FiniteDifferenceReport: Hashable, Sendable {

  /// The relative error up to which an element agrees.
  package static let tolerance = 0.05

  /// The share of elements that must agree; a kink of the loss (as of relu) near an element may spoil a few.
  package static let requiredShare = 0.9

  /// The elements checked.
  package internal(set) var checked = 0

  /// Those that agree, within `tolerance` or the noise of the loss's last bits.
  package internal(set) var agreeing = 0

  /// Those of `agreeing` that cannot be told: the noise of the loss hides the gradient, or the loss has a kink there, so
  /// that the differences to either side are not those of one slope.
  package internal(set) var hidden = 0

  /// The greatest relative error of an element that is not hidden, and the element; `nil` if all are hidden.
  package internal(set) var worst: Element?

  /// An element of a parameter and the two derivatives of the loss with respect to it.
  package struct Element: Hashable, Sendable {

    /// The parameter's name and the position in it.
    package let name: String

    package let gradient: Double

    package let difference: Double

    package let relativeError: Double

  }

  /// `true` iff enough elements agree.
  package var isGood: Bool { Double(agreeing) >= Self.requiredShare * Double(checked) }

}

/// The inputs of a micro-batch and its keys.
struct MicroBatch {

  let keys: StepKeys

  let inputs: StorageSnapshot

}

/// Checks gradients by central differences of the loss in f32, with dropout's draws held fixed.
///
/// The loss of a step is the mean of those of its micro-batches, as its gradient is.
///
/// Of a few random elements of a parameter, the one with the greatest gradient is checked, since the loss's rounding hides
/// small ones. Of several widths the one that agrees best counts: narrow ones drown in rounding, wide ones meet kinks. A
/// width at which the differences to the left and to the right disagree says nothing.
struct FiniteDifferences<B: Backend> {

  /// The widths, as parts of the parameter's root mean square.
  private static var widths: [Double] { [0.1, 0.03, 0.01, 0.003] }

  /// The number of elements among which the greatest gradient is looked for.
  private static var candidates: Int { 16 }

  private let machine: Machine<B>

  private let gradients: GradientCopies

  private let batches: [MicroBatch]

  private let start: StorageSnapshot

  /// Creates an instance for the state that `machine` is in, in which a step of `batches` gave `gradients`.
  ///
  /// - Requires: there is a batch.
  init(_ machine: Machine<B>, _ gradients: GradientCopies, _ batches: [MicroBatch]) {
    self.machine = machine
    self.gradients = gradients
    self.batches = batches
    self.start = machine.snapshot()
  }

  /// Checks `elements` elements, spread over all parameters.
  func report(elements: Int) throws(ExecutionFailure) -> FiniteDifferenceReport {
    var report = FiniteDifferenceReport()
    let parameters = machine.verified.storage(of: .parameter).filter { (gradients.buffers[$0]?.type.count ?? 0) > 0 }
    if parameters.isEmpty { return report }
    let noise = try lossNoise()
    for k in 0..<max(elements, 0) {
      let parameter = parameters[k * parameters.count / elements % parameters.count]
      try check(parameter, element(of: parameter, draw: k), noise, &report)
    }
    return report
  }

  /// Returns how much the loss may be off: some units in its last place.
  private func lossNoise() throws(ExecutionFailure) -> Double { 4 * Double(Float(try loss()).ulp) }

  /// Returns the element with the greatest gradient among some that `draw` chooses.
  private func element(of parameter: Int, draw: Int) -> Int {
    let gradient = gradients.buffers[parameter]!.floats
    let name = machine.verified.plan.storage[parameter].storage.name
    let drawn = (0..<Self.candidates).map { (i) in
      Int(StableHash.fnv1a("\(batches[0].keys.seed) \(name) \(draw) \(i)") % UInt64(gradient.count))
    }
    return drawn.max { (abs(gradient[$0]), $1) < (abs(gradient[$1]), $0) }!
  }

  private func check(
    _ parameter: Int, _ element: Int, _ noise: Double, _ report: inout FiniteDifferenceReport
  ) throws(ExecutionFailure) {
    let gradient = Double(gradients.buffers[parameter]!.floats[element])
    let name = "\(machine.verified.plan.storage[parameter].storage.name)[\(element)]"
    report.checked += 1
    var best: (element: FiniteDifferenceReport.Element, excess: Double)?
    for width in widths(of: parameter) {
      let (difference, bend) = try difference(parameter, element, width)
      let scale = max(abs(gradient), abs(difference))
      let error = abs(gradient - difference)
      let allowed = FiniteDifferenceReport.tolerance * scale + noise / width
      let candidate = FiniteDifferenceReport.Element(
        name: name, gradient: gradient, difference: difference, relativeError: scale == 0 ? 0 : error / scale)
      if scale < 4 * noise / width && error <= allowed { continue }
      if error > allowed && bend > allowed + noise / width { continue }
      let excess = error.isFinite ? error / allowed : .infinity
      if best.map({ excess < $0.excess }) ?? true { best = (candidate, excess) }
    }
    report.count(best?.element, agrees: best.map { $0.excess <= 1 } ?? true)
  }

  private func widths(of parameter: Int) -> [Double] {
    let square = machine.backend.read(machine.storage[parameter]) { (b) in
      b.floats.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(b.floats.count)
    }
    let scale = square.squareRoot() > 1e-3 ? square.squareRoot() : 1
    return Self.widths.map { $0 * scale }
  }

  /// Returns the central difference of the loss when `element` moves by `width` either way, and by how much the
  /// differences to either side differ.
  private func difference(
    _ parameter: Int, _ element: Int, _ width: Double
  ) throws(ExecutionFailure) -> (central: Double, bend: Double) {
    let value = machine.backend.read(machine.storage[parameter]) { $0.floats[element] }
    let (low, high) = (value - Float(width), value + Float(width))
    let up = try loss(with: high, at: element, of: parameter)
    let down = try loss(with: low, at: element, of: parameter)
    let middle = try loss(with: value, at: element, of: parameter)
    let right = (up - middle) / (Double(high) - Double(value))
    let left = (middle - down) / (Double(value) - Double(low))
    return ((up - down) / (Double(high) - Double(low)), abs(right - left))
  }

  /// Returns the loss with one element changed, and restores all storage.
  private func loss(with value: Float, at element: Int, of parameter: Int) throws(ExecutionFailure) -> Double {
    machine.backend.modify(machine.storage[parameter]) { $0.floats[element] = value }
    let loss = try loss()
    machine.restore(start)
    return loss
  }

  private func loss() throws(ExecutionFailure) -> Double {
    let train = machine.verified.train
    var sum = 0.0
    for b in batches {
      machine.restore(b.inputs)
      try machine.executeUntilLoss(train, b.keys)
      sum += machine.reported(by: train).first { $0.role == .loss }?.value ?? 0
    }
    return sum / Double(batches.count)
  }

}

extension FiniteDifferenceReport {

  /// Counts an element; `element` is `nil` iff the noise hides it.
  fileprivate mutating func count(_ element: Element?, agrees: Bool) {
    if agrees { agreeing += 1 }
    guard let element else {
      hidden += 1
      return
    }
    if worst.map({ $0.relativeError < element.relativeError }) ?? true { worst = element }
  }

}
