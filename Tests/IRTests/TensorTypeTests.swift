import Operations
import Support
import Testing

/// A1: bytes of values.
@Suite struct TensorTypeTests {

  @Test(arguments: [
    (ElementType.f32, [100, 100], 40_000), (.f16, [100, 100], 20_000), (.bf16, [100, 100], 20_000),
    (.f64, [100, 100], 80_000), (.f32, [0], 0), (.f32, [], 4), (.f32, [5, 0, 7], 0), (.i64, [3], 24), (.i32, [3], 12),
    (.u16, [3], 6), (.u8, [3], 3), (.bool, [3], 3), (.f64, [], 8),
  ])
  func `A1 bytes are the product of the extents times the element's`(_ e: ElementType, _ extents: [Int], _ bytes: Int) {
    #expect(TensorType(e, extents).size.value == bytes)
  }

  @Test func `A1 ten of 40,000 bytes are 400,000`() {
    let sizes = Array(repeating: TensorType(.f32, [100, 100]).size, count: 10)
    #expect(sizes.reduce(.zero, +).value == 400_000)
  }

  @Test(arguments: [
    ([1, 1, 1, 1, 1, 1, 1, 1], true), ([1, 1, 1, 1, 1, 1, 1, 1, 1], false), ([-1], false), ([1 << 46], true),
    ([(1 << 46) + 1], false), ([1 << 62, 1 << 62], false), ([0, 1 << 62], false), ([Int.max], false),
  ])
  func `more than 8 axes, 2 to the 48 bytes or a negative extent are no type`(_ extents: [Int], _ isValid: Bool) {
    #expect(TensorType.isValid(.f32, extents) == isValid)
  }

  @Test(arguments: [([], "f32[]"), ([3], "f32[3]"), ([2, 3], "f32[2,3]")])
  func `types print as in plans`(_ extents: [Int], _ text: String) {
    #expect(TensorType(.f32, extents).description == text)
  }

}
