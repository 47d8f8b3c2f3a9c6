import CostProfiles
import Operations
import Runtime
import Testing

/// What `cgad calibrate` measures on a device.
@Suite struct KernelTimerTests {

  @Test func `an operation is timed by the device's events`() async throws {
    let device = try SimulatedDevice.shared.get()
    let product = LinearAlgebra.matmul(transposeLeft: false, transposeRight: true)
    #expect(
      try await device.nanoseconds(of: .linear(product), [.init(.f32, [4, 6]), .init(.f32, [5, 6])]) > 0)
  }

  @Test(arguments: [HostCopy.Direction.offload, .fetch])
  func `copies to the host and back are timed, too`(_ direction: HostCopy.Direction) async throws {
    #expect(try await SimulatedDevice.shared.get().nanoseconds(ofCopying: 1 << 12, direction) > 0)
  }

  @Test func `each operation of a profile is ready to be measured on a device`() async throws {
    let device = try SimulatedDevice.shared.get()
    for ladder in OperationSample.ladders {
      let least = ladder.samples[0]
      try await device.prepareTimer(of: least.operation, least.operands)
    }
  }

}
