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
    #expect(verdict.best.map(\.lane) == [2] && verdict.next?.lane == 1 && !verdict.isInterpolated)
    #expect(abs(try #require(verdict.factors).upperBound - 1.2) < 1e-12)
    // At 16 RK4 again, and Dormand–Prince takes part between two of its points.
    let later = try #require(LaneVerdict(evaluations: 16, race))
    #expect(later.best.map(\.lane) == [2] && later.next?.lane == 1)
    #expect(abs(try #require(later.factors).upperBound - 0.009 / 0.0019) < 1e-12)
  }

  @Test("Figures less than 5 % apart are ties, and no factor is made of them")
  func ties() throws {
    let near: [LaneVerdict.Entry] = [
      (0, curve("a", (8, 0.100))), (1, curve("b", (8, 0.1049))), (2, curve("c", (8, 0.106))),
    ]
    let verdict = try #require(LaneVerdict(evaluations: 8, near))
    #expect(verdict.best.map(\.lane) == [0, 1] && verdict.next?.lane == 2)
    // The next one is told from both: 0.106 is 1.0105 times the one and 1.06 times the other.
    let factors = try #require(verdict.factors)
    #expect(abs(factors.upperBound - 1.06) < 1e-12)
    #expect(abs(factors.lowerBound - 0.106 / 0.1049) < 1e-12)
    #expect(VerdictLines.times(factors) == "1.0–1.1×" && VerdictLines.times(2.51...2.54) == "2.5×")
    let all = try #require(LaneVerdict(evaluations: 8, Array(near.prefix(2))))
    #expect(all.best.map(\.lane) == [0, 1] && all.next == nil && all.factors == nil)
    // Below what the reference itself may be off nothing is smaller than anything.
    let drowned = try #require(LaneVerdict(evaluations: 8, race, resolution: 0.2))
    #expect(drowned.best.count == 3 && drowned.next == nil && drowned.isBelowResolution)
  }

  @Test(
    "The cheapest for an error is read off every curve; one that does not get there is left out")
  func cheapest() throws {
    let verdict = try #require(LaneVerdict(error: 0.01, race))
    #expect(verdict.best.map(\.lane) == [2] && verdict.next?.lane == 1)
    // Straight in log–log between (8, .03) and (16, .0019).
    #expect(abs(verdict.ranked[0].value - 8 * pow(2, log(3) / log(0.03 / 0.0019))) < 1e-9)
    #expect(verdict.ranked[0].isInterpolated)
    let alone = try #require(LaneVerdict(error: 0.002, race))
    #expect(alone.best.map(\.lane) == [2] && alone.next == nil)
    #expect(LaneVerdict(error: 1e-9, race) == nil)
  }

  @Test("What an error costs is a whole number of steps, and measured where its neighbour is too")
  func wholeSteps() throws {
    var rk4 = curve("rk4", (8, 0.03), (16, 0.0019))
    rk4.evaluationsPerStep = 4
    // 11.2 evaluations are no number of steps; nobody has measured that 12 do.
    let between = try #require(rk4.cost(ofError: 0.01))
    #expect(between.value == 12 && between.isInterpolated)
    #expect(rk4.refinement(forError: 0.01) == 3)
    rk4.points.insert(WorkPrecisionStudy.Point(evaluations: 12, error: 0.0061), at: 1)
    let measured = try #require(rk4.cost(ofError: 0.01))
    #expect(measured.value == 12 && !measured.isInterpolated)
    #expect(rk4.refinement(forError: 0.01) == nil)
    // Already two steps, as measured: one does not get there.
    rk4.points.insert(WorkPrecisionStudy.Point(evaluations: 4, error: 0.2), at: 0)
    let two = try #require(rk4.cost(ofError: 0.03))
    #expect(two.value == 8 && !two.isInterpolated)
    // A solver that chooses its steps has no such numbers.
    let adaptive = try #require(race[3].curve.cost(ofError: 0.01))
    #expect(adaptive.value > 13 && adaptive.value < 26 && adaptive.isInterpolated)
  }

  @Test("A factor of the table and the sentence below it are of one verdict")
  func factors() throws {
    let verdict = try #require(LaneVerdict(evaluations: 8, race))
    #expect(verdict.factor(ofLane: 2)?.value == 1)
    #expect(verdict.factor(ofLane: 1)?.value == verdict.factors?.upperBound)
    #expect(abs(try #require(verdict.factor(ofLane: 0)).value - 4) < 1e-12)
    // Dormand–Prince has no solve of eight evaluations: it is neither best nor anything else.
    #expect(verdict.factor(ofLane: 3) == nil)
    let tied = try #require(
      LaneVerdict(
        evaluations: 8,
        [(0, curve("a", (8, 0.1))), (1, curve("b", (8, 0.104))), (2, curve("c", (8, 0.2)))]))
    #expect(tied.factor(ofLane: 0)?.value == 1 && tied.factor(ofLane: 1)?.value == 1)
    #expect(tied.factor(ofLane: 2)?.value == 2)
  }

  @Test("Where fewer than two curves tell, nobody is named")
  func silent() {
    #expect(LaneVerdict(evaluations: 4, race) == nil)
    #expect(LaneVerdict(evaluations: 100, race) == nil)
    #expect(LaneVerdict(evaluations: 8, [race[0]]) == nil)
    #expect(LaneVerdict(evaluations: 8, []) == nil && LaneVerdict(error: 0.01, []) == nil)
  }
}
