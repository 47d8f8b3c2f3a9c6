/// What a model file may not exceed, so that no input exhausts stack, memory or patience.
package enum Limits {

  /// The most bytes of a file: 16 MiB.
  package static let fileBytes = 16 << 20

  /// The most bytes of a line.
  package static let lineBytes = 16 << 10

  /// The most bytes of a name.
  package static let nameBytes = 255

  /// The most bytes of a number.
  package static let numberBytes = 64

  /// The most bytes of a string, its quotes included.
  package static let stringBytes = 4096

  /// The most tokens of a file.
  package static let tokens = 4_000_000

  /// The deepest nesting of brackets and bodies.
  package static let nesting = 100

  /// The greatest height of an expression.
  package static let height = 200

}
