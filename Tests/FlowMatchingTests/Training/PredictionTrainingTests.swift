import Testing

@testable import FlowMatching

@Suite("Training on other predictions, paths and sources")
struct PredictionTrainingTests {
  private static let twoGaussians = Dataset(
    name: "two gaussians", title: "two gaussians", summary: "",
    mixture: GaussianMixture(
      weights: [0.5, 0.5], means: [[-1.5, 0], [1.5, 0.5]], standardDeviation: 0.5),
    entropyFloor: nil)

  private static func trained(
    to dataset: Dataset = twoGaussians, steps: Int = 2000, _ change: (inout Experiment) -> Void
  ) throws -> TrainingRun {
    var experiment = Experiment()
    experiment.widths = [32, 32]
    experiment.learningRate = 3e-3
    experiment.steps = steps
    change(&experiment)
    try experiment.validate(to: dataset)
    var run = TrainingRun(experiment, dataset: dataset, sampleCount: 400, measuresDistance: false)
    for _ in 0..<steps { run.step() }
    return run
  }

  @Test(
    "each prediction becomes the exact velocity, under each schedule, in the field and in the samples",
    arguments: Prediction.allCases, [Scheduler.conditionalOT, .cosine, .variancePreserving])
  func predictions(_ prediction: Prediction, _ scheduler: Scheduler) throws {
    let run = try PredictionTrainingTests.trained {
      $0.prediction = prediction
      $0.scheduler = scheduler
    }
    var field = run.trainer.velocityField(of: run.trainer.averagedWeights)
    var exact = try #require(run.trainer.experiment.exactField(to: run.dataset))
    #expect(field.weights.network != nil)
    func errors(_ field: inout some VelocityField) -> [Estimate] {
      FieldErrorOverTime(
        of: &field, exact: &exact, from: StandardNormal(dimension: 2),
        to: run.dataset.distribution, along: AffinePath(scheduler: scheduler), bins: 5,
        count: 4000, random: Random(seed: 1)
      ).errors
    }
    var rest = FormulaField(dimension: 2) { _, _ in [0, 0] }
    let (found, whole) = (errors(&field), errors(&rest))
    // Between .2 and .8 no conversion has a large factor.
    let scale = try #require(whole.map(\.mean).max())
    for k in 1...3 { #expect(found[k].mean < 0.15 * scale, "\(k): \(found[k].mean / scale)") }
    let last = try #require(run.measurements.last)
    let noise = try #require(run.noiseFloor)
    #expect(try #require(last.w2) < noise.mean + 0.25, "\(last) \(noise)")
    // The floor is in the units of what is predicted: the loss comes down to it and not below.
    let floor = try #require(run.lossFloor)
    #expect(run.trainer.averageLoss > 0.75 * floor && run.trainer.averageLoss < 1.4 * floor + 0.03)
  }

  @Test("a network that predicts something else is no velocity: taken for one it is far off")
  func unconverted() throws {
    let run = try PredictionTrainingTests.trained { $0.prediction = .target }
    var exact = try #require(run.trainer.experiment.exactField(to: run.dataset))
    var field = run.trainer.velocityField(of: run.trainer.averagedWeights)
    var raw = MLP(try #require(run.trainer.averagedWeights.network))
    var random = Random(seed: 3)
    // X_½ is the mean of both ends.
    let (x0, x1) = (
      StandardNormal(dimension: 2).sample(count: 500, using: &random),
      run.dataset.distribution.sample(count: 500, using: &random)
    )
    let x = Batch(dimension: 2, values: zip(x0.values, x1.values).map { ($0 + $1) / 2 })
    func velocity(_ field: inout some VelocityField) -> Batch {
      var velocity = x
      field.evaluate(x, at: .shared(0.5), into: &velocity)
      return velocity
    }
    func error(_ found: Batch) -> Double {
      zip(found.values, velocity(&exact).values).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
    #expect(error(velocity(&raw)) > 10 * error(velocity(&field)))
  }

  @Test("every path learns its exact field", arguments: ConditionalPath.all)
  func paths(_ path: ConditionalPath) throws {
    let run = try PredictionTrainingTests.trained { $0.path = path }
    let floor = try #require(run.lossFloor)
    let excess = try #require(run.measurements.last?.excess)
    #expect(excess < 0.1, "\(path): \(excess)")
    #expect(run.trainer.averageLoss > 0.7 * floor && run.trainer.averageLoss < 1.5 * floor)
  }

  @Test("from a mixture the exact field is known, from other data it is not")
  func sources() throws {
    let run = try PredictionTrainingTests.trained { $0.source = "8gaussians-ffjord" }
    #expect(try #require(run.measurements.last?.excess) < 0.4)
    #expect(run.lossFloor != nil)
    var experiment = Experiment()
    experiment.source = "moons"
    #expect(experiment.fieldError(to: PredictionTrainingTests.twoGaussians) == nil)
    experiment.source = Source.gaussian
    experiment.coupling = .optimalTransport
    #expect(experiment.exactField(to: PredictionTrainingTests.twoGaussians) == nil)
    experiment.coupling = .independent
    experiment.loss = .pseudoHuber
    #expect(experiment.lossFloor(to: PredictionTrainingTests.twoGaussians) == nil)
    #expect(experiment.exactField(to: PredictionTrainingTests.twoGaussians) != nil)
  }

  @Test("the targets are x₁, x₀, −x₀/σ and α̇x₁ + σ̇x₀ of the drawn pairs")
  func targets() {
    for prediction in Prediction.allCases {
      let regression = RegressionTarget(prediction: prediction, scheduler: .cosine)
      var pairs = TrainingPairs(
        from: StandardNormal(dimension: 2), to: PredictionTrainingTests.twoGaussians.distribution,
        along: AffinePath(scheduler: .cosine), regressing: regression, count: 64,
        random: Random(seed: 2))
      pairs.draw()
      for j in 0..<64 {
        let c = Scheduler.cosine.coefficients(at: pairs.times[j])
        let (a, b) = (pairs.x0[1, j], pairs.x1[1, j])
        let expected =
          switch prediction {
          case .velocity: c.alphaRate * b + c.sigmaRate * a
          case .target: b
          case .source: a
          case .score: -a / c.sigma
          }
        #expect(abs(pairs.targets[1, j] - expected) < 1e-12 * max(1, abs(expected)))
        if prediction != .velocity { #expect((0.01...0.99).contains(pairs.times[j])) }
        #expect(
          regression.weight(at: pairs.times[j]) == (prediction == .score ? c.sigma * c.sigma : 1))
      }
    }
  }

  @Test("choices without a meaning together are refused with a reason and a way out")
  func incompatible() throws {
    let changes: [(String, (inout Experiment) -> Void)] = [
      ("source or the velocity", { ($0.prediction, $0.coupling) = (.score, .optimalTransport) }),
      ("source or the velocity", { ($0.prediction, $0.source) = (.score, "moons") }),
      ("i-cfm or affine", { ($0.path, $0.source) = (.lipman(sigmaMin: 0.01), "8gaussians") }),
      (
        "i-cfm or affine",
        { ($0.path, $0.coupling) = (.lipman(sigmaMin: 0), .rotation(degrees: 9)) }
      ),
      ("the path affine", { ($0.path, $0.scheduler) = (.trigonometric, .cosine) }),
      ("the path affine", { ($0.path, $0.prediction) = (.noisy(sigma: 0.1), .target) }),
      ("leave the source out", { ($0.coupling, $0.source) = (.rotation(degrees: 90), "moons") }),
      ("at most 4096", { ($0.coupling, $0.batch) = (.sinkhorn(regularisation: 1), 5000) }),
      ("use sinkhorn:2", { $0.coupling = .sinkhorn(regularisation: 0) }),
      ("use 0.3", { $0.loss = .cosh(kappa: -1) }),
      ("i-cfm:0.1", { $0.path = .noisy(sigma: -1) }),
      ("train --reflow", { $0.coupling = .reflow }),
    ]
    let data = DatasetCatalog.eightGaussians
    try Experiment().validate(to: data)
    for (advice, change) in changes {
      var experiment = Experiment()
      change(&experiment)
      let error = #expect(throws: IncompatibleChoice.self) { try experiment.validate(to: data) }
      #expect(error?.description.contains(advice) == true, "\(error?.description ?? "")")
    }
  }
}
