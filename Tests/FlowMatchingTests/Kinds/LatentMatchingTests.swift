import Testing

@testable import FlowMatching

@Suite("Flow matching of latents")
struct LatentMatchingTests {
  private static func experiment(latent: Int = 2) -> Experiment {
    var experiment = Experiment(to: DatasetCatalog.digits)
    experiment.suitPictures(DatasetCatalog.digits)
    experiment.latentDimension = latent
    experiment.steps = 900
    return experiment
  }

  /// Encoded once for all tests here.
  private static let encoded = experiment().encoding(DatasetCatalog.digits)

  @Test("An experiment on digits flows in the latent, by class; without a latent in the pixels")
  func choices() throws {
    var experiment = Experiment()
    experiment.dataset = "digits"
    for row in Experiment.settings where row.name == "dataset" { row.lead(&experiment) }
    #expect(experiment.latent == 8 && experiment.dimension == 8 && experiment.classes.count == 10)
    #expect(experiment.traits.isLatent && experiment.kind.title.hasPrefix("latent 8"))
    experiment.latentDimension = 0
    #expect(experiment.dimension == 64 && !experiment.traits.isLatent)
    experiment.latentDimension = 5
    experiment.choose(DatasetCatalog.moons)
    #expect(experiment.latent == nil && experiment.dimension == 2)
  }

  @Test("Latents are refused where there are no pictures, and where the objective is another")
  func refusals() {
    var experiment = Self.experiment()
    #expect(throws: IncompatibleChoice.self) { try experiment.validate(to: DatasetCatalog.moons) }
    #expect(throws: Never.self) { try experiment.validate(to: DatasetCatalog.digits) }
    experiment.latentDimension = 65
    #expect(throws: IncompatibleChoice.self) { try experiment.validate(to: DatasetCatalog.digits) }
    experiment = Self.experiment()
    experiment.objective = .likelihood
    #expect(throws: IncompatibleChoice.self) { try experiment.validate(to: DatasetCatalog.digits) }
  }

  @Test("The flow wraps that of points: the same weights as matching of the latents alone")
  func wraps() throws {
    let dataset = try #require(Self.encoded)
    var latent = Trainer(Self.experiment(), dataset: dataset)
    var plain = Self.experiment()
    plain.latent = nil
    var points = Trainer(plain, dataset: dataset)
    for _ in 0..<20 {
      latent.step()
      points.step()
    }
    #expect(latent.weights.values == points.weights.values)
    #expect(latent.dataset.autoencoder == dataset.autoencoder)
  }

  @Test("An encoding belongs to its seed and its dimension; pixels come back from it")
  func encoding() throws {
    let dataset = try #require(Self.encoded)
    var experiment = Self.experiment()
    #expect(experiment.isEncoded(dataset) && dataset.dimension == 2)
    experiment.seed = 1
    #expect(!experiment.isEncoded(dataset))
    experiment.seed = 0
    experiment.latentDimension = 0
    let plain = try #require(experiment.encoding(dataset))
    #expect(plain.autoencoder == nil && plain.dimension == 64)
    #expect((plain.distribution as? PointCloud)?.points == Pictures.digits.learnedPixels)
    experiment.latentDimension = 3
    #expect(experiment.encoding(DatasetCatalog.digits) { _ in false } == nil)
  }

  @Test("Guided samples are of their class, and learned latents themselves are told as copies")
  func measures() throws {
    let dataset = try #require(Self.encoded)
    var experiment = Self.experiment()
    experiment.batch = 256
    experiment.learningRateDecay = .cosine
    var trainer = Trainer(experiment, dataset: dataset)
    for _ in 0..<900 { trainer.step() }
    let weights = trainer.averagedWeights
    let plan = TransportPlan(.midpoint, control: .fixed(steps: 8))
    let noise = StandardNormal(dimension: 2)
    let learned = try #require(
      PictureMeasures(dataset, from: noise, plan, seed: 1) {
        experiment.velocityField(of: weights, $0)
      })
    #expect(learned.reconstructionError < learned.principalAxesError)
    #expect(try #require(learned.rightClass) > 0.7)
    #expect(try #require(learned.rightClassOfHeldOut) > 0.97)
    #expect((0.4...0.75).contains(learned.nearestNeighbourAccuracy))
    #expect(learned.nearestLearned > 0 && learned.evaluations == 16)
    // A flow that leads nowhere leaves noise: told apart at once, and of no class.
    let idle = try #require(
      PictureMeasures(dataset, from: noise, plan, seed: 1) { _ in Still(dimension: 2) })
    #expect(idle.rightClass == nil && idle.nearestNeighbourAccuracy > 0.55)
    // Copies lie on what was learned.
    let cloud = try #require(dataset.distribution as? PointCloud)
    let copies = try #require(
      PictureMeasures(dataset, from: cloud, plan, seed: 1) { _ in Still(dimension: 2) })
    #expect(copies.nearestLearned == 0 && copies.nearestLearnedOfHeldOut > 0)
  }

  /// The flow of no velocity.
  private struct Still: Flow {
    let dimension: Int
    mutating func evaluate(_ x: Batch, at t: Times, into velocity: inout Batch) {
      for k in velocity.values.indices { velocity.values[k] = 0 }
    }
    mutating func evaluate(
      _ x: Batch, at t: Times, into velocity: inout Batch, divergence: inout [Double]
    ) {
      evaluate(x, at: t, into: &velocity)
      for k in divergence.indices { divergence[k] = 0 }
    }
    mutating func evaluate(
      _ x: Batch, at t: Times, probes: Batch, into velocity: inout Batch,
      divergence: inout [Double]
    ) { evaluate(x, at: t, into: &velocity, divergence: &divergence) }
  }
}
