import FlowMatching
import TerminalCanvas
import Testing

@testable import FlowViewer

@Suite("A lane that failed")
struct FailedLaneTests {
  /// A network of eight units that pulls gently inside |x| < 8 and with 10⁹ beyond: Euler's first
  /// step of 1/8 leaps over the origin and out, and every further one ten million times as far.
  ///
  /// v = −60 x − 10⁹ (max(0, x − 8) − max(0, −x − 8)), since silu(z) − silu(−z) = z.
  static var weights: MLPWeights {
    let shape = MLPShape(dimension: 2, widths: [8], activation: .silu)
    var (first, biases): ([Float], [Float]) = ([], [])
    var last: [[Float]] = [[], []]
    for axis in 0..<2 {
      for (slope, offset, weight) in [(1, 0, -60), (20, 160, -5e7)] as [(Float, Float, Float)] {
        for sign in [1, -1] as [Float] {
          first += axis == 0 ? [sign * slope, 0, 0] : [0, sign * slope, 0]
          biases.append(-offset)
          last[axis].append(sign * weight)
          last[1 - axis].append(0)
        }
      }
    }
    return MLPWeights(shape: shape, values: first + biases + last[0] + last[1] + [0, 0])
  }

  /// Four lanes along it, of which Euler's 8 steps fail and midpoint's 64, RK4's 32 do not.
  private func state(_ columns: Int, _ rows: Int) -> AppState {
    var experiment = Experiment()
    experiment.widths = [8]
    var options = AppState.Options()
    options.particles = 400
    options.instructionSet = .baseline
    options.evaluationBudget = 1 << 24
    options.adaptsBudget = false
    var state = AppState(
      experiment: experiment, dataset: DatasetCatalog.eightGaussians,
      size: Size(columns: columns, rows: rows), options: options)
    var report = state.training.report
    (report.step, report.status, report.weights) = (5, .finished, .velocity(Self.weights))
    report.noiseFloor = NoiseFloor([0.2, 0.21, 0.22])
    _ = state.update(.training(report))
    state.tick(60)
    state.press("|", "|", "End", "Tab", "N", "N", "N", "N", "Tab", "N", "N", "N", "N")
    for _ in 0..<400 where state.nextDeadline != nil && state.distanceDelay == nil {
      state.tick(1, seconds: 0.1)
    }
    return state
  }

  @Test("It says where and why, has no error and no mark, and its method is judged by other steps")
  func failed() throws {
    let state = state(160, 48)
    let solvers = state.lanes.all.map(\.settings.short)
    #expect(solvers == ["Euler 8", "midpoint 64", "RK4 32", "Dormand–Prince 1e-3"])
    #expect((0..<4).map { state.failure(ofLane: $0) != nil } == [true, false, false, false])
    #expect((0..<4).map { state.comparison[$0] != nil } == [false, true, true, true])
    #expect(state.isOutOfComparison(0) && !state.isOutOfComparison(1))
    #expect(state.currentStudy?.curves.first { $0.method == "euler" }?.points.isEmpty == false)
    let verdict = try #require(state.equalCostVerdict)
    #expect(verdict.ranked.contains { $0.lane == 0 } && verdict.ranked.count >= 2)
    // With more steps than its own Euler's method is stable, and cheapest.
    let cheapest = try #require(state.cheapestVerdict)
    #expect(cheapest.ranked.first?.lane == 0 && cheapest.ranked[0].value > 8)
    let rows = state.drawn().text().split(separator: "\n")
    let table = try #require(rows.first { $0.contains("● Euler   ") })
    #expect(table.contains("failed at t 0.") && table.contains(": not finite"))
    #expect(rows.count { $0.contains(": not finite") } == 2, "lane and table")
    // Its row in time ends where it does, with as much as there is room for.
    #expect(rows.contains { $0.hasPrefix("│  Euler  ") && $0.contains("failed") })
    // What blew up sets no scale.
    #expect(!rows.contains { $0.contains("10⁶") || $0.contains("10²⁰") })
    // Scrubbed to where it was still alive, it is no better.
    var early = state
    early.press("Home", ".")
    early.tick(20)
    #expect(early.comparison[0] == nil && early.comparison[1] != nil)
  }

  @Test("The reason is there at every size", arguments: [(120, 36), (80, 24), (60, 20)])
  func sizes(_ columns: Int, _ rows: Int) {
    let text = state(columns, rows).drawn().text()
    #expect(text.contains("not finite") && text.contains("failed"))
  }
}
