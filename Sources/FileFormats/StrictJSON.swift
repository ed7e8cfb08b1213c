/// A strict reader of JSON (RFC 8259) that walks through bytes and allocates only what is kept.
///
/// It refuses what lenient parsers let pass: a byte-order mark, other encodings than UTF-8, trailing
/// commas, comments, names that occur twice in an object, lone surrogates, numbers such as 01 or 1.,
/// and nesting deeper than 128.
public struct StrictJSON {
  private let bytes: [UInt8]
  private(set) var position: Int
  private let end: Int
  private static let deepest = 128

  /// A reader of part of `bytes`.
  init(_ bytes: [UInt8], _ range: Range<Int>) {
    self.bytes = bytes
    position = range.lowerBound
    end = range.upperBound
  }

  /// Checks that the bytes are one JSON value and nothing else.
  public static func validate(_ bytes: [UInt8]) throws(FileFailure) {
    var reader = StrictJSON(bytes, bytes.indices)
    try reader.skipValue()
    try reader.requireEnd()
  }

  // MARK: Structure

  /// Reads an object and hands over every name; `value` must then read or skip the value.
  mutating func object(
    _ value: (inout StrictJSON, String) throws(FileFailure) -> Void
  ) throws(FileFailure) {
    try expect(UInt8(ascii: "{"), "an object")
    var names = JSONNames()
    if take(UInt8(ascii: "}")) { return }
    repeat {
      let start = position
      let name = try string()
      guard names.insert(name) else {
        throw failure("the name \(FileFailure.shown(Array(name.utf8))) occurs twice", at: start)
      }
      try expect(UInt8(ascii: ":"), "a colon")
      try value(&self, name)
    } while take(UInt8(ascii: ","))
    try expect(UInt8(ascii: "}"), "a comma or the object's end")
  }

  /// Reads an array; `element` must read or skip each element.
  mutating func array(
    _ element: (inout StrictJSON) throws(FileFailure) -> Void
  ) throws(FileFailure) {
    try expect(UInt8(ascii: "["), "an array")
    if take(UInt8(ascii: "]")) { return }
    repeat { try element(&self) } while take(UInt8(ascii: ","))
    try expect(UInt8(ascii: "]"), "a comma or the array's end")
  }

  /// Whether `null` comes next; then it is taken.
  mutating func takeNull() -> Bool {
    skipSpace()
    guard bytes[position..<end].starts(with: "null".utf8) else { return false }
    position += 4
    return true
  }

  /// Only white space may be left.
  mutating func requireEnd() throws(FileFailure) {
    skipSpace()
    if position < end { throw failure("something follows the JSON value") }
  }

  /// Passes over any value, checking it.
  mutating func skipValue(depth: Int = 0) throws(FileFailure) {
    guard depth < StrictJSON.deepest else { throw failure("JSON nested too deeply") }
    skipSpace()
    switch position < end ? bytes[position] : 0 {
    case UInt8(ascii: "{"):
      try object { (reader, _) throws(FileFailure) in try reader.skipValue(depth: depth + 1) }
    case UInt8(ascii: "["):
      try array { reader throws(FileFailure) in try reader.skipValue(depth: depth + 1) }
    case UInt8(ascii: "\""):
      _ = try string()
    case UInt8(ascii: "t"): try literal("true")
    case UInt8(ascii: "f"): try literal("false")
    case UInt8(ascii: "n"): try literal("null")
    default: _ = try number()
    }
  }

  // MARK: Scalars

  /// An unsigned integer without a sign, fraction or exponent; at most the largest `Int`.
  mutating func unsignedInteger() throws(FileFailure) -> Int {
    skipSpace()
    let start = position
    // Nearly every integer is a few plain digits, of which no text need be made.
    var plain = 0
    while position < end, position - start < 18, (0x30...0x39).contains(bytes[position]) {
      plain = 10 * plain + Int(bytes[position] - 0x30)
      position += 1
    }
    if position > start, position < end, " ,]".utf8.contains(bytes[position]),
      bytes[start] != 0x30 || position == start + 1
    {
      return plain
    }
    position = start
    let text = try number()
    guard let value = Int(text), text.utf8.first != UInt8(ascii: "-") else {
      throw failure("\(text) is no unsigned integer", at: start)
    }
    return value
  }

