import CKernels
import Operations
import Runtime
import Support

extension CPUBackend {

  func kernel(_ f: RandomOperation, _ operands: [Buffer], _ results: [Buffer]) -> Kernel {
    switch f {
    case .dropout(let rate, let key), .dropoutGradient(let rate, let key):
      dropout(Float(rate), key, f.mnemonic, operands[0], results[0])
    }
  }

  private func dropout(_ rate: Float, _ key: String, _ mnemonic: String, _ x: Buffer, _ y: Buffer) -> Kernel {
    let (pool, n, input, out, path) = (pool, x.count, x.f32, y.f32, StableHash.fnv1a(key))
    return { (keys) throws(KernelFailure) in
      try check(cgad_dropout(pool, n, input, rate, .init(keys, path), out), mnemonic, [x])
    }
  }

}

extension cgad_stream {

  /// The stream of the operation or storage whose path has the hash `path`.
  ///
  /// - Requires: micro-batch and replica are less than 65,536.
  init(_ keys: StepKeys, _ path: UInt64) {
    self.init(
      seed: keys.seed, path_hash: path, step: keys.step, micro_batch: UInt16(keys.microBatch),
      replica: UInt16(keys.replica))
  }

}
