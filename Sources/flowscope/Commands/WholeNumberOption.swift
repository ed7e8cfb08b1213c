import ArgumentParser
import FlowMatching

extension WholeNumber {
  private static let advice = "a whole number such as 20000, 50_000, 100k or 1e6 is needed"

  /// The value of an option; anything else is a usage error.
  static func parse(_ text: String) throws -> Int {
    guard let number = WholeNumber(text), let value = Int(exactly: number.value) else {
      throw ValidationError(advice)
    }
    return value
  }

  /// The same for a number from 0 to 2⁶⁴ − 1.
  static func parseUnsigned(_ text: String) throws -> UInt64 {
    guard let number = WholeNumber(text), let value = UInt64(exactly: number.value) else {
      throw ValidationError("\(advice), from 0 to \(UInt64.max)")
    }
    return value
  }
}