  /// A string, its escapes resolved.
  mutating func string() throws(FileFailure) -> String {
    try expect(UInt8(ascii: "\""), "a string")
    let start = position
    while position < end, bytes[position] >= 0x20, bytes[position] != UInt8(ascii: "\""),
      bytes[position] != UInt8(ascii: "\\")
    {
      position += 1
    }
    // Nearly every string ends here, and none of its bytes need be copied one by one.
    if peek(UInt8(ascii: "\"")),
      let text = String(validating: bytes[start..<position], as: UTF8.self)
    {
      position += 1
      return text
    }
    var units = Array(bytes[start..<position])
    while true {
      guard position < end else { throw failure("a string is not closed", at: start) }
      let byte = bytes[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let text = String(validating: units, as: UTF8.self) else {
          throw failure("a string is not UTF-8", at: start)
        }
        return text
      case 0..<0x20:
        throw failure("a control character stands in a string", at: position - 1)
      case UInt8(ascii: "\\"):
        units.append(contentsOf: try escape())
      default:
        units.append(byte)
      }
    }
  }

  private mutating func escape() throws(FileFailure) -> [UInt8] {
    guard position < end else { throw failure("a string is not closed") }
    let byte = bytes[position]
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
    case UInt8(ascii: "b"): return [8]
    case UInt8(ascii: "f"): return [12]
    case UInt8(ascii: "n"): return [10]
    case UInt8(ascii: "r"): return [13]
    case UInt8(ascii: "t"): return [9]
    case UInt8(ascii: "u"):
      var code = try hexadecimal()
      if (0xd800..<0xdc00).contains(code), position + 1 < end,
        bytes[position] == UInt8(ascii: "\\"), bytes[position + 1] == UInt8(ascii: "u")
      {
        position += 2
        let low = try hexadecimal()
        guard (0xdc00..<0xe000).contains(low) else { throw failure("a lone surrogate") }
        code = 0x10000 + (code - 0xd800) << 10 + (low - 0xdc00)
      }
      guard let scalar = Unicode.Scalar(code) else { throw failure("a lone surrogate") }
      return Array(String(Character(scalar)).utf8)
    default:
      throw failure("an unknown escape in a string", at: position - 1)
    }
  }

  private mutating func hexadecimal() throws(FileFailure) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard position < end, let digit = Character(Unicode.Scalar(bytes[position])).hexDigitValue,
        bytes[position] < 0x80
      else { throw failure("four hexadecimal digits are expected") }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }

  /// The text of a number that has the form which JSON asks for.
  private mutating func number() throws(FileFailure) -> String {
    skipSpace()
    let start = position
    if peek(UInt8(ascii: "-")) { position += 1 }
    if peek(UInt8(ascii: "0")) {
      position += 1
    } else {
      try digits("a JSON value", from: start)
    }
    if peek(UInt8(ascii: ".")) {
      position += 1
      try digits("a digit", from: position)
    }
    if peek(UInt8(ascii: "e")) || peek(UInt8(ascii: "E")) {
      position += 1
      if peek(UInt8(ascii: "+")) || peek(UInt8(ascii: "-")) { position += 1 }
      try digits("a digit", from: position)
    }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func digits(_ what: String, from start: Int) throws(FileFailure) {
    let first = position
    while position < end, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position]) {
      position += 1
    }
    if position == first { throw failure("\(what) is expected", at: start) }
  }

  private mutating func literal(_ word: String) throws(FileFailure) {
    guard bytes[position..<end].starts(with: word.utf8) else {
      throw failure("a JSON value is expected")
    }
    position += word.utf8.count
  }

  // MARK: Bytes

  private mutating func skipSpace() {
    while position < end, StrictJSON.isSpace(bytes[position]) { position += 1 }
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d
  }

  private func peek(_ byte: UInt8) -> Bool { position < end && bytes[position] == byte }

  private mutating func take(_ byte: UInt8) -> Bool {
    skipSpace()
    guard peek(byte) else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ byte: UInt8, _ what: String) throws(FileFailure) {
    if !take(byte) { throw failure("\(what) is expected") }
  }

  /// A failure with the line and column of a byte, by default the one in hand.
  func failure(_ reason: String, at place: Int? = nil) -> FileFailure {
    let place = min(place ?? position, end)
    var line = 1
    var column = 1
    for byte in bytes[..<place] {
      if byte == 0x0a {
        line += 1
        column = 1
      } else if byte & 0xc0 != 0x80 {
        column += 1
      }
    }
    return .malformed(reason, line: line, column: column)
  }
}

extension StrictJSON {
  /// A text as a JSON string.
  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\u{0}"..<"\u{20}":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
