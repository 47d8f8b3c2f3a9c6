import Operations
import Runtime
import Testing

/// Returns the component `label` of `width` columns, one where it is 0 axes.
private func component(
  _ columns: String, _ element: ElementType = .f32, _ extents: [Int] = [], label: String = "x"
) throws -> CSVReader.Component {
  .init(label: label, columns: try #require(ColumnSelection(columns)), type: .init(element, [1] + extents))
}

extension DataArray {

  fileprivate var floats: [Float] { bytes.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) } }

  fileprivate var integers: [Int32] { bytes.withUnsafeBytes { Array($0.bindMemory(to: Int32.self)) } }

}

@Suite struct CSVReaderTests {

  let folder = TemporaryFolder()

  private func read(
    _ text: String, _ components: CSVReader.Component..., hasHeader: Bool = true
  ) throws -> [DataArray] {
    try CSVReader.read(folder.write(Array(text.utf8)), hasHeader: hasHeader, components: components)
  }

  private func refusal(_ text: String, _ component: CSVReader.Component, hasHeader: Bool = true) -> DataError? {
    let path = folder.write(Array(text.utf8))
    return failure { () throws(DataError) in
      try CSVReader.read(path, hasHeader: hasHeader, components: [component])
    }
  }

  @Test func `columns are read by name, in the order they are named`() throws {
    let text = "width,kind,height\n1,7,2\n3,8,4\n"
    let arrays = try read(text, component("height, width", .f32, [2]), component("kind", .i32, label: "y"))
    #expect(arrays[0].type == .init(.f32, [2, 2]) && arrays[0].floats == [2, 1, 4, 3])
    #expect(arrays[1].type == .init(.i32, [2]) && arrays[1].integers == [7, 8])
    #expect(arrays.map(\.origin) == ["\(folder.path)/data[x]", "\(folder.path)/data[y]"])
  }

  @Test func `a range has all columns from one to another`() throws {
    let text = "p0,p1,p2,p3,y\n1,2,3,4,5\n"
    #expect(try read(text, component("p1..p3", .f32, [3]))[0].floats == [2, 3, 4])
    #expect(try read(text, component("y, p0 .. p1", .f32, [3]))[0].floats == [5, 1, 2])
    #expect(try read(text, component("p2..p2"))[0].floats == [3])
    // The declared type says how an example's elements are arranged.
    #expect(try read(text, component("p0..p3", .f32, [2, 2]))[0].type == .init(.f32, [1, 2, 2]))
  }

  @Test func `without a header columns are numbers from 1 on`() throws {
    let text = "1,2,3\n4,5,6"
    #expect(try read(text, component("3,1", .i32, [2]), hasHeader: false)[0].integers == [3, 1, 6, 4])
    #expect(try read(text, component("1..3", .i32, [3]), hasHeader: false)[0].integers == [1, 2, 3, 4, 5, 6])
  }

  @Test(arguments: [
    "a,b\r\n1,2\r\n3,4\r\n", "a,b\n1,2\n3,4", "\u{feff}a,b\n1,2\n3,4\n", " a , b\t\n 1 ,\t2\n3 , 4 \n",
    "\"a\",\"b\"\n\"1\",\"2\"\n\"3\" , \"4\"\r\n", "text,a,b\n\"x, \"\"y\"\"\nz\",1,2\n,3,4\n",
    "a,b,é\n1,2,ü\n3,4,nan\n",
  ])
  func `ends of lines, quotes, blanks and other columns do not matter`(_ text: String) throws {
    #expect(try read(text, component("a,b", .f32, [2]))[0].floats == [1, 2, 3, 4])
  }

  @Test func `a name in quotes may hold what separates`() throws {
    #expect(try read("\"say \"\"a\"\"\",b\n1,2\n", component("say \"a\""))[0].floats == [1])
  }

