import Foundation
import Testing

/// Steps that are measured on the simulated device, by its events.
@Suite struct CUDAProfileTests {

  /// Returns a folder with a plan that offloads, and the device.
  private static func prepared() throws -> (Workspace, SimulatedDevice) {
    let w = Workspace()
    try w.write("off.cgm", CUDACommandTests.model + "schedule {\n  checkpoint = none()\n  offload **\n}\n")
    try w.compile("off.cgm", "--target", "cuda", to: "off.cgplan")
    return (w, try SimulatedDevice())
  }

  @Test func `the device times each instruction of the last step, and nothing changes`() throws {
    let (w, device) = try Self.prepared()
    let plain = try w.cuda(device, "run", "off.cgplan", "--steps", "2", "--json").exits(0).json
    let traced = try w.cuda(device, "run", "off.cgplan", "--steps", "2", "--json", "--trace", "t.json").exits(0).json
    for key in ["parameters_digest", "gradients_digest", "loss"] { #expect(plain[key] == traced[key], "\(key)") }
    let events = try JSONDecoder().decode(JSONValue.self, from: Data(w.text("t.json").utf8))["traceEvents"].elements
    let slices = events.filter { $0["ph"] == .string("X") }
    for kind in ["matmul ", "relu ", "adamw ", "offload ", "fetch "] {
      let some = slices.filter { $0["name"].string?.hasPrefix(kind) ?? false }
      #expect(!some.isEmpty && some.allSatisfy { ($0["dur"].number ?? 0) > 0 }, "\(kind)")
    }
    // One behind the other, in microseconds, without what the host did between them.
    let ends = slices.map { ($0["ts"].number ?? 0) + ($0["dur"].number ?? 0) }
    for (end, next) in zip(ends, slices.dropFirst()) { #expect(abs(end - (next["ts"].number ?? -1)) < 0.01) }
  }

  @Test func `operations and paths are ranked, and a page shows them`() throws {
    let (w, device) = try Self.prepared()
    let r = try w.cuda(device, "run", "off.cgplan", "--steps", "1", "--profile").exits(0)
    for part in ["ms a step, ", "operation ", "path ", "matmul ", "cross_entropy "] {
      #expect(r.results.contains(part), "\(r)")
    }
    try w.cuda(device, "report", "off.cgplan", "--steps", "1", "-o", "page.html").exits(0)
    #expect(try w.text("page.html").contains("<h2>Measured</h2>"))
  }

}
