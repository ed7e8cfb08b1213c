/// The numbers of TOML 1.0, as words.
enum TomlNumber {
  /// An integer that 64 bits do not hold.
  struct Overflow: Error {}

  /// The value of an integer; nil where the word is none.
  static func integer(_ word: String) throws(Overflow) -> Int? {
    var digits = Substring(word)
    var radix = 10
    for (prefix, base) in [("0x", 16), ("0o", 8), ("0b", 2)] where digits.hasPrefix(prefix) {
      digits = digits.dropFirst(2)
      radix = base
    }
    var sign = ""
    if radix == 10, let first = digits.first, first == "+" || first == "-" {
      sign = String(first)
      digits = digits.dropFirst()
    }
    let plain = digits.filter { $0 != "_" }
    guard areDigits(digits, radix: radix),
      radix != 10 || plain == "0" || !plain.hasPrefix("0")
    else { return nil }
    guard let value = Int(sign + plain, radix: radix) else {
      throw Overflow()
    }
    return value
  }

  /// The value of a float, inf and nan too; nil where the word is none.
  static func float(_ word: String) -> Double? {
    var rest = Substring(word)
    if rest.hasPrefix("+") || rest.hasPrefix("-") { rest = rest.dropFirst() }
    if rest == "nan" { return .nan }
    if rest == "inf" { return word.hasPrefix("-") ? -.infinity : .infinity }
    let parts = rest.split(
      maxSplits: 1, omittingEmptySubsequences: false, whereSeparator: { $0 == "e" || $0 == "E" })
    if parts.count == 2 {
      var exponent = parts[1]
      if exponent.hasPrefix("+") || exponent.hasPrefix("-") { exponent = exponent.dropFirst() }
      guard areDigits(exponent, radix: 10) else { return nil }
    }
    let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    guard (1...2).contains(mantissa.count), mantissa.allSatisfy({ areDigits($0, radix: 10) }),
      mantissa[0] == "0" || !mantissa[0].hasPrefix("0")
    else { return nil }
    return Double(word.filter { $0 != "_" })
  }

  /// Digits with single underscores between them.
  static func areDigits(_ text: Substring, radix: Int) -> Bool {
    var wasDigit = false
    for byte in text.utf8 {
      if byte == UInt8(ascii: "_") {
        guard wasDigit else { return false }
        wasDigit = false
      } else {
        guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, digit < radix else {
          return false
        }
        wasDigit = true
      }
    }
    return wasDigit
  }
}
