import Testing

/// What `cgadc init` writes.
@Suite struct InitCommandTests {

  @Test(arguments: ["mlp", "gpt", "unet"])
  func `a template is formatted, compiles and trains`(_ name: String) throws {
    let w = Workspace()
    let r = try w.cgadc("init", name).exits(0)
    #expect(r.results.contains("wrote \(name).cgm"))
    try w.cgadc("fmt", "--check", "\(name).cgm").exits(0)
    try w.cgadc("compile", "\(name).cgm").exits(0)
    try w.cgad("run", "\(name).cgplan", "--steps", "2").exits(0)
    try w.cgad("verify", "\(name).cgplan").exits(0)
  }

  @Test func `a file that is there is not overwritten`() throws {
    let w = Workspace()
    try w.write("mlp.cgm", "mine\n")
    try w.cgadc("init", "mlp").refuses(1, "mlp.cgm: is there already")
    #expect(try w.text("mlp.cgm") == "mine\n")
    try w.cgadc("init", "mlp", "--force").exits(0)
    #expect(try w.text("mlp.cgm").hasPrefix("// mlp.cgm"))
  }

  @Test func `it writes to another file or to standard output`() throws {
    let w = Workspace()
    try w.cgadc("init", "gpt", "-o", "other.cgm").exits(0)
    let r = try w.cgadc("init", "gpt", "-o", "-").exits(0)
    #expect(try w.text("other.cgm") == r.results)
    #expect(try w.names == ["other.cgm"])
  }

  @Test func `there is no other template`() throws {
    try Workspace().cgadc("init", "vgg").refuses(64, "mlp, gpt, unet")
  }

}

/// Models of several files.
@Suite struct ImportTests {

  private static let model = """
    import parts.dense

    dim B = 4, D = 8
    data examples: (f32[B, D], f32[B, D]) = synthetic()

    model Net(x: f32[B, D]) -> f32[B, D] {
      return Dense(x)
    }

    train {
      let (x, y) = batch(examples)
      loss      = mse(Net(x), y)
      optimizer = sgd(lr: 0.1)
      steps     = 2
    }

    """

  private static let dense = """
    block Dense(x: f32[B, N]) -> f32[B, N] {
      param weight: f32[N, N]
      return x @ weight
    }

    """

  @Test func `a model is read with the files it imports, from any folder`() throws {
    let w = Workspace()
    try w.makeFolder("models/parts")
    try w.write("models/net.cgm", Self.model)
    try w.write("models/parts/dense.cgm", Self.dense)
    try w.cgadc("compile", "models/net.cgm", "-o", "net.cgplan").exits(0)
    #expect(try w.text("net.cgplan").contains("// dense.cgm:2"))
    try w.cgad("run", "net.cgplan").exits(0)
  }

  @Test func `an error in an imported file is shown in that file`() throws {
    let w = Workspace()
    try w.makeFolder("parts")
    try w.write("net.cgm", Self.model)
    try w.write("parts/dense.cgm", Self.dense.replacing("x @ weight", with: "x @ wieght"))
    try w.cgadc("check", "net.cgm").refuses(1, "parts/dense.cgm:3:14: error: unknown name 'wieght'")
  }

  @Test func `a link out of the model's folder is refused`() throws {
    let w = Workspace()
    try w.makeFolder("inside")
    try w.write("inside/net.cgm", Self.model)
    try w.makeFolder("parts")
    try w.write("parts/dense.cgm", Self.dense)
    try w.link("inside/parts", to: "../parts")
    try w.cgadc("check", "inside/net.cgm").refuses(1, "[CG0233]")
  }

}
