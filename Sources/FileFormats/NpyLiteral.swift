/// The tokens of a npy header: a dictionary of exactly `descr`, `fortran_order` and `shape`.
struct NpyLiteral {
  private let bytes: [UInt8]
  private var position = 0
  private static let dimensionLimit = 64

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Reads the dictionary; only blanks and the line's end may follow.
  mutating func header() throws(FileFailure) -> (descr: String, isFortranOrder: Bool, shape: [Int])
  {
    var descr: String?
    var isFortranOrder: Bool?
    var shape: [Int]?
    try expect("{")
    while !take("}") {
      let name = try string()
      try expect(":")
      switch name {
      case "descr" where descr == nil: descr = try type()
      case "fortran_order" where isFortranOrder == nil: isFortranOrder = try boolean()
      case "shape" where shape == nil: shape = try extents()
      case "descr", "fortran_order", "shape": throw failure("\(name) occurs twice")
      default: throw failure("\(FileFailure.shown(Array(name.utf8))) is no key of npy")
      }
      if !take(",") {
        try expect("}")
        break
      }
    }
    skipSpace()
    guard position == bytes.count else { throw failure("something follows the dictionary") }
    guard let descr, let isFortranOrder, let shape else {
      throw failure("descr, fortran_order or shape is missing")
    }
    return (descr, isFortranOrder, shape)
  }

  private mutating func type() throws(FileFailure) -> String {
    skipSpace()
    if peek("[") || peek("(") { throw failure("structured arrays are not read") }
    return try string()
  }

  private mutating func boolean() throws(FileFailure) -> Bool {
    if takeWord("True") { return true }
    if takeWord("False") { return false }
    throw failure("fortran_order is neither True nor False")
  }

  private mutating func extents() throws(FileFailure) -> [Int] {
    try expect("(")
    var result: [Int] = []
    while !take(")") {
      guard result.count < NpyLiteral.dimensionLimit else {
        throw failure("more than \(NpyLiteral.dimensionLimit) dimensions")
      }
      result.append(try integer())
      if !take(",") {
        // One number in brackets is no tuple.
        if result.count == 1 { throw failure("shape is no tuple") }
        try expect(")")
        break
      }
    }
    return result
  }

  private mutating func integer() throws(FileFailure) -> Int {
    skipSpace()
    let start = position
    while position < bytes.count, (0x30...0x39).contains(bytes[position]) { position += 1 }
    let digits = String(decoding: bytes[start..<position], as: UTF8.self)
    guard let value = Int(digits), digits == "0" || !digits.hasPrefix("0") else {
      throw failure("a dimension is no unsigned integer")
    }
    return value
  }

  private mutating func string() throws(FileFailure) -> String {
    skipSpace()
    guard position < bytes.count, bytes[position] == 0x27 || bytes[position] == 0x22 else {
      throw failure("a string is expected")
    }
    let quote = bytes[position]
    let start = position + 1
    position = start
    while position < bytes.count, bytes[position] != quote {
      guard (0x20..<0x7f).contains(bytes[position]), bytes[position] != 0x5c else {
        throw failure("a string of npy is plain ASCII")
      }
      position += 1
    }
    guard position < bytes.count else { throw failure("a string is not closed") }
    position += 1
    return String(decoding: bytes[start..<position - 1], as: UTF8.self)
  }

  private mutating func skipSpace() {
    while position < bytes.count, bytes[position] == 0x20 || bytes[position] == 0x0a {
      position += 1
    }
  }

  private func peek(_ character: Unicode.Scalar) -> Bool {
    position < bytes.count && UInt32(bytes[position]) == character.value
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard peek(character) else { return false }
    position += 1
    return true
  }

  private mutating func takeWord(_ word: String) -> Bool {
    skipSpace()
    guard bytes[position...].starts(with: word.utf8) else { return false }
    position += word.utf8.count
    return true
  }

  private mutating func expect(_ character: Unicode.Scalar) throws(FileFailure) {
    if !take(character) { throw failure("“\(character)” is expected") }
  }

  private func failure(_ reason: String) -> FileFailure {
    .malformed("in its header, character \(position + 1): \(reason)")
  }
}
