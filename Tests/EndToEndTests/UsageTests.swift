import Testing

@Suite struct UsageTests {

  @Test(arguments: [
    ["compile"], ["compile", "m.cgm", "--frobnicate"], ["compile", "m.cgm", "--budget", "banana"],
    ["compile", "m.cgm", "--budget", "-1"], ["compile", "m.cgm", "--budget", "0"], ["compile", "m.cgm", "--budget"],
    ["compile", "m.cgm", "--budget", "99999999999999999999"], ["compile", "m.cgm", "--dim", "B=zero"],
    ["compile", "m.cgm", "--dim", "B=0"], ["compile", "m.cgm", "--dim", "B=-1"], ["compile", "m.cgm", "--dim", "B"],
    ["compile", "m.cgm", "--dim", "=3"], ["compile", "m.cgm", "--dim", "B=3=4"],
    ["compile", "m.cgm", "--policy", "every(k"], ["compile", "m.cgm", "--policy", ""],
    ["compile", "m.cgm", "--policy", "none() none()"], ["compile", "m.cgm", "--policy", "none() }"],
    ["compile", "m.cgm", "--threads", "0"], ["compile", "m.cgm", "--threads", "many"],
    ["compile", "m.cgm", "more.cgm"], ["check"], ["dump", "m.cgm"], ["dump", "m.cgm", "--stage", "soup"],
    ["dump", "m.cgm", "--stage", "ir", "--format", "xml"], ["fmt"],
    ["fmt", "m.cgm", "--check", "--diff"], ["fmt", "-", "-"], ["opt"], ["verify"], ["policies", "more"], ["frobnicate"],
    ["check", "m.cgm", "--format", "xml"],
  ])
  func `the compiler refuses wrong usage`(_ arguments: [String]) throws {
    let w = Workspace()
    try w.write("m.cgm", Models.chain())
    try w.run(.cgadc, arguments).refuses(64, "rror: ", "sage: cgadc")
    #expect(try w.names == ["m.cgm"])
  }

  @Test(arguments: [
    ["run"], ["run", "m.cgplan", "--frobnicate"], ["run", "m.cgplan", "--steps", "0"],
    ["run", "m.cgplan", "--steps", "-1"], ["run", "m.cgplan", "--steps", "many"], ["run", "m.cgplan", "--seed", "-1"],
    ["run", "m.cgplan", "--memory-limit", "banana"], ["run", "m.cgplan", "--device", "toaster"],
    ["run", "m.cgplan", "--data", "examples"], ["run", "m.cgplan", "--data", "=x"],
    ["run", "m.cgplan", "--metrics", "m.txt"], ["run"], ["verify", "m.cgplan", "more"], ["verify"],
    ["verify", "m.cgplan", "--steps", "0"], ["verify", "m.cgplan", "--elements", "-1"], ["bench"],
    ["bench", "m.cgplan", "--steps", "0"], ["bench", "m.cgplan", "--warmup", "-1"],
    ["bench", "m.cgplan", "m.cgplan", "--against", "none"], ["info"], ["doctor", "more"],
    ["kernels"], ["kernels", "--arch", "90"], ["kernels", "--arch", "9.0", "-o", "x"],
    ["kernels", "--arch", "0", "-o", "x"], ["frobnicate"],
  ])
  func `the virtual machine refuses wrong usage`(_ arguments: [String]) throws {
    let w = Workspace()
    try w.write("m.cgm", Models.chain())
    try w.compile("m.cgm", to: "m.cgplan")
    try w.run(.cgad, arguments).refuses(64, "rror: ")
    #expect(try w.names == ["m.cgm", "m.cgplan"])
  }

  @Test(arguments: [
    (Program.cgadc, ["check", "none.cgm"]), (.cgadc, ["compile", "none.cgm"]),
    (.cgadc, ["dump", "none.cgm", "--stage", "ir"]), (.cgadc, ["dump", "none.cgplan", "--stage", "plan"]),
    (.cgadc, ["fmt", "none.cgm"]), (.cgadc, ["opt", "none.cgir"]), (.cgadc, ["verify", "none.cgplan"]),
    (.cgad, ["run", "none.cgplan"]),
    (.cgad, ["verify", "none.cgplan"]), (.cgad, ["bench", "none.cgplan"]), (.cgad, ["info", "none.cgplan"]),
  ])
  func `a missing file is named`(_ program: Program, _ arguments: [String]) throws {
    try Workspace().run(program, arguments).refuses(2, arguments[1])
  }

  @Test(arguments: [(Program.cgad, "run"), (.cgadc, "compile"), (.cgadc, "verify"), (.cgad, "info")])
  func `an empty name is that of no file`(_ program: Program, _ command: String) throws {
    try Workspace().run(program, [command, ""]).refuses(2)
  }

  @Test func `an absent device is named`() throws {
    let w = Workspace()
    try w.write("m.cgm", Models.chain())
    try w.compile("m.cgm")
    try w.cgad(["run", "model.cgplan", "--device", "cuda"], with: ["CGAD_LIBCUDA": "/none"]).refuses(2, "CUDA")
    try w.cgad("run", "model.cgplan", "--device", "cpu").exits(0)
  }

}
