/// A strict reader of the part of TOML 1.0 that settings need: `key = value`, one a line, where a
/// value is a string on one line, an integer, a float, a boolean or an array of integers.
///
/// Tables, dotted keys, dates and strings of several lines are refused, and so is all that TOML
/// refuses; each with the line and column of the first character that is wrong, both from 1.
public struct TomlReader {
  /// A value.
  public enum Value: Sendable, Equatable {
    case text(String)
    case integer(Int)
    case number(Double)
    case flag(Bool)
    case integers([Int])
  }

  /// A key and its value, with the place of the key.
  public struct Entry: Sendable, Equatable {
    public let key: String
    public let value: Value
    public let line: Int
    public let column: Int
  }

  private let scalars: [Unicode.Scalar]
  private var position = 0

  /// The entries of a whole file, in its order; a key may occur once.
  public static func entries(_ bytes: [UInt8]) throws(FileFailure) -> [Entry] {
    let hasMark = bytes.starts(with: [0xef, 0xbb, 0xbf])
    var reader = try TomlReader(hasMark ? Array(bytes.dropFirst(3)) : bytes)
    var entries: [Entry] = []
    var keys: Set<[UInt8]> = []
    while let entry = try reader.next() {
      guard keys.insert(Array(entry.key.utf8)).inserted else {
        throw .malformed(
          "\(FileFailure.shown(Array(entry.key.utf8))) is set twice", line: entry.line,
          column: entry.column)
      }
      entries.append(entry)
    }
    return entries
  }

  private init(_ bytes: [UInt8]) throws(FileFailure) {
    if let text = String(validating: bytes, as: UTF8.self) {
      scalars = Array(text.unicodeScalars)
      return
    }
    let valid = bytes.indices.last { String(validating: bytes[..<$0], as: UTF8.self) != nil } ?? 0
    scalars = Array(String(decoding: bytes[..<valid], as: UTF8.self).unicodeScalars)
    throw failure("it is no UTF-8", at: scalars.count)
  }

  // MARK: Lines

  private mutating func next() throws(FileFailure) -> Entry? {
    while true {
      skipBlanks()
      guard position < scalars.count else { return nil }
      if try endLine() { continue }
      break
    }
    let start = position
    if peek("[") { throw failure("tables are not read here: one key for each setting") }
    let key = try key()
    skipBlanks()
    if peek(".") { throw failure("dotted keys are not read here: one key for each setting") }
    guard take("=") else { throw failure("“=” is expected") }
    skipBlanks()
    let value = try value()
    skipBlanks()
    if position < scalars.count, try !endLine() { throw failure("the line's end is expected") }
    let (line, column) = place(of: start)
    return Entry(key: key, value: value, line: line, column: column)
  }

  /// Passes over a comment and the line's end; false where something else comes.
  private mutating func endLine() throws(FileFailure) -> Bool {
    if take("#") {
      while position < scalars.count, !peek("\n"), !(peek("\r") && isNext("\n")) {
        if isControl(scalars[position]) { throw failure("a control character in a comment") }
        position += 1
      }
      if position == scalars.count { return true }
    }
    if peek("\r"), isNext("\n") { position += 1 }
    return take("\n")
  }

  private mutating func key() throws(FileFailure) -> String {
    if peek("\"") || peek("'") { return try string() }
    let start = position
    while position < scalars.count, isBare(scalars[position]) { position += 1 }
    guard position > start else { throw failure("a key is expected") }
    return text(start..<position)
  }

  // MARK: Values

  private mutating func value() throws(FileFailure) -> Value {
    if peek("\"") || peek("'") { return .text(try string()) }
    if take("[") { return .integers(try integers()) }
    let start = position
    while position < scalars.count, isBare(scalars[position]) || peek("+") || peek(".") {
      position += 1
    }
    let word = text(start..<position)
    switch word {
    case "": throw failure("a value is expected", at: start)
    case "true": return .flag(true)
    case "false": return .flag(false)
    default: break
    }
    if let integer = try integer(word, at: start) { return .integer(integer) }
    guard let number = TomlNumber.float(word) else {
      throw failure(
        "\(FileFailure.shown(Array(word.utf8))) is no value: texts stand in quotes", at: start)
    }
    return .number(number)
  }

