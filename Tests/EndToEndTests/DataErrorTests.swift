import Testing

/// Data that a plan is given, and what becomes of it.
struct GivenData: Sendable, CustomTestStringConvertible {

  let testDescription: String

  let images: [UInt8]

  let labels: [UInt8]

  let code: Int32

  let message: String

  private static let images = Models.idx([5, 4, 4], .init(repeating: 7, count: 80))

  private static let labels = Models.idx([5], [0, 1, 2, 0, 1])

  static let all: [GivenData] = [
    .init(testDescription: "right", images: images, labels: labels, code: 0, message: ""),
    .init(
      testDescription: "images of another size", images: Models.idx([5, 4, 3], .init(repeating: 7, count: 60)),
      labels: labels, code: 1, message: "[5,4,3]"),
    .init(
      testDescription: "labels that are no integers", images: images,
      labels: Models.idx(type: 13, [5], .init(repeating: 0, count: 20)), code: 1, message: "f32"),
    .init(
      testDescription: "more labels than images", images: images, labels: Models.idx([6], [0, 1, 2, 0, 1, 2]), code: 1,
      message: "6"),
    .init(
      testDescription: "a label that is no class", images: images, labels: Models.idx([5], [0, 1, 2, 0, 3]), code: 1,
      message: "3"),
    .init(
      testDescription: "too few for one batch", images: Models.idx([1, 4, 4], .init(repeating: 7, count: 16)),
      labels: Models.idx([1], [0]), code: 1, message: "1"),
    .init(testDescription: "images cut off", images: images.dropLast(), labels: labels, code: 2, message: "images"),
    .init(testDescription: "images without a header", images: [0, 0], labels: labels, code: 2, message: "images"),
    .init(testDescription: "no IDX", images: Array("P5 4 4".utf8), labels: labels, code: 2, message: "images"),
  ]

}

@Suite struct DataErrorTests {

  private static func compiled() throws -> Workspace {
    let w = Workspace()
    try w.write("classifier.cgm", Models.classifier)
    try w.compile("classifier.cgm")
    return w
  }

  @Test(arguments: GivenData.all)
  func `A20: data of a wrong shape or element type is a named error`(_ data: GivenData) throws {
    let w = try Self.compiled()
    try w.write("images", data.images)
    try w.write("labels", data.labels)
    let r = try w.cgad("run", "model.cgplan")
    if data.code == 0 { return try #expect(r.exits(0).results.contains("4 steps")) }
    try r.refuses(data.code, "pictures", data.message)
  }

  @Test func `a missing data file is named with the places where it was looked for`() throws {
    let w = try Self.compiled()
    try w.cgad("run", "model.cgplan").refuses(2, "pictures", "'images'", "looked for images, data/images")
    try w.cgad("verify", "model.cgplan").refuses(2, "'images'")
    try w.cgad("verify", "model.cgplan", "--synthetic").exits(0)
  }

  @Test func `data is found beside the plan and where --data says`() throws {
    let w = try Self.compiled()
    let elsewhere = Workspace()
    try elsewhere.write("images", GivenData.all[0].images)
    try elsewhere.write("labels", GivenData.all[0].labels)
    try elsewhere.write("model.cgplan", w.text("model.cgplan"))
    let beside = try w.train(elsewhere.file("model.cgplan"))
    let given = try w.train("model.cgplan", "--data", "pictures=\(elsewhere.path)")
    #expect(beside["loss"] == given["loss"] && beside["parameters_digest"] == given["parameters_digest"])
  }

  @Test func `--data of an unknown set is a usage error`() throws {
    try Self.compiled().cgad("run", "model.cgplan", "--data", "picture=.").refuses(64, "did you mean 'pictures'?")
  }

  @Test(arguments: [("none", "train_images"), ("digits.npz", "train_faces")])
  func `an archive without the array is named`(_ file: String, _ array: String) throws {
    let w = try Workspace.withDigits()
    let text = """
      dim B = 4
      data d: (f32[B, 64], i32[B]) = npz("data/\(file)", x: "\(array)", y: "train_labels")
      model M(x: f32[B, 64]) -> f32[B, 10] {
        param weight: f32[64, 10] ~ kaiming()
        return x @ weight
      }
      train {
        let (x, y) = batch(d)
        loss = cross_entropy(M(x), y)
        optimizer = sgd(lr: 0.1)
        steps = 1
        seed = 1
      }

      """
    try w.write("model.cgm", text)
    try w.compile("model.cgm")
    let r = try w.cgad("run", "model.cgplan")
    #expect([1, 2].contains(r.code) && r.messages.contains(file == "none" ? "data/none" : array), "\(r)")
  }

}
