/// The numbers of CSV files: digits with a decimal mark and an exponent where they are wanted.
enum CsvNumber {
  /// What parts the units from the tenths.
  enum Mark: UInt8, Sendable {
    case point = 0x2e
    case comma = 0x2c
  }

  /// The value of a decimal number, or of nan and inf, which are refused later with a message of
  /// their own; nil for anything else.
  static func value(_ bytes: ArraySlice<UInt8>, mark: Mark = .point) -> Double? {
    guard bytes.count <= 400 else { return nil }
    var rest = bytes
    if rest.first == 0x2b || rest.first == 0x2d { rest = rest.dropFirst() }
    // Nearly every field begins with a digit, and no text need be made of it here.
    if let first = rest.first, first >= 0x41 {
      let word = String(decoding: rest, as: UTF8.self).lowercased()
      if ["nan", "inf", "infinity"].contains(word) { return word == "nan" ? .nan : .infinity }
      return nil
    }
    var digits = skipDigits(&rest)
    if rest.first == mark.rawValue {
      rest = rest.dropFirst()
      digits += skipDigits(&rest)
    }
    guard digits > 0 else { return nil }
    if rest.first == 0x65 || rest.first == 0x45 {
      rest = rest.dropFirst()
      if rest.first == 0x2b || rest.first == 0x2d { rest = rest.dropFirst() }
      guard skipDigits(&rest) > 0 else { return nil }
    }
    guard rest.isEmpty else { return nil }
    let text = mark == .point ? Array(bytes) : bytes.map { $0 == mark.rawValue ? 0x2e : $0 }
    return Double(String(decoding: text, as: UTF8.self))
  }

  private static func skipDigits(_ rest: inout ArraySlice<UInt8>) -> Int {
    let after = rest.drop { (0x30...0x39).contains($0) }
    defer { rest = after }
    return after.startIndex - rest.startIndex
  }
}
