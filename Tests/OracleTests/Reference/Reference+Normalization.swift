import Operations

extension Reference {

  static func result(of f: Normalization, _ x: [ReferenceTensor]) -> ReferenceTensor {
    switch f {
    case .layer(let epsilon): .init(x[0].extents, x[0].rows.flatMap { layer($0, epsilon).values })
    case .rms(let epsilon): .init(x[0].extents, x[0].rows.flatMap { rms($0, epsilon).values })
    case .layerGradient(let epsilon):
      gradient(x[0], x[1]) { (row, dy) in
        let (y, scale) = layer(row, epsilon)
        let (m, projection) = (mean(dy), mean(zip(y, dy).map { $0 * $1 }))
        return zip(y, dy).map { scale * ($1 - m - $0 * projection) }
      }
    case .rmsGradient(let epsilon):
      gradient(x[0], x[1]) { (row, dy) in
        let (y, scale) = rms(row, epsilon)
        let projection = mean(zip(y, dy).map { $0 * $1 })
        return zip(y, dy).map { scale * ($1 - $0 * projection) }
      }
    }
  }

  private static func gradient(
    _ x: ReferenceTensor, _ dy: ReferenceTensor, _ f: ([Double], [Double]) -> [Double]
  ) -> ReferenceTensor {
    .init(x.extents, zip(x.rows, dy.rows).flatMap(f))
  }

  private static func mean(_ x: [Double]) -> Double { x.reduce(0, +) / Double(x.count) }

  private static func layer(_ x: [Double], _ epsilon: Double) -> (values: [Double], scale: Double) {
    let m = mean(x)
    return rms(x.map { $0 - m }, epsilon)
  }

  private static func rms(_ x: [Double], _ epsilon: Double) -> (values: [Double], scale: Double) {
    let scale = 1 / (mean(x.map { $0 * $0 }) + epsilon).squareRoot()
    return (x.map { $0 * scale }, scale)
  }

}
