import Testing

/// `cgadc sweep`.
@Suite struct SweepCommandTests {

  @Test func `more budget never costs more, and what fits is within it`() throws {
    let w = Workspace()
    let rows = try w.cgadc("sweep", Sample.digits.path, "--points", "5", "--solver-moves", "2000", "--format", "json")
      .exits(0).json.elements
    #expect(rows.count == 5)
    var cost = -1.0
    for r in rows {
      let (budget, peak) = (try #require(r["budget_bytes"].integer), try #require(r["peak_bytes"].integer))
      let overhead = try #require(r["overhead_flops_fraction"].number)
      #expect(r["feasible"] == .bool(true) && peak <= budget && overhead >= cost)
      #expect(try #require(r["lower_bound_fraction"].number) <= overhead)
      cost = overhead
    }
    #expect(cost > 0 && rows[0]["recompute_flops"] == .number(0))
  }

  @Test func `a row is what a compilation within its budget says`() throws {
    let w = Workspace()
    let r = try #require(
      try w.cgadc("sweep", Sample.digits.path, "--budget", "700KiB", "--points", "1", "--format", "json").exits(0).json
        .elements.first)
    let c = try w.cgadc("compile", Sample.digits.path, "-o", "d.cgplan", "--budget", "700KiB", "--json").exits(0).json
    for key in ["peak_bytes", "saved_bytes", "recompute_flops", "step_flops", "lower_bound_fraction"] {
      #expect(r[key] == c[key], "\(key)")
    }
  }

  @Test func `all policies are compared, and a budget that nothing fits says what would`() throws {
    let w = Workspace()
    let table = try w.cgadc("sweep", Sample.digits.path, "--all-policies", "--budget", "400KiB").exits(0).results
    for name in ["none()", "all()", "sqrt()", "cost()", "every(k: 2)", "revolve(slots: 3)"] {
      #expect(table.contains("\n\(name) "), "\(name)")
    }
    let optimal = try #require(table.split(separator: "\n").first { $0.hasPrefix("optimal(budget: 409600)") })
    #expect(optimal.contains("needs "))
    let csv = try w.cgadc("sweep", Sample.digits.path, "--all-policies", "--budget", "400KiB", "--format", "csv").exits(
      0)
    let lines = csv.results.split(separator: "\n")
    #expect(lines.count == table.split(separator: "\n").count)
    #expect(lines.allSatisfy { $0.split(separator: ",", omittingEmptySubsequences: false).count == 15 })
  }

  @Test func `a sweep is drawn, and budgets beyond keeping everything are not solved again`() throws {
    let w = Workspace()
    let flags = ["--budget", "700KiB..4MiB", "--points", "4", "--solver-moves", "500"]
    let svg = try w.run(.cgadc, ["sweep", Sample.digits.path, "--format", "svg"] + flags).exits(0).results
    #expect(svg.hasPrefix("<svg ") && svg.hasSuffix("</svg>\n"))
    #expect(svg.split(separator: "\n").count { $0.hasPrefix("<circle") } == 4 && svg.contains("<polyline"))
    let rows = try w.run(.cgadc, ["sweep", Sample.digits.path, "--format", "json"] + flags).exits(0).json.elements
    // everything is kept in 816 KiB, so the three larger budgets have one schedule
    #expect(
      rows.prefix(3).allSatisfy { $0["recompute_flops"] == .number(0) && $0["peak_bytes"] == rows[2]["peak_bytes"] })
    #expect(
      rows.prefix(2).allSatisfy { $0["compile_seconds"] == .number(0) } && rows[3]["recompute_flops"] != .number(0))
  }

  @Test(arguments: [
    ["--points", "0"], ["--budget", "2MiB..1MiB"], ["--budget", "1MiB.."],
    ["--all-policies", "--budget", "1MiB..2MiB"],
    ["--format", "png"],
  ])
  func `wrong usage is refused`(_ arguments: [String]) throws {
    try Workspace().run(.cgadc, ["sweep", Sample.digits.path] + arguments).exits(64)
  }

}
