/// Numbers as the panes show them: a real minus, a blank per thousand, `–` where there is none.
public enum NumberFormat {
  /// What stands where there is no number.
  public static let missing = "–"

  /// `value` with a fixed number of decimals: 1.958, −0.30.
  public static func fixed(_ value: Double, _ decimals: Int) -> String {
    guard value.isFinite else { return missing }
    let digits = min(max(0, decimals), 15)
    let scaled = (abs(value) * Elementary.tenTo(digits)).rounded()
    guard scaled < 9e15 else { return scientific(value, digits: 3) }
    let whole = Int(scaled)
    let unit = Int(Elementary.tenTo(digits))
    let sign = value < 0 && whole > 0 ? "−" : ""
    guard digits > 0 else { return sign + String(whole) }
    let fraction = String(whole % unit)
    return sign + String(whole / unit) + "."
      + String(repeating: "0", count: digits - fraction.count) + fraction
  }

  /// `value` to a number of significant digits: 0.118, 0.00980, 12.0; below 10⁻³ as 9.80e-4.
  public static func significant(_ value: Double, _ digits: Int = 3) -> String {
    guard value.isFinite else { return missing }
    guard value != 0 else { return fixed(0, max(0, digits - 1)) }
    var exponent = decimalExponent(value, digits: 17)
    let decimals = max(0, digits - 1 - exponent)
    // Rounding may carry into another digit: 0.9999 is 1.00.
    let rounded = (abs(value) * Elementary.tenTo(decimals)).rounded()
    if rounded >= Elementary.tenTo(exponent + 1 + decimals) { exponent += 1 }
    if exponent < -3 || exponent > 5 { return scientific(value, digits: digits) }
    return fixed(value, max(0, digits - 1 - exponent))
  }

  /// `value` as one types it: 1e-3, 2.5e-4; `digits` 0 drops every zero that says nothing.
  public static func scientific(_ value: Double, digits: Int = 0) -> String {
    guard value.isFinite else { return missing }
    guard value != 0 else { return "0" }
    let exponent = decimalExponent(value, digits: digits == 0 ? 6 : digits)
    var mantissa = fixed(value / power(exponent), digits == 0 ? 5 : max(0, digits - 1))
    if digits == 0 {
      while mantissa.hasSuffix("0") { mantissa.removeLast() }
      if mantissa.hasSuffix(".") { mantissa.removeLast() }
    }
    return mantissa + "e" + String(exponent)
  }

  /// A whole number with a blank per thousand: 12 000.
  public static func grouped(_ value: Int) -> String {
    let digits = Array(String(value.magnitude))
    var result = value < 0 ? "−" : ""
    for (i, digit) in digits.enumerated() {
      if i > 0, (digits.count - i) % 3 == 0 { result += " " }
      result.append(digit)
    }
    return result
  }

  /// A number at an axis: 30, 300, 1k, 10k, 1.5k, 2M, 0.25; no zero that says nothing.
  public static func axis(_ value: Double) -> String {
    guard value.isFinite else { return missing }
    let size = abs(value)
    if size >= 999_999.5 { return trimmed(value / 1_000_000, 3) + "M" }
    if size >= 999.5 { return trimmed(value / 1000, 3) + "k" }
    if size > 0, size < 0.000_95 { return scientific(value) }
    return trimmed(value, 6)
  }

  /// A power of ten: 10⁻².
  public static func powerOfTen(_ exponent: Int) -> String { "10" + superscript(exponent) }

  /// A whole number in superscript: ⁻¹².
  public static func superscript(_ value: Int) -> String {
    let digits = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
    let sign = value < 0 ? "⁻" : ""
    return sign
      + String(String(value.magnitude).compactMap { $0.wholeNumberValue.map { digits[$0] } })
  }

  /// `text` with blanks before it until it takes `columns` cells.
  public static func padded(_ text: String, to columns: Int) -> String {
    String(repeating: " ", count: max(0, columns - CellText.columns(text))) + text
  }

  private static func trimmed(_ value: Double, _ decimals: Int) -> String {
    var text = fixed(value, decimals)
    guard text.contains(".") else { return text }
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return text
  }

  /// The exponent e of `m·10ᵉ` with 1 ≤ m < 10 after rounding to `digits` digits.
  private static func decimalExponent(_ value: Double, digits: Int) -> Int {
    let size = abs(value)
    var exponent = Int(saturating: Elementary.log10(size).rounded(.down))
    if size / power(exponent) < 1 { exponent -= 1 }
    let scale = Elementary.tenTo(min(max(1, digits), 15) - 1)
    if (size / power(exponent) * scale).rounded() >= 10 * scale { exponent += 1 }
    return exponent
  }

  private static func power(_ exponent: Int) -> Double {
    // Two factors: 10⁻³²⁰ is a Double, 1/10³²⁰ is not.
    Elementary.tenTo(exponent / 2) * Elementary.tenTo(exponent - exponent / 2)
  }
}
