import Testing

@testable import FlowViewer

@Suite("The verdict on lanes")
struct LaneVerdictTests {
  @Test("Of lanes that cost the same the nearest is named, with its lead over the next")
  func named() throws {
    let verdict = try #require(
      LaneVerdict(evaluations: [8, 8, 8, 32], errors: [0.12, 0.036, 0.03, 0.01]))
    #expect(verdict.best == 2 && verdict.second == 1 && verdict.evaluations == 8)
    #expect(abs(verdict.factor - 1.2) < 1e-12)
    // Within a quarter a cost counts as the same.
    #expect(LaneVerdict(evaluations: [8, 10], errors: [0.2, 0.1])?.best == 1)
  }

  @Test("Where costs differ, or an error is not known, nobody is named")
  func silent() {
    #expect(LaneVerdict(evaluations: [8, 11], errors: [0.2, 0.1]) == nil)
    #expect(LaneVerdict(evaluations: [8, 8], errors: [0.2, nil]) == nil)
    #expect(LaneVerdict(evaluations: [8, 8], errors: [0, 0.1]) == nil)
    #expect(LaneVerdict(evaluations: [0, 0], errors: [0.1, 0.1]) == nil)
    #expect(LaneVerdict(evaluations: [], errors: []) == nil)
  }
}
