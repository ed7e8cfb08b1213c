import Foundation
import TerminalCanvas

/// Numbers in the tables that commands print: significant digits, since data may have any scale.
enum TableFigure {
  /// `value` to 5 significant digits, with more where its standard error is smaller than those tell:
  /// "0.00080000", "2.2207 ± 0.01", "2.6842e11".
  static func text(_ value: Double, error: Double? = nil, digits: Int = 5) -> String {
    guard let error else { return significant(value, digits) }
    var wanted = digits
    if error > 0, value != 0, error.isFinite, value.isFinite {
      let told = log10(abs(value)).rounded(.down) - log10(error).rounded(.down) + 1
      wanted = Int(min(8, max(Double(digits), told)))
    }
    return significant(value, wanted) + " ± " + short(error)
  }

  /// One or two digits, as an error has them: "0.003", "3e-05".
  static func short(_ value: Double, _ digits: Int = 1) -> String {
    String(format: "%.\(digits)g", value)
  }

  /// Scripts read tables too: the minus is that of the keyboard.
  private static func significant(_ value: Double, _ digits: Int) -> String {
    NumberFormat.significant(value, digits).replacing("−", with: "-")
  }

  /// `text` at the right of `width` columns or more, a blank before it whatever its length.
  static func right(_ text: String, _ width: Int) -> String {
    " " + NumberFormat.padded(text, to: width - 1)
  }

  /// `text` at the left of `width` columns or more.
  static func left(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - CellText.columns(text)))
  }
}
