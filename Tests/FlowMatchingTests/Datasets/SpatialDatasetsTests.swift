import Foundation
import Testing

@testable import FlowMatching

@Suite("Points of more than two dimensions")
struct SpatialDatasetsTests {
  static let box = DatasetCatalog.gaussians16

  @Test("the corners are as far from each other as the box says, and every coordinate has a share")
  func corners() throws {
    let means = try #require(Self.box.mixture?.means)
    #expect(means.count == 8 && means.allSatisfy { $0.count == 16 })
    func square(_ a: [Double], _ b: [Double]) -> Double {
      zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
    // Opposite corners are a diagonal of 6×4×3 apart, neighbours a side.
    #expect(abs(square(means[0], means[7]) - (36 + 16 + 9)) < 1e-12)
    for (neighbour, side) in [(1, 6.0), (2, 4), (4, 3)] {
      #expect(abs(square(means[0], means[neighbour]) - side * side) < 1e-12)
    }
    #expect(means[0].allSatisfy { abs($0) > 0.1 })
  }

  @Test("entropy and floor are those of its sides and of thirteen Gaussians beside them")
  func sums() throws {
    // By the axes of the box the coordinates are independent: −log p and the variance given X_t add up.
    var (entropy, floor) = (13 * 0.5 * log(2 * .pi * exp(1) * 0.25), 13 * Double.pi / 4)
    for h in [3.0, 2, 1.5] {
      let side = GaussianMixture(weights: [1, 1], means: [[h], [-h]], standardDeviation: 0.5)
      let step = 1e-3
      let grid = Batch(dimension: 1, values: (-8000...8000).map { Double($0) * step })
      entropy += side.logDensity(grid).reduce(0) { $0 - step * exp($1) * $1 }
      floor += LossFloor.of(target: side)
    }
    #expect(abs(entropy - (try #require(Self.box.entropyFloor))) < 1e-5)
    let estimate = try #require(Experiment(to: Self.box).lossFloorEstimate(to: Self.box))
    #expect(abs(estimate.mean - floor / 16) < 5 * estimate.standardError + 1e-4)
    #expect(estimate.standardError < 0.003)
  }

  @Test("W₂² from N(0, I) is the sum along the axes of the box, by their quantiles")
  func transport() throws {
    var sum = 13 * 0.25
    for h in [3.0, 2, 1.5] {
      // The monotone map takes the quantile of one end to that of the other: y to z with F(y) = Φ(z).
      let step = 1e-3
      for k in 0..<9000 {
        let y = (Double(k) + 0.5) * step
        let (a, b) = ((y - h) / 0.5, (y + h) / 0.5)
        let upper = 0.25 * (erfc(a / 2.squareRoot()) + erfc(b / 2.squareRoot()))
        let density = (exp(-a * a / 2) + exp(-b * b / 2)) / (2 * 0.5 * (2 * Double.pi).squareRoot())
        // Newton's method for erfc(z/√2)/2 = upper, from below.
        var z = 0.0
        for _ in 0..<200 {
          let error = 0.5 * erfc(z / 2.squareRoot()) - upper
          let move = error / (exp(-z * z / 2) / (2 * Double.pi).squareRoot())
          z += move
          if abs(move) < 1e-13 { break }
        }
        if upper > 1e-15 { sum += 2 * step * density * (y - z) * (y - z) }
      }
    }
    #expect(abs(sum - (try #require(Self.box.squaredTransport))) < 1e-4)
  }

  @Test("the exact field's divergence is that of differences, and αE[X₁|x] + σE[X₀|x] = x")
  func exactField() throws {
    var field = try #require(Self.box.exactField())
    var random = Random(seed: 4)
    let x0 = StandardNormal(dimension: 16).sample(count: 6, using: &random)
    let x1 = Self.box.distribution.sample(count: 6, using: &random)
    let times = [0.05, 0.3, 0.5, 0.7, 0.85, 0.95]
    var x = x0
    for i in 0..<16 {
      for j in 0..<6 { x[i, j] = times[j] * x1[i, j] + (1 - times[j]) * x0[i, j] }
    }
    let t = Times.each(times)
    var (velocity, start, end) = (x, x, x)
    var (divergence, numeric) = ([Double](repeating: 0, count: 6), [Double](repeating: 0, count: 6))
    field.evaluate(x, at: t, into: &velocity, divergence: &divergence)
    field.expectedSource(x, at: t, into: &start)
    field.expectedTarget(x, at: t, into: &end)
    for i in 0..<16 {
      for sign in [-1.0, 1] {
        var (moved, other) = (x, x)
        for j in 0..<6 { moved[i, j] += sign * 1e-5 }
        field.evaluate(moved, at: t, into: &other)
        for j in 0..<6 { numeric[j] += sign * other[i, j] / 2e-5 }
      }
      for j in 0..<6 {
        #expect(abs(times[j] * end[i, j] + (1 - times[j]) * start[i, j] - x[i, j]) < 1e-11)
      }
    }
    for j in 0..<6 { #expect(abs(divergence[j] - numeric[j]) < 1e-4 * max(1, abs(numeric[j]))) }
  }

  @Test("the exact flow's samples are at every floor, and its log p is that of the data")
  func exactFlow() throws {
    let problem = Evaluation.Problem(target: Self.box)
    let field = try #require(problem.exact)
    for divergence in [DivergenceMethod.exact, .rademacher] {
      let found = Evaluation(
        of: field, problem, .rk4, control: .fixed(steps: 24), count: 200,
        likelihood: .solved(.rk4, .fixed(steps: 24)), divergence: divergence)
      let floors = try #require(found.floors)
      let sliced = try #require(found.slicedW2)
      #expect(sliced < floors.sliced.mean + 4 * floors.sliced.deviation)
      let energy = try #require(found.energyDistance).mean
      #expect(energy < floors.energy.mean + 4 * floors.energy.deviation)
      let w2 = try #require(found.w2)
      #expect(abs(w2 - found.w2NoiseFloor) < 5 * found.w2NoiseDeviation)
      // The energy is some 16, W₂² 10.14; matched samples of 200 would say twice as much.
      #expect(abs(try #require(found.npe).mean - 0.58) < 0.08)
      let kl = try #require(found.kl)
      #expect(abs(kl.mean) < 4 * kl.standardError + 5e-3, "\(divergence): \(kl)")
      #expect(found.divergence == divergence)
    }
    // A probe's estimate scatters where the trace does not.
    #expect(DivergenceMethod.usual(dimension: 16) == .exact)
    #expect(DivergenceMethod.usual(dimension: 17) == .rademacher)
  }

  @Test("what is of the plane is refused in a line that says what to use")
  func plane() {
    func complaint(_ change: (inout Experiment) -> Void) -> String? {
      var experiment = Experiment(to: Self.box)
      change(&experiment)
      do { try experiment.validate(to: Self.box) } catch { return error.description }
      return nil
    }
    #expect(complaint { _ in } == nil)
    #expect(complaint { $0.source = "moons" }?.contains("use gaussian") == true)
    #expect(complaint { $0.coupling = .rotation(degrees: 30) }?.contains("turns the plane") == true)
    #expect(complaint { $0.dimension = 2 }?.contains("16 coordinates, the flow 2") == true)
    #expect(complaint { $0.choose(DatasetCatalog.moons) }?.contains("16 coordinates") == true)
    var odd = Experiment()
    odd.dimension = 5
    odd.choose(FlowModel.affineLayers(4))
    #expect(throws: IncompatibleChoice.self) { try odd.validate() }
    for coupling in [CouplingChoice.optimalTransport, .sinkhorn(regularisation: 2)] {
      #expect(complaint { $0.coupling = coupling } == nil)
    }
  }

  @Test("every kind of flow of the plane learns points of six coordinates", arguments: 0..<5)
  func kinds(of index: Int) {
    var random = Random(seed: 1)
    let dataset = Dataset(
      name: "six", points: StandardNormal(dimension: 6).sample(count: 40, using: &random))
    var experiment = Experiment(to: dataset)
    (experiment.widths, experiment.batch, experiment.steps) = ([8], 16, 3)
    switch index {
    case 1: experiment.choose(FlowModel.affineLayers(4))
    case 2: experiment.choose(Objective.interpolant)
    case 3: experiment.choose(Objective.meanFlow)
    case 4:
      experiment.choose(Objective.likelihood)
      experiment.likelihood.steps = 4
    default: experiment.coupling = .optimalTransport
    }
    #expect(throws: Never.self) { try experiment.validate(to: dataset) }
    var trainer = Trainer(experiment, dataset: dataset)
    for _ in 0..<3 { trainer.step() }
    #expect(trainer.failure == nil && trainer.averagedWeights.values.allSatisfy(\.isFinite))
    let flow = experiment.velocityField(of: trainer.averagedWeights)
    #expect(flow.dimension == 6)
  }
}
