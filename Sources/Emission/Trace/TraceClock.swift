/// When instructions begin in a trace, in microseconds with three digits.
struct TraceClock {

  private let starts: [Int]

  private let durations: [Int]

  init(measured: MeasuredStep) { (starts, durations) = (measured.starts, measured.durations) }

  /// - Parameter planned: the nanoseconds of each instruction, one after the other.
  init(planned: [Int]) {
    var (starts, time) = ([Int](), 0)
    for d in planned {
      starts.append(time)
      time = time.addingReportingOverflow(d).overflow ? time : time + d
    }
    (self.starts, durations) = (starts, planned)
  }

  func start(_ t: Int) -> String { Self.microseconds(starts[t]) }

  func duration(_ t: Int) -> String { Self.microseconds(durations[t]) }

  private static func microseconds(_ nanoseconds: Int) -> String {
    let rest = nanoseconds % 1000
    if rest == 0 { return "\(nanoseconds / 1000)" }
    return "\(nanoseconds / 1000).\(rest < 10 ? "00" : rest < 100 ? "0" : "")\(rest)"
  }

}
