import Testing

@testable import FlowMatching

@Suite("Residuals that are no numbers")
struct ResidualsTests {
  @Test("NaN is the worst of all, wherever it stands")
  func worst() {
    #expect(greatest([0.1, 0.3, 0.2]) == 0.3 && greatest([]) == 0)
    for residuals in [[Double.nan, 1], [1, .nan], [.nan, .nan], [1, .nan, .infinity]] {
      #expect(greatest(residuals).isNaN, "\(residuals)")
    }
    #expect(worse(1, .infinity) == .infinity && worse(.infinity, 1) == .infinity)
  }
}
