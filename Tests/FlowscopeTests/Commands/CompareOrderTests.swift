import FlowMatching
import Testing

@testable import flowscope

@Suite("The order that compare prints")
struct CompareOrderTests {
  private func lane(_ steps: Int, _ error: Double) -> Compare.Lane {
    Compare.Lane(
      solver: "rk4", control: .fixed(steps: steps), nfe: 4 * steps, error: error, reference: 1e-9,
      toleranceReached: nil, w2: nil, npe: nil, milliseconds: 1)
  }

  @Test("It is the slope between two errors that are more than rounding, and none below")
  func slope() throws {
    let least = ReferenceSolve.leastOfOrders(rounding: 3e-7, error: 1e-9)
    let (coarse, fine) = (lane(8, 3.2e-4), lane(16, 2e-5))
    #expect(abs(try #require(fine.order(after: coarse, above: least)) - 4) < 1e-12)
    // 3e-7 after 4e-7 would be an order of .4.
    #expect(lane(64, 3e-7).order(after: lane(32, 4e-7), above: least) == nil)
    #expect(lane(32, 4e-7).order(after: fine, above: least) == nil)
    #expect(coarse.order(after: fine, above: least) == nil)
    // A reference that is hardly better.
    #expect(
      fine.order(after: coarse, above: ReferenceSolve.leastOfOrders(rounding: 3e-7, error: 1e-5))
        == nil)
  }
}
