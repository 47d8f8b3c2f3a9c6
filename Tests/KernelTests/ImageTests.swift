import CKernels
import Testing

/// Kernels of images; the oracle tests compare their numbers.
@Suite struct ImageTests {

  /// A convolution of images of 3 by 3 pixels with windows of 2 by 2.
  private static let small = cgad_convolution(
    images: 1, groups: 1, in_channels: 1, out_channels: 1, in_y: 3, in_x: 3, out_y: 2, out_x: 2, window_y: 2,
    window_x: 2, stride_y: 1, stride_x: 1, padding_y: 0, padding_x: 0, dilation_y: 1, dilation_x: 1)

  private static func convolved(_ c: cgad_convolution, workspace size: Int = workspaceBytes) -> Int32 {
    var status: Int32 = 0
    withPool { (p) in
      var y = [Float](repeating: 7, count: 4)
      withWorkspace(size) { (w) in
        status = withUnsafePointer(to: c) { (c) in
          withChannels([Float](repeating: 1, count: 9)) { cgad_conv2d(p, c, w, $0, [1, 1, 1, 1], &y) }
        }
      }
      #expect(y == (status == CGAD_OK ? [4, 4, 4, 4] : [7, 7, 7, 7]))
    }
    return status
  }

  @Test func `numbers that do not fit together are refused and write nothing`() {
    let changes: [(inout cgad_convolution) -> Void] = [
      { $0.out_y = 3 }, { $0.stride_x = 0 }, { $0.window_y = 4 }, { $0.padding_x = 1 << 40 }, { $0.groups = 0 },
      { $0.groups = 2 }, { $0.dilation_y = 3 }, { $0.in_y = 0 }, { $0.in_channels = 0 },
    ]
    #expect(Self.convolved(Self.small) == CGAD_OK)
    for change in changes {
      var c = Self.small
      change(&c)
      #expect(Self.convolved(c) == CGAD_BAD_ARGUMENT)
    }
  }

  @Test func `a convolution refuses less working memory than a tile for each thread with tasks`() {
    // a tile of 4 rows and 4 columns, one cache line; one image is one task whatever the threads
    var size = 0
    #expect(withUnsafePointer(to: Self.small) { cgad_conv2d_workspace($0, .forward, .init(), 2, &size) } == CGAD_OK)
    #expect(size == 64)
    #expect(Self.convolved(Self.small, workspace: 64) == CGAD_OK)
    #expect(Self.convolved(Self.small, workspace: 63) == CGAD_BAD_ARGUMENT)
  }

  @Test func `windows of one pixel need no working memory`() {
    var (c, size) = (Self.small, 7)
    (c.window_y, c.window_x, c.out_y, c.out_x) = (1, 1, 3, 3)
    for pass in [cgad_convolution_pass.forward, .input_gradient, .weight_gradient] {
      #expect(withUnsafePointer(to: c) { cgad_conv2d_workspace($0, pass, .init(), 3, &size) } == CGAD_OK && size == 0)
    }
    #expect(withUnsafePointer(to: c) { cgad_conv2d_workspace($0, .forward, .init(), 0, &size) } == CGAD_BAD_ARGUMENT)
  }

  @Test func `parts that have not all channels, or groups beside parts, are refused`() {
    var c = Self.small
    (c.in_channels, c.out_channels) = (2, 2)
    for (channels, groups, status) in [
      ([1, 1], 1, CGAD_OK), ([1, 2], 1, CGAD_BAD_ARGUMENT), ([1, 1], 2, CGAD_BAD_ARGUMENT),
    ] {
      c.groups = groups
      var size = 0
      let result = channels.withUnsafeBufferPointer { (b) in
        let image = cgad_channels(count: 2, channels: b.baseAddress, parts: nil)
        return withUnsafePointer(to: c) { cgad_conv2d_workspace($0, .forward, image, 2, &size) }
      }
      #expect(result == status)
    }
  }

  @Test func `no images leave no gradient of the weights`() {
    var c = Self.small
    c.images = 0
    let dw = output(4) { (p, dw) in
      _ = withUnsafePointer(to: c) { (c) in
        withChannels([0]) { cgad_conv2d_weight_gradient(p, c, .init(), $0, [0], dw) }
      }
    }
    #expect(dw == [0, 0, 0, 0])
  }

  private static let windows = cgad_pooling(
    planes: 1, in_y: 1, in_x: 4, out_y: 1, out_x: 3, window_y: 1, window_x: 2, stride_y: 1, stride_x: 1, padding_y: 0,
    padding_x: 0)

  @Test func `of equal elements the first one gets the gradient`() {
    let dx = output(4) { (p, dx) in
      _ = withUnsafePointer(to: Self.windows) { cgad_max_pool2d_gradient(p, $0, [2, 2, 1, 2], [1, 10, 100], dx) }
    }
    // the windows are (2, 2), (2, 1) and (1, 2)
    #expect(dx == [1, 10, 0, 100])
  }

  @Test func `a NaN is greater than any number`() {
    let y = output(3) { (p, y) in
      _ = withUnsafePointer(to: Self.windows) { cgad_max_pool2d(p, $0, [.nan, 5, 1, .infinity], y) }
    }
    #expect(y[0].isNaN && y[1] == 5 && y[2] == .infinity)
  }

  @Test func `padding is never the greatest and counts in means`() {
    var p = Self.windows
    (p.padding_x, p.out_x) = (1, 5)
    let greatest = output(5) { (pool, y) in
      _ = withUnsafePointer(to: p) { cgad_max_pool2d(pool, $0, [-2, -4, -6, -8], y) }
    }
    let mean = output(5) { (pool, y) in
      _ = withUnsafePointer(to: p) { cgad_avg_pool2d(pool, $0, [-2, -4, -6, -8], y) }
    }
    #expect(greatest == [-2, -2, -4, -6, -8])
    #expect(mean == [-1, -3, -5, -7, -4])
  }

  @Test func `windows with more than half of padding are refused`() {
    var p = Self.windows
    (p.padding_x, p.out_x) = (2, 7)
    withPool { (pool) in
      var y = [Float](repeating: 7, count: 7)
      let status = withUnsafePointer(to: p) { cgad_max_pool2d(pool, $0, [1, 2, 3, 4], &y) }
      #expect(status == CGAD_BAD_ARGUMENT && y.allSatisfy { $0 == 7 })
    }
  }

}
