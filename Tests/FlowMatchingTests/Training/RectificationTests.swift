import Testing

@testable import FlowMatching

@Suite("Learning a flow's own pairs on the way")
struct RectificationTests {
  private func run() -> TrainingRun {
    var experiment = Experiment()
    experiment.widths = [32, 32]
    experiment.batch = 128
    experiment.learningRate = 3e-3
    experiment.steps = 1200
    var run = TrainingRun(
      experiment, dataset: DatasetCatalog.eightGaussians, measuresDistance: false,
      instructionSet: .baseline)
    for _ in 0..<600 { run.step() }
    return run
  }

  /// How far one step of Euler ends from the flow's end, root mean square.
  private func oneStepError(_ run: TrainingRun) -> Double {
    var random = Random(seed: 1).stream("noise")
    let noise = StandardNormal(dimension: 2).sample(count: 500, using: &random)
    var field: any VelocityField = run.trainer.velocityField(of: run.trainer.averagedWeights)
    let rough = Integrator.solve(&field, .euler, control: .fixed(steps: 1), from: noise).x
    let fine = Integrator.solve(&field, .rk4, control: .fixed(steps: 30), from: noise).x
    let squares = zip(rough.values, fine.values).map { ($0 - $1) * ($0 - $1) }
    return (squares.reduce(0, +) / 500).squareRoot()
  }

  @Test("Weights and history stay, the loss falls below the old floor, one step comes close")
  func straightens() throws {
    var run = run()
    let weights = run.trainer.weights
    let floor = try #require(run.lossFloor)
    let before = oneStepError(run)
    let isRectified = run.rectify(count: 4096)
    #expect(isRectified)
    #expect(run.trainer.weights == weights && run.trainer.stepsDone == 600)
    #expect(run.trainer.experiment.coupling == .reflow && run.dataset.pairs?.count == 4096)
    #expect(run.lossFloor == nil)
    for _ in 0..<600 { run.step() }
    #expect(run.trainer.failure == nil && run.trainer.stepsDone == 1200)
    #expect(run.trainer.averageLoss < 0.2 * floor)
    #expect(oneStepError(run) < 0.4 * before)
    #expect(run.trainer.history.points.first?.step == 1)
  }

  @Test("The same run rectifies to the same bits")
  func repeats() {
    var (a, b) = (run(), run())
    let both = [a.rectify(count: 500), b.rectify(count: 500)]
    #expect(both == [true, true])
    for _ in 0..<20 {
      a.step()
      b.step()
    }
    #expect(a.trainer.weights == b.trainer.weights)
  }

  @Test("Pairs end where RK4 in 25 steps carries the source, which is ψ₁(x) = m + sx to 1e-6")
  func pairs() throws {
    let (m, s) = ([1.0, -2], 0.5)
    let field = MarginalField(
      target: GaussianMixture(weights: [1], means: [m], standardDeviation: s))
    let source = StandardNormal(dimension: 2)
    let table = try #require(
      Reflow.pairs(of: field, from: source, count: 50, random: Random(seed: 7)))
    #expect(table.count == 50)
    for j in 0..<50 {
      for i in 0..<2 { #expect(abs(table.x1[i, j] - m[i] - s * table.x0[i, j]) < 1e-6) }
    }
    var same: any VelocityField = field
    let end = Integrator.solve(&same, .rk4, control: .fixed(steps: 25), from: table.x0).x
    #expect(table.x1 == end)
    #expect(
      table.x1 != Integrator.solve(&same, .rk4, control: .fixed(steps: 24), from: table.x0).x)
  }

  @Test("Every distance is measured beside W₂, with a floor of its own")
  func distances() throws {
    var experiment = Experiment()
    experiment.widths = [16]
    experiment.batch = 32
    experiment.steps = 400
    var run = TrainingRun(
      experiment, dataset: DatasetCatalog.moons, sampleCount: 200, measuresAllDistances: true,
      instructionSet: .baseline)
    while !run.trainer.isFinished { run.step() }
    let last = try #require(run.measurements.last)
    let w2 = try #require(last.w2)
    let sliced = try #require(last.distances[.sliced])
    #expect(sliced > 0 && sliced < w2 && last.distances[.w2] == nil)
    for kind in [SampleDistance.sliced, .energy] {
      let floor = try #require(run.noiseFloors[kind])
      #expect(floor.mean > 0 && floor.deviation < floor.mean)
      // An untrained cloud is farther from the target than another sample of it.
      #expect(
        try #require(run.measurements[0].distances[kind] ?? last.distances[kind]) > floor.mean)
    }
    #expect(try #require(run.noiseFloors[.sliced]).mean < (try #require(run.noiseFloor)).mean)
  }
}
