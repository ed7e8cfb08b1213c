import Testing

@testable import FlowMatching

@Suite("Whole numbers as people write them")
struct WholeNumberTests {
  @Test(
    "Powers of ten, suffixes and underscores are read exactly",
    arguments: [
      ("0", 0), ("20000", 20_000), ("50_000", 50_000), ("100k", 100_000), ("2M", 2_000_000),
      ("1e6", 1_000_000), ("1.5e3", 1500), ("1E+2", 100), (".25k", 250), ("0.25k", 250), ("-5", -5),
      ("+7", 7), ("3G", 3_000_000_000), ("1e18", 1_000_000_000_000_000_000), ("00012", 12),
    ] as [(String, Int)])
  func numbers(text: String, value: Int) throws {
    #expect(WholeNumber(text)?.value == Int128(value))
  }

  @Test(
    "What is no whole number, or too large, is none",
    arguments: [
      "", "-", "k", "1.5", "1e-3", "1.234e2", "1e", "e5", "1__0", "_1", "1_", "0x10", "1 0", "٣",
      "1e99", "1e31", "18446744073709551616", "-9223372036854775809", "1.e3", "NaN", "inf", "1kk",
      "1e6k1", ".", ".k", "--1",
    ])
  func others(text: String) { #expect(WholeNumber(text) == nil) }
}
