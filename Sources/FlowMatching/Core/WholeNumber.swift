/// A whole number as people write it: 20000, 50_000, 100k, 2M, 1e6, 1.5e3.
public struct WholeNumber {
  /// From −2⁶³ to 2⁶⁴ − 1.
  public let value: Int128

  /// nil where the text is no such number, or none that is whole.
  public init?(_ text: String) {
    var digits = Substring(text)
    let isNegative = digits.hasPrefix("-")
    if isNegative || digits.hasPrefix("+") { digits = digits.dropFirst() }
    var shift = 0
    switch digits.last {
    case "k", "K": shift = 3
    case "M": shift = 6
    case "G": shift = 9
    default: break
    }
    if shift > 0 { digits = digits.dropLast() }
    // 1e6: at most 30 zeros, more than any number here has.
    if let mark = digits.firstIndex(where: { $0 == "e" || $0 == "E" }) {
      var exponent = digits[digits.index(after: mark)...]
      if exponent.hasPrefix("+") { exponent = exponent.dropFirst() }
      guard exponent.utf8.count <= 2, let power = UInt8(exponent) else { return nil }
      shift += Int(power)
      digits = digits[..<mark]
    }
    let parts = digits.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    // .5M is meant as 0.5M.
    let first = parts[0].isEmpty && parts.count == 2 ? "0" : parts[0]
    guard shift <= 30, let whole = WholeNumber.digits(first) else { return nil }
    let fraction = parts.count == 2 ? WholeNumber.digits(parts[1]) : ""
    guard let fraction, parts.count == 1 || shift > 0, fraction.utf8.count <= shift else {
      return nil
    }
    let zeros = String(repeating: "0", count: shift - fraction.utf8.count)
    guard let magnitude = Int128(whole + fraction + zeros) else { return nil }
    value = isNegative ? -magnitude : magnitude
    guard value >= Int128(Int.min), value <= Int128(UInt64.max) else { return nil }
  }

  /// Digits without the underscores between them; nil where there is anything else.
  private static func digits(_ text: Substring) -> String? {
    let groups = text.split(separator: "_", omittingEmptySubsequences: false)
    guard groups.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39) ~= $0 } }) else {
      return nil
    }
    return groups.joined()
  }
}
