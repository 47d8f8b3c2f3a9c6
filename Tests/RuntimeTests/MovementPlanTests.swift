import CPUBackend
import PlanFormat
import Runtime
import Testing

/// Plans whose operations move elements or read where indices say.
@Suite struct MovementPlanTests {

  /// Tokens below 5 in another shape, cut in two, whose rows of a table are multiplied by each other.
  private static let script = """
    data d : i32[2,3], i32[2] = synthetic(count: 64)
    state table : f32[5,4] ~ normal(mean: 0.0, std: 1.0)
    input t : i32[2,3]
    input u : i32[2]
    program train
    bind t = d.0
    bind u = d.1
    flat = reshape t {extents: [6]}
    first = slice flat {starts: [0], extents: [3]}
    rows = gather table, first
    wide = reshape rows {extents: [1, 3, 4]}
    other = gather table, u
    cut = reshape other {extents: [2, 1, 4]}
    product = matmul wide, cut {transpose_right: true}
    score = sum product {axes: [0, 1, 2]}
    hot = one_hot u {classes: 5}
    part = mean hot {axes: [0, 1]}
    result = add score, part
    loss = result
    """

  @Test func `a plan with them is verified, and synthetic indices stay in range`() throws {
    let plan = try PlanScript.plan(Self.script)
    let catalog = DataCatalog(plan.plan, path: .init(planPath: "a.cgplan"))
    let session = try Session(try Machine(plan, on: try CPUBackend(threads: 2)), data: catalog, seed: 1)
    for _ in 0..<32 { _ = try session.step() }  // 64 examples in batches of 2; an index out of range would throw
  }

}
