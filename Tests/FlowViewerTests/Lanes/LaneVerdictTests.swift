import FlowMatching
import Foundation
import Testing

@testable import FlowViewer

@Suite("The verdict on lanes")
struct LaneVerdictTests {
  private func curve(_ method: String, _ points: (Int, Double)...) -> WorkPrecisionStudy.Curve {
    WorkPrecisionStudy.Curve(
      method: method,
      points: points.map { WorkPrecisionStudy.Point(evaluations: $0.0, error: $0.1) })
  }

  private var race: [LaneVerdict.Entry] {
    [
      (0, curve("euler", (8, 0.12), (64, 0.015), (128, 0.0075))),
      (1, curve("midpoint", (8, 0.036), (16, 0.009))),
      (2, curve("rk4", (8, 0.03), (16, 0.0019))),
      (3, curve("dopri5", (13, 0.1), (26, 0.004))),
    ]
  }

  @Test(
    "For an equal cost the smallest error is named, with how many times the next one's is larger")
  func equalCost() throws {
    let verdict = try #require(LaneVerdict(evaluations: 8, race))
    #expect(verdict.best == [2] && verdict.next == 1 && !verdict.isInterpolated)
    #expect(abs(try #require(verdict.factor) - 1.2) < 1e-12)
    // At 16 RK4 again, and Dormand–Prince takes part between two of its points.
    let later = try #require(LaneVerdict(evaluations: 16, race))
    #expect(later.best == [2] && later.next == 1)
    #expect(abs(try #require(later.factor) - 0.009 / 0.0019) < 1e-12)
  }

  @Test("Figures less than 5 % apart are ties, and no factor is made of them")
  func ties() throws {
    let near: [LaneVerdict.Entry] = [
      (0, curve("a", (8, 0.100))), (1, curve("b", (8, 0.1049))), (2, curve("c", (8, 0.106))),
    ]
    let verdict = try #require(LaneVerdict(evaluations: 8, near))
    #expect(verdict.best == [0, 1] && verdict.next == 2)
    let all = try #require(LaneVerdict(evaluations: 8, Array(near.prefix(2))))
    #expect(all.best == [0, 1] && all.next == nil && all.factor == nil)
    // Below what the reference itself may be off nothing is smaller than anything.
    let drowned = try #require(LaneVerdict(evaluations: 8, race, resolution: 0.2))
    #expect(drowned.best.count == 3 && drowned.next == nil)
  }

  @Test(
    "The cheapest for an error is read off every curve; one that does not get there is left out")
  func cheapest() throws {
    let verdict = try #require(LaneVerdict(error: 0.01, race))
    #expect(verdict.best == [2] && verdict.next == 1)
    // Straight in log–log between (8, .03) and (16, .0019).
    #expect(abs(verdict.figure - 8 * pow(2, log(3) / log(0.03 / 0.0019))) < 1e-9)
    let alone = try #require(LaneVerdict(error: 0.002, race))
    #expect(alone.best == [2] && alone.next == nil)
    #expect(LaneVerdict(error: 1e-9, race) == nil)
  }

  @Test("Where fewer than two curves tell, nobody is named")
  func silent() {
    #expect(LaneVerdict(evaluations: 4, race) == nil)
    #expect(LaneVerdict(evaluations: 100, race) == nil)
    #expect(LaneVerdict(evaluations: 8, [race[0]]) == nil)
    #expect(LaneVerdict(evaluations: 8, []) == nil && LaneVerdict(error: 0.01, []) == nil)
  }
}