  @Test(
    arguments: [
      ("0.1", 0.1), ("-2.5e-3", -0.0025), ("+4", 4), (".5", 0.5), ("5.", 5), ("1E2", 100), ("-0", -0.0),
      ("3.4028235e38", .greatestFiniteMagnitude), ("1e-60", 0),
      // Halfway between 2^24 and 2^24 + 2 rounds to even; a little more does not.
      ("16777217", 16_777_216), ("16777217.0000001", 16_777_218), ("0000000000000000000000000000000000001", 1),
    ] as [(String, Float)])
  func `numbers become the nearest of f32`(_ text: String, _ value: Float) throws {
    let found = try read("a\n\(text)\n", component("a"))[0].floats
    #expect(found.map(\.bitPattern) == [value.bitPattern])
  }

  @Test(
    arguments: [("2147483647", 2_147_483_647), ("-2147483648", -2_147_483_648), ("007", 7), ("+5", 5)]
      as [(String, Int32)])
  func `whole numbers of 32 bits are read`(_ text: String, _ value: Int32) throws {
    #expect(try read("a\n\(text)\n", component("a", .i32))[0].integers == [value])
  }

  @Test(arguments: [
    ("", "an empty cell"), ("nan", "'nan'"), ("NaN", "'NaN'"), ("inf", "'inf'"), ("-infinity", "'-infinity'"),
    ("1e39", "'1e39'"), ("0x10", "'0x10'"), ("1 2", "'1 2'"), ("1;2", "'1;2'"), ("setosa", "'setosa'"), ("e", "'e'"),
    ("--1", "'--1'"), ("1\u{1}", "'1?'"), ("1\r2", "'1?2'"), ("\"1\"\"\"", "'1\"'"),
    (String(repeating: "7", count: 70), "'\(String(repeating: "7", count: 60))'…"),
  ])
  func `what is no finite number is named with its place`(_ cell: String, _ shown: String) throws {
    let e = refusal("kind,a\nx,1\ny,\(cell)\n", try component("a"))
    #expect(
      e?.description == "\(folder.path)/data: line 3, column 2 ('a'): expected a finite number of f32, found \(shown)",
      "\(e?.description ?? "")")
    #expect(e?.exitCode == 1)
  }

  @Test(arguments: ["1.5", "3.0", "1e3", "2147483648", "-2147483649", "9999999999999999999999", "", "nan", "0x1"])
  func `what is no whole number of 32 bits is refused`(_ cell: String) throws {
    let e = refusal("1,2\n3,\(cell)\n", try component("2", .i32), hasHeader: false)
    #expect(
      e?.description.contains("data: line 2, column 2 (x): expected a whole number of i32, found ") == true,
      "\(e?.description ?? "")")
  }

  @Test func `lines are counted through quotes that hold ends of lines`() throws {
    let e = refusal("t,a\n\"one\ntwo\r\nthree\",1\n,b\n", try component("a"))
    #expect(e?.description.contains("line 5, column 2") == true, "\(e?.description ?? "")")
  }

  @Test(arguments: [
    ("", "table: expected a line that names the columns, found an empty file"),
    ("a,b\n1,2\n3\n", "line 3: expected 2 cells, as in line 1, found 1"),
    ("a,b\n1,2,3\n", "line 2: expected 2 cells, as in line 1, found 3"),
    ("a,b\n1,2\n\n3,4\n", "line 3: expected 2 cells, as in line 1, found an empty line"),
    ("a,b\n1,2\n\n", "line 3: expected 2 cells, as in line 1, found an empty line"),
    ("a,b\n1,\"2\n", "row from line 2: expected a quote that ends the cell, found the end of the file"),
    ("a,b\n1,\"2\"3\n", "line 2, cell 2: expected a comma behind the quoted cell, found '3'"),
    ("a,a,b\n1,2,3\n", "header: expected one column 'a', found several"),
  ])
  func `a table of another form is damage`(_ text: String, _ message: String) throws {
    let e = refusal(text, try component("a"))
    #expect(e?.description.contains(message) == true, "\(e?.description ?? "")")
    #expect(e?.exitCode == 2)
  }

  @Test func `a column that is not there is named with those that are`() throws {
    let missing = refusal("width,height\n1,2\n", try component("depth"))
    #expect(
      missing?.description == "\(folder.path)/data: has no column 'depth'; it has 'width', 'height'")
    let semicolons = refusal("width;height\n1;2\n", try component("width"))
    #expect(semicolons?.description.hasSuffix("has no column 'width'; it has 'width;height'") == true)
    #expect(refusal("1,2\n", try component("3"), hasHeader: false)?.exitCode == 1)
    #expect(refusal("\u{1}\u{2}\n", try component("a"))?.description.hasSuffix("it has '??'") == true)
  }

  @Test func `a range against the order of the table is refused`() throws {
    let e = refusal("a,b\n1,2\n", try component("b..a", .f32, [2]))
    #expect(e?.description.contains("expected the columns of a range in order, found 'b' behind 'a'") == true)
  }

  @Test(arguments: [
    ("a", [2], "found 1;"), ("a..c", [2], "found 3;"), ("a,b", [], "found 2;"), ("a..c", [], "found more than 1;"),
  ])
  func `an example has as many columns as its type has elements`(
    _ columns: String, _ extents: [Int], _ found: String
  ) throws {
    let e = refusal("a,b,c\n1,2,3\n", try component(columns, .f32, extents))
    #expect(e?.description.hasPrefix("\(folder.path)/data[x]: wrong shape: expected ") == true)
    #expect(e?.description.contains(found) == true, "\(e?.description ?? "")")
  }

  @Test func `elements that no table has are refused`() throws {
    #expect(
      refusal("a\n1\n", try component("a", .f64))?.description.contains("f64 of a table is not supported") == true)
  }

  @Test func `a table of names alone has no examples`() throws {
    #expect(try read("a,b\n", component("a", .f32))[0].type == .init(.f32, [0]))
  }

  @Test func `a table longer than what is read at once is whole`() throws {
    // 60,000 rows of 8 bytes are 480,000 bytes, which are read in two pieces.
    let rows = (0..<60_000).map { "\(10_000 + $0 % 10_000),\r\n" }.joined()
    let values = try read("a,b\r\n" + rows, component("a", .i32))[0].integers
    #expect(values.count == 60_000)
    #expect(values.enumerated().allSatisfy { $1 == 10_000 + Int32($0 % 10_000) })
  }

  @Test func `a row of more than 2^20 cells is refused`() throws {
    let e = refusal(String(repeating: ",", count: 1 << 20) + ",\n", try component("a"))
    #expect(e?.description.contains("at most 16777216 bytes and 1048576 cells") == true, "\(e?.description ?? "")")
  }

  @Test func `a table cut anywhere gives fewer rows or an error, and never other numbers`() throws {
    let bytes = Array("a,b\r\n10,\"20\"\r\n11,21\r\n".utf8)
    let whole: [Float] = [10, 20, 11, 21]
    for n in 0..<bytes.count {
      let path = folder.write(Array(bytes[..<n]))
      let components = [try component("a,b", .f32, [2])]
      let arrays = try? CSVReader.read(path, hasHeader: true, components: components)
      guard let found = arrays?[0].floats else { continue }
      #expect(whole.starts(with: found.dropLast(1)), "\(n) bytes")
    }
  }

}

@Suite struct ColumnSelectionTests {

  @Test(arguments: ["", ",", "a,", ",a", " ", "a..", "..a", "..", "a..b..c", "a, ,b"])
  func `a name that is missing is no selection`(_ text: String) { #expect(ColumnSelection(text) == nil) }

  @Test func `names are counted where that is known`() throws {
    #expect(ColumnSelection("a, b c ,d")?.parts.map(\.first) == ["a", "b c", "d"])
    #expect(ColumnSelection("a, b c ,d")?.count == 3)
    #expect(ColumnSelection("a..d")?.count == nil)
    #expect(ColumnSelection("a.b")?.count == 1)
  }

  @Test func `numbers count from 1`() {
    #expect(ColumnSelection("2, 4..6")?.numbered == [1..<2, 3..<6])
    for text in ["0", "-1", "+1", "a", "3..2", "1048577", "99999999999999999999"] {
      #expect(ColumnSelection(text)?.numbered == nil)
    }
    #expect(ColumnSelection("1048576")?.numbered == [1_048_575..<1_048_576])
  }

}
