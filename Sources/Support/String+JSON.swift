extension String {

  /// The text as a JSON string, with its quotation marks (RFC 8259): quotation marks, backslashes and control characters
  /// are escaped, all else stands as it is.
  ///
  /// - Complexity: O(*n*) in the length of the text.
  package var quotedAsJSON: String {
    var result = "\""
    for c in unicodeScalars {
      switch c {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case _ where c.value < 32:
        let digits = String(c.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      case _: result.unicodeScalars.append(c)
      }
    }
    return result + "\""
  }

}
