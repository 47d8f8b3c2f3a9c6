import CKernels
import Testing

/// The generator written for the reference and the one of the kernels, against the published vectors.
@Suite struct PhiloxTests {

  /// - Source: the known answers of Random123, `philox4x32 10`.
  private static let knownAnswers: [(counter: [UInt32], key: [UInt32], block: [UInt32])] = [
    ([0, 0, 0, 0], [0, 0], [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
    (
      [0xffff_ffff, 0xffff_ffff, 0xffff_ffff, 0xffff_ffff], [0xffff_ffff, 0xffff_ffff],
      [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
    ),
    (
      [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0],
      [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
    ),
  ]

  @Test(arguments: knownAnswers)
  func `both generators give the known answers`(_ counter: [UInt32], _ key: [UInt32], _ block: [UInt32]) {
    #expect(Philox.block(counter, key) == block)
    var words = [UInt32](repeating: 0, count: 4)
    cgad_philox(counter, key, &words)
    #expect(words == block)
  }

}
