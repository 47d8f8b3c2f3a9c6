/// The examples that helps begin with.
enum Example {

  private static let all = [
    ("run", "cgad run digits.cgplan --steps 200 --metrics digits.csv"), ("verify", "cgad verify digits.cgplan"),
    ("predict", "cgad predict digits.cgplan --init step-000330.cgck --in x.npy --out y.npy"),
    ("bench", "cgad bench digits.cgplan --against none,sqrt"), ("calibrate", "cgad calibrate -o costs.json"),
    ("report", "cgad report digits.cgplan -o digits.html"), ("info", "cgad info digits.npz"),
    ("kernels", "cgad kernels --arch 90 -o cuda-images"), ("doctor", "cgad doctor"), ("", "cgad run digits.cgplan"),
  ]

  /// Returns the line to put before `help`, the help of one of the commands or of the program, or `nil` if it is none.
  static func ofCommand(inHelp help: String) -> String? {
    guard let usage = help.split(separator: "\n").first(where: { $0.hasPrefix("USAGE: cgad") }) else { return nil }
    let words = usage.split(separator: " ")
    let command = words.count > 2 ? String(words[2]) : ""
    let example = all.first { $0.0 == command } ?? all[all.count - 1]
    return "EXAMPLE: \(example.1)\n\n"
  }

}
