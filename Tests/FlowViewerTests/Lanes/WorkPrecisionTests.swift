import FlowMatching
import Testing

@testable import FlowViewer

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite("Work and precision")
struct WorkPrecisionTests {
  private func study(
    _ lanes: [LaneSettings], weights: FlowWeights, budget slice: Int = 1 << 40
  ) -> WorkPrecisionStudy {
    var random = Random(seed: 5).stream("study")
    let noise = StandardNormal(dimension: 2).sample(count: 300, using: &random)
    var study = WorkPrecisionStudy(
      network: Experiment().velocityField(of: weights, instructionSet: .baseline), step: 0,
      noise: noise, lanes: lanes)
    while !study.isOver {
      var budget = slice
      _ = study.advance(budget: &budget)
    }
    return study
  }

  /// The weights of a small network after some hundred steps: a field that bends.
  private func weights() throws -> FlowWeights {
    var replay = try smallReplay(learningRate: 1e-2)
    try replay.run("train 400")
    return replay.state.training.report.weights
  }

  private let four = [
    LaneSettings(.euler, steps: 8), LaneSettings(.midpoint, steps: 4), LaneSettings(.rk4, steps: 2),
    LaneSettings(.dormandPrince, toleranceExponent: -3),
  ]

  @Test("On a network's field Euler, midpoint and RK4 show their orders 1, 2 and 4")
  func orders() throws {
    let curves = study(four, weights: try weights()).curves
    #expect(curves.map(\.method) == four.map(\.curve))
    let orders = try curves.prefix(3).map { try #require($0.order()) }
    #expect(abs(orders[0] - 1) < 0.1, "Euler \(orders[0])")
    #expect(abs(orders[1] - 2) < 0.2, "midpoint \(orders[1])")
    #expect(abs(orders[2] - 4) < 0.4, "RK4 \(orders[2])")
  }

  @Test("Curves double their steps up to 256 evaluations, and Euler's error falls at every point")
  func curves() throws {
    let curves = study(four, weights: try weights()).curves
    #expect(curves[0].points.map(\.evaluations) == [1, 2, 4, 8, 16, 32, 64, 128, 256])
    #expect(curves[1].points.map(\.evaluations) == [2, 4, 8, 16, 32, 64, 128, 256])
    #expect(curves[2].points.map(\.evaluations) == [4, 8, 16, 32, 64, 128, 256])
    #expect(curves[3].points.count == 5)
    let errors = curves[0].points.map(\.error)
    #expect(zip(errors, errors.dropFirst()).allSatisfy { $0 > $1 })
    let adaptive = curves[3].points
    #expect(zip(adaptive, adaptive.dropFirst()).allSatisfy { $0.evaluations <= $1.evaluations })
    #expect(adaptive[4].error < adaptive[0].error)
  }

  @Test("The study is the same in slices, and one method in two lanes has one curve")
  func slices() throws {
    let weights = try weights()
    let lanes = [
      LaneSettings(.midpoint, steps: 4), LaneSettings(.midpoint, steps: 8),
      LaneSettings(.euler, steps: 3),
    ]
    let whole = study(lanes, weights: weights)
    let sliced = study(lanes, weights: weights, budget: 1000)
    #expect(whole.curves.map(\.points) == sliced.curves.map(\.points))
    #expect(whole.curves.map(\.method) == ["midpoint", "euler"])
    #expect(whole.places.solve != nil && whole.places.solve?.ends == sliced.places.solve?.ends)
  }

  @Test("The evaluations for an error are read off a straight line in log–log")
  func interpolation() throws {
    var curve = WorkPrecisionStudy.Curve(method: "euler")
    curve.points = [(8, 0.1), (32, 0.001), (64, 0.0005)].map {
      WorkPrecisionStudy.Point(evaluations: $0.0, error: $0.1)
    }
    #expect(abs(try #require(curve.evaluations(forError: 0.01)) - 16) < 1e-9)
    #expect(abs(try #require(curve.evaluations(forError: 0.1)) - 8) < 1e-9)
    #expect(curve.evaluations(forError: 0.2) == nil)
    #expect(curve.evaluations(forError: 1e-4) == nil)
    curve.points = []
    #expect(curve.evaluations(forError: 0.01) == nil && curve.order() == nil)
  }

  @Test("An exact power law shows its power, without points that saturate or drown in rounding")
  func power() throws {
    var curve = WorkPrecisionStudy.Curve(method: "rk4")
    curve.points = [(1, 5.0), (2, 0.25), (4, 0.03125), (8, 0.00390625), (16, 1e-6)].map {
      WorkPrecisionStudy.Point(evaluations: $0.0, error: $0.1)
    }
    #expect(abs(try #require(curve.order()) - 3) < 1e-9)
  }

  @Test("A parked comparison is studied; another solver is studied at once")
  func live() throws {
    var replay = try smallReplay(columns: 160, rows: 48, steps: 100)
    try replay.run("train 100\n|\nEnd\nwait 2")
    #expect(replay.state.studies.study?.isOver == true)
    #expect(replay.state.studies.shownStudy?.curves.map(\.method) == ["euler", "midpoint"])
    try replay.run("S\nS\nS\nS\nS\nwait 0.5")
    #expect(replay.state.studies.shownStudy?.curves.map(\.method) == ["dop853", "midpoint"])
  }

  @Test("The lanes' own steps are on their curves, so that their marks are")
  func ownSteps() throws {
    let weights = try weights()
    let curves = study(
      [
        LaneSettings(.euler, steps: 6), LaneSettings(.euler, steps: 300),
        LaneSettings(.dormandPrince, toleranceExponent: -7),
      ], weights: weights
    ).curves
    #expect(curves[0].points.map(\.evaluations) == [1, 2, 4, 6, 8, 16, 32, 64, 128, 256, 300])
    #expect(curves[1].points.count == 6)
  }

  @Test(
    "Times that are given or found have a point of their own alone: nothing is read off beside it")
  func ownTimes() throws {
    func midpoint(_ steps: Int, _ grid: TimeGrid?, _ times: [Double]? = nil) -> LaneSettings {
      var settings = LaneSettings(.midpoint, steps: steps)
      (settings.grid, settings.bestTimes) = (grid, times)
      return settings
    }
    let own = [
      midpoint(4, .best, [0, 0.4, 0.7, 0.9, 1]), midpoint(2, .best, [0, 0.7, 1]),
      midpoint(3, .list([0, 0.5, 0.8, 1])),
    ]
    let weights = try weights()
    let network = Experiment().velocityField(of: weights, instructionSet: .baseline)
    var random = Random(seed: 5).stream("study")
    let noise = StandardNormal(dimension: 2).sample(count: 300, using: &random)
    var study = WorkPrecisionStudy(
      network: network, step: 0, noise: noise,
      lanes: own + [midpoint(8, .best), midpoint(4, nil), midpoint(4, .cosine)], wantedError: 0.3)
    while !study.isOver {
      var budget = 1 << 30
      _ = study.advance(budget: &budget)
    }
    // The lane whose steps are not found yet takes no part.
    #expect(
      study.curves.map(\.method) == own.map(\.curve) + ["midpoint", "midpoint/cosine"])
    let ends = try #require(study.places.solve?.ends)
    for (lane, curve) in zip(own, study.curves) {
      var solve = Solve(
        network: network, weightsStep: 0, settings: lane, noise: noise, memoryLimit: 0)
      var budget = 1 << 30
      solve.advance(to: 1, budget: &budget)
      let error = solve.end.rootMeanSquareDistance(to: ends)
      #expect(curve.points == [.init(evaluations: 2 * lane.steps, error: error)])
      let equal = study.curves[3].error(forEvaluations: 2 * lane.steps)?.value
      #expect(equal != error)
      #expect(curve.refinement(forError: error / 2) == nil)
      #expect(curve.cost(ofError: error / 2) == nil)
      #expect(curve.cost(ofError: 2 * error)?.value == Double(2 * lane.steps))
      #expect(curve.cost(ofError: 2 * error)?.isInterpolated == false)
    }
    #expect(study.curves[4].points.count > 5)
  }

