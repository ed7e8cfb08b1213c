import Testing

@testable import FlowMatching

@Suite("Action matching")
struct ActionMatchingTests {
  private func experiment(_ noise: Double = 0) -> Experiment {
    var experiment = Experiment()
    experiment.choose(Objective.action)
    experiment.widths = [32, 32]
    experiment.actionNoise = noise
    return experiment
  }

  /// N((3, 0), ½²I).
  private var shifted: Dataset {
    Dataset(
      name: "8gaussians", title: "", summary: "",
      mixture: GaussianMixture(
        weights: [1], means: [[3, 0]], standardDeviation: 0.5), entropyFloor: nil)
  }

  @Test("the least action is −½ the kinetic energy: −4.965 and −1.111")
  func floors() throws {
    let first = try #require(ActionError(experiment(), to: shifted)).leastAction
    #expect(abs(first.mean + 4.965) < 1e-3)
    let eight = try #require(ActionError(experiment(), to: DatasetCatalog.eightGaussians))
    #expect(abs(eight.leastAction.mean + 1.111) < 1e-3)
  }

  @Test("a trained potential has the field of flow matching and the least action within 1 %")
  func learned() throws {
    var setting = experiment()
    (setting.batch, setting.learningRate, setting.steps) = (512, 3e-3, 4000)
    setting.learningRateDecay = .cosine
    var trainer = Trainer(setting, dataset: shifted)
    while !trainer.isFinished { trainer.step() }
    var error = try #require(ActionError(setting, to: shifted))
    let excess = error.measure(trainer.velocityField(of: trainer.averagedWeights)).value
    // E|∇s − u*|² ≤ 3 % of E|u*|², and the action within 1 %, which its excess is.
    #expect(excess < 0.01 * 4.965)
    #expect(excess > 0)
    // The mean over batches is that action too.
    #expect(abs(trainer.averageLoss + 4.965) < 0.25)
  }

  @Test("the gradient of the action is that of its differences", arguments: [0, 0.8])
  func gradient(noise: Double) {
    var setting = experiment(noise)
    (setting.widths, setting.batch) = ([12, 12], 64)
    var objective = setting.kind.objective(
      from: StandardNormal(dimension: 2), to: DatasetCatalog.eightGaussians,
      instructionSet: .baseline, threads: 1)
    let weights = Trainer.initialWeights(setting).values
    let streams = objective.generators
    var gradient = [Float](repeating: 0, count: weights.count)
    _ = objective.loss(of: weights, gradient: &gradient)
    var random = Random(seed: 5)
    var unused = gradient
    for _ in 0..<4 {
      let direction = weights.map { _ in Float(random.normal()) }
      func loss(_ h: Float) -> Double {
        objective.generators = streams
        return objective.loss(
          of: zip(weights, direction).map { $0 + h * $1 }, gradient: &unused)
      }
      let h: Float = 4e-3
      let slope = (8 * (loss(h) - loss(-h)) - (loss(2 * h) - loss(-2 * h))) / (12 * Double(h))
      let exact = zip(gradient, direction).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
      #expect(abs(slope - exact) < 3e-3 * max(1, abs(exact)))
    }
  }

  @Test("∇s and Δs in Float are those in Double, and of differences of s")
  func field() {
    let setting = experiment()
    var random = Random(seed: 3)
    let weights = MLPWeights(shape: setting.shape, using: &random)
    var (fast, exact) = (PotentialField(weights), PrecisePotential(weights))
    let x = StandardNormal(dimension: 2).sample(count: 40, using: &random)
    var (v, w) = (x, x)
    var (divergence, precise) = (
      [Double](repeating: 0, count: 40), [Double](repeating: 0, count: 40)
    )
    fast.evaluate(x, at: .shared(0.3), into: &v, divergence: &divergence)
    exact.evaluate(x, at: .shared(0.3), into: &w, divergence: &precise)
    for k in v.values.indices { #expect(abs(v.values[k] - w.values[k]) < 1e-5) }
    for j in 0..<40 { #expect(abs(divergence[j] - precise[j]) < 1e-4) }
    let h = 1e-4
    for i in 0..<2 {
      var (left, right) = (x, x)
      for j in 0..<40 {
        left[i, j] -= h
        right[i, j] += h
      }
      let (a, b) = (
        exact.potential(left, at: .shared(0.3)), exact.potential(right, at: .shared(0.3))
      )
      for j in 0..<40 { #expect(abs((b[j] - a[j]) / (2 * h) - w[i, j]) < 1e-7) }
    }
    var probed = v
    let probes = StandardNormal(dimension: 2).sample(count: 40, using: &random)
    fast.evaluate(x, at: .shared(0.3), probes: probes, into: &probed, divergence: &divergence)
    exact.evaluate(x, at: .shared(0.3), probes: probes, into: &w, divergence: &precise)
    for j in 0..<40 { #expect(abs(divergence[j] - precise[j]) < 1e-3) }
  }

  @Test("a run that stops goes on bit for bit", arguments: [0, 0.5])
  func resume(noise: Double) throws {
    var setting = experiment(noise)
    (setting.widths, setting.batch) = ([16], 32)
    var whole = Trainer(setting, dataset: DatasetCatalog.eightGaussians)
    for _ in 0..<6 { whole.step() }
    var first = Trainer(setting, dataset: DatasetCatalog.eightGaussians)
    for _ in 0..<3 { first.step() }
    var second = Trainer(setting, dataset: DatasetCatalog.eightGaussians)
    try second.restore(first.state)
    for _ in 0..<3 { second.step() }
    #expect(second.weights == whole.weights)
    #expect(second.lastLoss == whole.lastLoss)
  }
}
