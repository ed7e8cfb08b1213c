import Testing

@testable import FlowMatching

@Suite("Experiments and their space")
struct ExperimentSpaceTests {
  @Test("a data set brings its space, its dimension and a source", arguments: DatasetCatalog.all)
  func choosing(dataset: Dataset) throws {
    var experiment = Experiment()
    experiment.choose(dataset)
    #expect(experiment.dataset == dataset.name && experiment.space == dataset.space?.name)
    #expect(experiment.dimension == dataset.dimension)
    let usual =
      dataset.snapshots != nil
      ? Source.points
      : dataset.tokens != nil
        ? "mask"
        : dataset.isOfParticles ? "mean-free" : dataset.space == nil ? "gaussian" : "uniform"
    #expect(experiment.source == usual)
    try experiment.validate(to: dataset)
    let row = try #require(Experiment.settings.first { $0.name == "dataset" })
    var typed = Experiment()
    try row.set(&typed, to: dataset.name)
    row.lead(&typed)
    // Of pictures it is the latents with their classes that are learned where nobody says otherwise.
    if dataset.pictures != nil { experiment.suitPictures(dataset) }
    #expect(typed == experiment)
  }

  @Test("a source that exists there stays, another becomes the usual one")
  func sources() {
    var experiment = Experiment(to: DatasetCatalog.sphereLand)
    experiment.source = "wrapped-gaussian:0.3"
    experiment.choose(DatasetCatalog.torusMixture)
    #expect(experiment.source == "wrapped-gaussian:0.3" && experiment.dimension == 2)
    experiment.choose(DatasetCatalog.moons)
    #expect(experiment.source == "gaussian" && experiment.space == nil)
    experiment.source = "8gaussians"
    experiment.choose(DatasetCatalog.sphereMixture)
    #expect(experiment.source == "uniform" && experiment.dimension == 3)
  }

  @Test("data and sources of another space are refused, and what to do is said")
  func refused() {
    func complaint(_ experiment: Experiment, _ dataset: Dataset) -> String? {
      do { try experiment.validate(to: dataset) } catch { return error.description }
      return nil
    }
    var experiment = Experiment(to: DatasetCatalog.sphereLand)
    #expect(
      complaint(experiment, DatasetCatalog.moons)
        == "moons lies in the plane, not on the sphere; leave out the space")
    experiment.source = "moons"
    #expect(complaint(experiment, DatasetCatalog.sphereLand)?.contains("use uniform") == true)
    var plane = Experiment()
    plane.source = "uniform"
    #expect(complaint(plane, DatasetCatalog.moons)?.contains("use gaussian") == true)
    #expect(complaint(Experiment(), DatasetCatalog.torusMixture)?.contains("torus") == true)
  }

  @Test("a wrapped Gaussian has deviation ½ unless another is named")
  func wrapped() throws {
    let x = Batch(points: [[0.3, -0.2]])
    func density(_ name: String) throws -> Double {
      let source = try Source.named(name, on: Torus())
      return try #require(source as? any DensityDistribution).logDensity(x)[0]
    }
    #expect(try density("wrapped-gaussian") == density("wrapped-gaussian:0.5"))
    #expect(try density("wrapped-gaussian") != density("wrapped-gaussian:0.6"))
    for name in ["wrapped-gaussian:", "wrapped-gaussian:0", "wrapped-gaussian:-1", "gaussian"] {
      #expect(throws: UnknownName.self) { try Source.named(name, on: Torus()) }
    }
  }
}