  @Test("The least steps for the error that lanes are judged by are measured, and their neighbours")
  func refinement() throws {
    let weights = try weights()
    var random = Random(seed: 5).stream("study")
    let noise = StandardNormal(dimension: 2).sample(count: 300, using: &random)
    var study = WorkPrecisionStudy(
      network: Experiment().velocityField(of: weights, instructionSet: .baseline), step: 0,
      noise: noise, lanes: four, wantedError: 0.01)
    while !study.isOver {
      var budget = 100_000
      _ = study.advance(budget: &budget)
    }
    for curve in study.curves.prefix(3) {
      let cost = try #require(curve.cost(ofError: 0.01))
      #expect(!cost.isInterpolated, "\(curve.method)")
      let points = curve.points
      #expect(zip(points, points.dropFirst()).allSatisfy { $0.evaluations < $1.evaluations })
      let index = try #require(points.firstIndex { Double($0.evaluations) == cost.value })
      #expect(points[index].error <= 0.01 && points[index - 1].error > 0.01)
      #expect(points[index].evaluations - points[index - 1].evaluations == curve.evaluationsPerStep)
    }
    #expect(study.curves[3].evaluationsPerStep == nil)
  }

  @Test("The reference's own error is told, below every error that it measures")
  func referenceError() throws {
    var lanes = four
    lanes[3].toleranceExponent = -8
    let study = study(lanes, weights: try weights())
    let own = try #require(study.referenceError)
    #expect(own > 0 && own < 1e-8, "\(own)")
    // RK4 with 64 steps and Dormand–Prince at 1e-8 too: a reference in Float hid both.
    for curve in study.curves {
      #expect(curve.points.allSatisfy { $0.error > own }, "\(curve.points)")
    }
    let tight = try #require(study.curves[3].points.last)
    #expect(tight.error < 2e-6 && tight.error < study.curves[3].points[4].error)
    let rk4 = study.curves[2].points.map(\.error)
    for (coarse, fine) in zip(rk4, rk4.dropFirst()) where fine > 3e-6 && coarse < 0.1 {
      #expect(abs(log2(coarse / fine) - 4) < 0.7, "\(coarse) to \(fine)")
    }
  }

