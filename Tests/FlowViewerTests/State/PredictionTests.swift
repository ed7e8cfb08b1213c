import FlowMatching
import TerminalCanvas
import Testing

@testable import FlowViewer

@Suite("Other predictions and sources in the viewer")
struct PredictionTests {
  private static func state(_ change: (inout Experiment) -> Void) throws -> AppState {
    var experiment = Experiment()
    experiment.widths = [16, 16]
    experiment.batch = 64
    experiment.steps = 600
    experiment.learningRate = 1e-2
    change(&experiment)
    var options = AppState.Options()
    options.particles = 300
    options.instructionSet = .baseline
    return AppState(
      experiment: experiment, dataset: try DatasetCatalog.named(experiment.dataset),
      size: Size(columns: 100, rows: 30), options: options)
  }

  @Test("particles start at the source, and follow the velocity that a prediction means")
  func converted() throws {
    let state = try PredictionTests.state {
      $0.prediction = .target
      $0.source = "8gaussians-r5"
      $0.dataset = "moons"
    }
    let radii = (0..<300).map { distance(state.particles.noise.point($0)) }
    #expect(abs(radii.reduce(0, +) / 300 - 5.1) < 0.4)
    #expect(state.scene.source is GaussianMixture && state.scene.exact != nil)
    // The window shows where they start.
    #expect(state.scene.xRange.upperBound > 6)
    var network = state.shownNetwork
    #expect(state.experiment.prediction == .target)
    var raw = MLP(try #require(state.lanes.ensemble.weights.network), instructionSet: .baseline)
    let x = state.particles.noise.prefix(3)
    var (v, prediction) = (x, x)
    network.evaluate(x, at: .shared(0.5), into: &v)
    raw.evaluate(x, at: .shared(0.5), into: &prediction)
    // u = (x̂₁ − x)/(1 − t).
    for k in v.values.indices {
      #expect(abs(v.values[k] - 2 * (prediction.values[k] - x.values[k])) < 1e-9)
    }
  }

  @Test("a source without a density leaves densities unknown, not wrong")
  func unknownDensity() throws {
    let state = try PredictionTests.state { $0.source = "pinwheel" }
    var solve = BackwardDensity(
      state.shownNetwork, source: state.scene.source,
      points: Batch(points: [[0, 0], [1, 1]]), from: 1, tolerance: 0.1)
    var budget = Int.max
    solve.advance(budget: &budget)
    #expect(solve.values.allSatisfy { $0.isNaN })
    #expect(state.scene.exact == nil)
  }

  @Test("a followed run of another prediction is shown as what it is")
  func followed() throws {
    let state = try PredictionTests.state { _ in }
    var other = state.experiment
    other.prediction = .source
    other.scheduler = .cosine
    let received = ReceivedRun(
      experiment: other, dataset: DatasetCatalog.eightGaussians,
      weights: Trainer.initialWeights(other), step: 7)
    var session = TrainingSession(
      state.experiment, dataset: DatasetCatalog.eightGaussians,
      solver: LaneSettings(.midpoint, steps: 20), instructionSet: .baseline)
    session.follow(FollowedNews(run: received))
    let report = session.report(stepsPerSecond: 0)
    #expect(report.experiment == other && report.step == 7)
    var shown = state
    _ = shown.update(.training(report))
    #expect(shown.experiment == other)
    let points = shown.particles.noise.prefix(5)
    func velocity(_ field: some VelocityField) -> Batch {
      var (field, velocity) = (field, points)
      field.evaluate(points, at: .shared(0.4), into: &velocity)
      return velocity
    }
    let converted = other.velocityField(of: report.weights, instructionSet: .baseline)
    #expect(velocity(shown.network(of: report.weights)) == velocity(converted))
    #expect(velocity(shown.shownNetwork) == velocity(converted))
    let raw = MLP(try #require(report.weights.network), instructionSet: .baseline)
    #expect(velocity(raw) != velocity(converted))
  }

  @Test("a followed reflow brings its pairs; another data set afterwards is trained independently")
  func followedPairs() throws {
    var state = try PredictionTests.state { _ in }
    var other = state.experiment
    other.coupling = .reflow
    var random = Random(seed: 1)
    let points = StandardNormal(dimension: 2).sample(count: 50, using: &random)
    let target = DatasetCatalog.eightGaussians.with(PairTable(x0: points, x1: points))
    var session = TrainingSession(
      state.experiment, dataset: DatasetCatalog.eightGaussians,
      solver: LaneSettings(.midpoint, steps: 20), instructionSet: .baseline)
    let received = ReceivedRun(
      experiment: other, dataset: target, weights: Trainer.initialWeights(other), step: 3)
    session.follow(FollowedNews(run: received))
    #expect(session.run.dataset.pairs == target.pairs)
    _ = state.update(.training(session.report(stepsPerSecond: 0)))
    #expect(state.experiment.coupling == .reflow)
    var next = state.experiment
    next.dataset = "moons"
    _ = state.restartTraining(Question(next, "data set → moons"))
    #expect(state.dataset.name == "moons" && state.experiment.coupling == .independent)
  }

  private func distance(_ point: [Double]) -> Double {
    (point[0] * point[0] + point[1] * point[1]).squareRoot()
  }
}