  private mutating func integers() throws(FileFailure) -> [Int] {
    var result: [Int] = []
    try skipLines()
    while !take("]") {
      let start = position
      while position < scalars.count, isBare(scalars[position]) || peek("+") { position += 1 }
      guard let integer = try integer(text(start..<position), at: start) else {
        throw failure("an integer is expected", at: start)
      }
      result.append(integer)
      try skipLines()
      if take(",") {
        try skipLines()
      } else if !peek("]") {
        throw failure("a comma or “]” is expected")
      }
    }
    return result
  }

  private mutating func skipLines() throws(FileFailure) {
    while true {
      skipBlanks()
      guard position < scalars.count, try endLine() else { return }
    }
  }

  private func integer(_ word: String, at start: Int) throws(FileFailure) -> Int? {
    do throws(TomlNumber.Overflow) { return try TomlNumber.integer(word) } catch {
      throw failure("an integer beyond 64 bits", at: start)
    }
  }

  // MARK: Characters

  private func text(_ range: Range<Int>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars[range])
    return String(view)
  }

  private mutating func skipBlanks() {
    while peek(" ") || peek("\t") { position += 1 }
  }

  private func peek(_ scalar: Unicode.Scalar) -> Bool {
    position < scalars.count && scalars[position] == scalar
  }

  private func isNext(_ scalar: Unicode.Scalar) -> Bool {
    position + 1 < scalars.count && scalars[position + 1] == scalar
  }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard peek(scalar) else { return false }
    position += 1
    return true
  }

  private func isBare(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "_" || scalar == "-" || (scalar.isASCII && scalar.properties.isAlphabetic)
      || ("0"..."9").contains(scalar)
  }

  private func isControl(_ scalar: Unicode.Scalar) -> Bool {
    (scalar.value < 0x20 && scalar != "\t") || scalar.value == 0x7f
  }

  private func place(of index: Int) -> (line: Int, column: Int) {
    let line = 1 + scalars[..<index].count { $0 == "\n" }
    let start = scalars[..<index].lastIndex(of: "\n").map { $0 + 1 } ?? 0
    return (line, index - start + 1)
  }

  private func failure(_ reason: String, at index: Int? = nil) -> FileFailure {
    let (line, column) = place(of: index ?? position)
    return .malformed(reason, line: line, column: column)
  }
}

extension TomlReader {
  /// A string on one line, with escapes in double quotes and without in single ones.
  private mutating func string() throws(FileFailure) -> String {
    let quote = scalars[position]
    let start = position
    position += 1
    if peek(quote), isNext(quote) { throw failure("strings of several lines are not read here") }
    var result = String.UnicodeScalarView()
    while position < scalars.count, !peek("\n") {
      let scalar = scalars[position]
      if scalar == quote {
        position += 1
        return String(result)
      }
      if isControl(scalar) { throw failure("a control character in a string") }
      if scalar == "\\" && quote == "\"" {
        result.append(try escape())
      } else {
        result.append(scalar)
        position += 1
      }
    }
    throw failure("a string is not closed", at: start)
  }

  private mutating func escape() throws(FileFailure) -> Unicode.Scalar {
    let start = position
    position += 1
    let letter = position < scalars.count ? scalars[position] : "\n"
    position += 1
    switch letter {
    case "b": return "\u{8}"
    case "t": return "\t"
    case "n": return "\n"
    case "f": return "\u{c}"
    case "r": return "\r"
    case "\"", "\\": return letter
    case "u", "U":
      let count = letter == "u" ? 4 : 8
      let digits = text(position..<min(position + count, scalars.count))
      position += digits.unicodeScalars.count
      guard digits.utf8.count == count, TomlNumber.areDigits(Substring(digits), radix: 16),
        !digits.contains("_"), let code = UInt32(digits, radix: 16),
        let scalar = Unicode.Scalar(code)
      else { throw failure("an escape that is no character", at: start) }
      return scalar
    default: throw failure("an unknown escape", at: start)
    }
  }
}
