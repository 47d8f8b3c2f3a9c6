import CostProfiles
import Operations
import Support
import Testing

@Suite struct ProfileTextTests {

  private static let profile = CostProfile(
    name: "a \"quoted\" machine", target: "cpu", threads: 2,
    classes: [
      .init(
        name: "matmul", flops: .init([.init(work: 100, nanoseconds: 7)]), bytes: .init([.init(work: 0, nanoseconds: 0)])
      ),
      .init(name: "*", bytes: .init([.init(work: 8, nanoseconds: 5), .init(work: 80, nanoseconds: 5)])),
      .init(name: "add", bytes: .init([.init(work: 12, nanoseconds: 3)])),
    ])

  private static let text = """
    {
      "cgad_costs": 1,
      "name": "a \\"quoted\\" machine",
      "target": "cpu",
      "threads": 2,
      "unit": "ns",
      "classes": {
        "*": {"bytes": [[8, 5], [80, 5]]},
        "add": {"bytes": [[12, 3]]},
        "matmul": {"flops": [[100, 7]], "bytes": [[0, 0]]}
      }
    }

    """

  /// Returns the error of reading `text`, or what it did not refuse.
  private static func error(_ text: String) -> String {
    do throws(TextError) {
      _ = try CostProfile(reading: Array(text.utf8))
      return "accepted"
    } catch {
      return error.description
    }
  }

  @Test func `the text is canonical and reads back`() throws {
    #expect(Self.profile.text == Self.text)
    let read = try CostProfile(reading: Array(Self.text.utf8))
    #expect(read == Self.profile && read.digest == Self.profile.digest)
  }

  @Test func `blanks and the order of members change nothing`() throws {
    let text = """
      {"unit":"ns",\t"threads":2,"classes":{"add":{"bytes":[[12,3]]},\r
      "matmul":{"bytes":[[0,0]],"flops":[[100,7]]},"*":{"bytes":[[8,5],[80,5]]}},
      "cgad_costs":1,"target":"cpu","name":"a \\"quoted\\" machine"}
      """
    #expect(try CostProfile(reading: Array(text.utf8)) == Self.profile)
  }

  @Test func `what copying a byte takes is that of the longest copy, if there is one`() throws {
    #expect(Self.profile.nanosecondsPerCopiedByte == nil)
    for (points, time) in [("[10, 90], [100, 250]", 2.5), ("[0, 5]", nil)] as [(String, Double?)] {
      let text = Self.text.replacing("\"add\": {\"bytes\": [[12, 3]]}", with: "\"copy\": {\"bytes\": [\(points)]}")
      #expect(try CostProfile(reading: Array(text.utf8)).nanosecondsPerCopiedByte == time)
    }
  }

  @Test func `another time is another digest`() throws {
    let other = Self.text.replacing("[12, 3]", with: "[12, 4]")
    #expect(try CostProfile(reading: Array(other.utf8)).digest != Self.profile.digest)
  }

  @Test(arguments: [
    ("{\n  \"cgad_costs\": 1", "[", "1:1: not a cost profile: it does not start with '{'"),
    ("\"cgad_costs\": 1", "\"cgad_costs\": 2", "2:18: a cost profile of version 2, but this program reads 1"),
    ("  \"cgad_costs\": 1,\n", "", "12:1: the profile has no 'cgad_costs'"),
    ("  \"threads\": 2,\n", "", "12:1: the profile has no 'threads'"),
    ("  \"unit\": \"ns\",\n", "", "12:1: the profile has no 'unit'"),
    ("\"ns\"", "\"us\"", "6:15: the unit of times is 'ns'"),
    ("\"cpu\"", "\"tpu\"", "4:18: a target is 'cpu' or 'cuda', not 'tpu'"),
    ("\"threads\": 2", "\"threads\": 0", "5:14: 0 is not from 1 to 256"),
    ("\"unit\"", "\"units\"", "6:12: a cost profile has no member 'units'"),
    ("\"add\"", "\"ad\"", "9:11: there is no operation 'ad'; did you mean 'add'?"),
    ("\"add\"", "\"*\"", "9:8: '*' comes twice"),
    ("\"*\"", "\"sub\"", "11:4: the classes have no '*', which stands for all other operations"),
    ("\"matmul\"", "\"copy\"", "10:53: 'copy' has 'bytes', not 'flops'"),
    ("{\"bytes\": [[12, 3]]}", "{}", "9:14: 'add' has neither 'flops' nor 'bytes'"),
    ("{\"bytes\": [[12, 3]]}", "{\"time\": 1}", "9:21: a class has 'flops' and 'bytes', not 'time'"),
    ("[[12, 3]]", "[]", "9:23: expected '['"),
    ("[12, 3]", "[12, 3.5]", "9:29: expected ']'"),
    ("[12, 3]", "[12, -3]", "9:28: expected a whole number"),
    ("[12, 3]", "[12]", "9:26: expected ','"),
    ("[80, 5]", "[8, 5]", "8:34: the work of points ascends; 8 comes after 8"),
    ("[80, 5]", "[80, 4]", "8:35: more work takes no less time; 4 ns come after 5"),
    ("[80, 5]", "[99999999999999999, 5]", "8:30: 99999999999999999 is not from 0 to 72057594037927936"),
    ("}\n}\n", "}\n} x", "12:3: expected the end of the text"),
  ])
  func `what is wrong is said with its place`(_ old: String, _ new: String, _ message: String) {
    #expect(Self.text.contains(old))
    #expect(Self.error(Self.text.replacing(old, with: new, maxReplacements: 1)) == message)
  }

  @Test func `no prefix and no text with a byte changed brings the reader down`() {
    let bytes = Array(Self.text.utf8)
    for end in 0..<(bytes.count - 2) {
      #expect(throws: TextError.self) { try CostProfile(reading: Array(bytes[..<end])) }
    }
    var accepted = 0
    for i in bytes.indices {
      for b in [UInt8(ascii: "0"), UInt8(ascii: "\""), UInt8(ascii: "{"), 0, 255] {
        var changed = bytes
        changed[i] = b
        accepted += (try? CostProfile(reading: changed)) == nil ? 0 : 1
      }
    }
    #expect(accepted > 0 && accepted < bytes.count * 2)  // a digit for a digit is another profile
  }

}