  @Test("Another study of the same weights solves nothing again, one of other weights everything")
  func known() throws {
    let weights = try weights()
    let done = study(four, weights: weights)
    let network = Experiment().velocityField(of: weights, instructionSet: .baseline)
    func next(_ step: Int, _ lanes: [LaneSettings]) -> WorkPrecisionStudy {
      WorkPrecisionStudy(
        network: network, step: step, noise: Batch(dimension: 2, count: 3), lanes: lanes,
        known: done.known)
    }
    // In another order, with one lane less: what is known is read in one pass, without an evaluation.
    var again = next(0, [four[2], four[0], four[3]])
    var budget = 1
    _ = again.advance(budget: &budget)
    #expect(again.isOver && budget == 1)
    #expect(again.curves.map(\.points) == [2, 0, 3].map { done.curves[$0].points })
    var other = next(1, four)
    _ = other.advance(budget: &budget)
    #expect(!other.places.isOver && other.curves.allSatisfy(\.points.isEmpty))
    // A method that nobody had yet is solved.
    var more = next(0, [four[0], LaneSettings(.heun, steps: 4)])
    budget = 1
    _ = more.advance(budget: &budget)
    #expect(!more.isOver && more.curves[0].points == done.curves[0].points)
  }

  @Test("Curves of older weights stay, named and grey, until those of newer ones are complete")
  func olderWeights() throws {
    var replay = try smallReplay(columns: 160, rows: 48, steps: 4000)
    try replay.run("train 100\nT\n|\nEnd\nwait 2")
    #expect(replay.state.currentStudy?.weightsStep == 100)
    #expect(replay.text.contains("of step 100"))
    try replay.run("T\ntrain 60\nT\nwait 0.1")
    // The picture follows within a third of a second, the curves later.
    for _ in 0..<20 where replay.state.shownWeightsStep == 100 { try replay.run("wait 0.1") }
    let step = replay.state.shownWeightsStep
    #expect(step > 100)
    if replay.state.studies.shownStudy?.weightsStep == 100 {
      #expect(replay.state.currentStudy == nil && replay.text.contains("curves of step 100"))
      #expect(replay.text.contains("(step 100)"))
    }
    try replay.run("wait 4")
    #expect(replay.state.currentStudy?.weightsStep == step && !replay.text.contains("curves of"))
  }

  @Test("While nothing is learned yet there are no curves; paused at step 0 they name it")
  func untrained() throws {
    var state = slowState(budget: 1 << 24)
    state.press("|", "|")
    state.tick(30, seconds: 0.1)
    #expect(
      state.studies.shownStudy == nil && state.drawn().text().contains("once something is learned"))
    var report = state.training.report
    report.status = .paused
    _ = state.update(.training(report))
    state.tick(30, seconds: 0.1)
    #expect(state.studies.shownStudy?.weightsStep == 0)
    #expect(state.drawn().text().contains("of step 0"))
  }
}
