import Testing

@testable import FlowMatching

@Suite("The identities of tokens")
struct TokenTheoryTests {
  private static let setting = TheorySetting(
    dataset: DatasetCatalog.eightGaussians, scheduler: .conditionalOT, seed: 0)

  @Test("Every identity holds and every control fails", arguments: TheoryCheck.tokens.indices)
  func verdicts(index: Int) throws {
    let verdict = TheoryCheck.tokens[index].verdict(in: try #require(TokenTheoryTests.setting))
    #expect(verdict.passes, "\(verdict)")
  }

  @Test("Every coefficient of an identity matters")
  func coefficients() throws {
    let setting = try #require(TokenTheoryTests.setting)
    for check in TheoryCheck.tokens where !check.isControl {
      for k in check.coefficients.indices {
        // The diagonal is compared with the sum of its row only where it is what is asked.
        if check.number == 30 && k == 0 { continue }
        var changed = check.coefficients
        changed[k] *= 1.01
        #expect(!check.verdict(in: setting, coefficients: changed).passes, "\(check.name) \(k)")
      }
    }
  }
}
