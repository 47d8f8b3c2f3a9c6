import Testing

@Suite struct InfoCommandTests {

  @Test func `info says what a plan needs`() throws {
    let w = Workspace()
    let peak = try #require(try w.compile(Sample.digits.path)["peak_bytes"].integer)
    let r = try w.cgad("info", "model.cgplan").exits(0)
    for part in ["digits.cgm", "sqrt()", "\(peak) bytes", "21450 in 12 tensors", "verified"] {
      #expect(r.results.contains(part), "\(r)")
    }
    #expect(r.messages.isEmpty)
  }

  @Test func `info says that a plan would be refused`() throws {
    let w = Workspace()
    try w.compile(Sample.digits.path)
    try w.write("broken.cgplan", try EditedPlan(w.text("model.cgplan")).withMovedOffset())
    let r = try w.cgad("info", "broken.cgplan").exits(0)
    #expect(r.results.contains("REFUSED"), "\(r)")
  }

  @Test func `info names the arrays of a data file`() throws {
    let r = try Workspace().cgad("info", "\(Sample.folder)/data/digits.npz").exits(0)
    #expect(r.results.contains("train_images") && r.results.contains("1437"), "\(r)")
  }

  @Test func `info knows the kind of IDX files`() throws {
    let w = Workspace()
    try w.write("labels", Models.idx([3], [0, 1, 2]))
    #expect(try w.cgad("info", "labels").exits(0).results.contains("u8[3]"))
  }

  @Test func `doctor says what there is`() throws {
    let r = try Workspace().cgad("doctor").exits(0)
    for part in ["blas", "OpenBLAS", "cuda", "mpi"] { #expect(r.results.contains(part), "\(r)") }
    #expect(r.messages.isEmpty)
  }

}
