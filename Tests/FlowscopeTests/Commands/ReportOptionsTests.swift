import Testing

@testable import flowscope

@Suite("Options of every report")
struct ReportOptionsTests {
  @Test("Colour comes where it is asked for, and not where it is refused")
  func colour() throws {
    let always = try ReportOptions.parse(["--color", "always"])
    #expect(always.emphasised("pass", .good).text == "\u{1b}[32mpass\u{1b}[0m")
    let never = try ReportOptions.parse(["--color", "never"])
    #expect(never.emphasised("pass", .good).text == "pass")
    #expect(throws: (any Error).self) { try ReportOptions.parse(["--color", "sometimes"]) }
  }
}
