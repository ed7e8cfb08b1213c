import Testing

@testable import FlowMatching

@Suite("A discrete flow of affine layers")
struct RealNVPTests {
  private func naive(_ layers: Int, seed: UInt64 = 20) -> RealNVP<NaiveField> {
    RealNVP((0..<layers).map { NaiveField(hidden: [6, 5], seed: seed + UInt64($0)) })
  }

  private func weights(_ layers: Int = 8, seed: UInt64 = 21) -> RealNVPWeights {
    var random = Random(seed: seed)
    return RealNVPWeights(
      shape: MLPShape(dimension: 2, widths: [64, 64], activation: .silu), layers: layers,
      using: &random)
  }

  private func noise(_ count: Int, seed: UInt64 = 22) -> Batch {
    var random = Random(seed: seed)
    return StandardNormal(dimension: 2).sample(count: count, using: &random)
  }

  @Test("the inverse is exact to 1e-12, and the log-determinants cancel")
  func inverse() {
    var flow = RealNVP(weights())
    let start = noise(500)
    var (x, logDeterminant) = (start, [Double](repeating: 0, count: 500))
    flow.push(&x, logDeterminant: &logDeterminant)
    #expect(logDeterminant.contains { abs($0) > 0.1 })
    #expect(!zip(x.values, start.values).contains { $0 == $1 })
    flow.pull(&x, logDeterminant: &logDeterminant)
    #expect(zip(x.values, start.values).allSatisfy { abs($0 - $1) < 1e-12 })
    #expect(logDeterminant.allSatisfy { abs($0) < 1e-12 })
  }

  @Test("the log-determinant is that of finite differences to 1e-8", arguments: [1, 2, 6])
  func logDeterminant(layers: Int) {
    var flow = naive(layers)
    let x = noise(10)
    var (y, exact) = (x, [Double](repeating: 0, count: 10))
    flow.push(&y, logDeterminant: &exact)
    let columns = (0..<2).map { i in
      CentralDifference.derivative { shift in
        var (moved, ignored) = (x.moved(i, by: shift), exact)
        flow.push(&moved, logDeterminant: &ignored)
        return moved.values
      }
    }
    for j in 0..<10 {
      let determinant =
        columns[0][j] * columns[1][10 + j] - columns[1][j] * columns[0][10 + j]
      #expect(abs(logarithm(determinant) - exact[j]) < 1e-8)
    }
  }

  @Test("no coupling stretches by more than e², whatever its network says")
  func bound() {
    for raw in [-1e9, -3, 0, 3, 1e9] {
      #expect(abs(RealNVP<NaiveField>.logScale(raw)) <= 2)
    }
    #expect(abs(RealNVP<NaiveField>.logScale(0.01) - 0.01) < 1e-6)
  }

  @Test("the gradient of the likelihood is that of finite differences to 1e-8")
  func gradient() {
    var flow = naive(3)
    let data = noise(4)
    var likelihood = AffineLayersLikelihood()
    let value = likelihood.evaluate(&flow, data: data)
    let exact = flow.logDensity(data).reduce(0, +) / -4
    #expect(abs(value - exact) < 1e-12)
    var gradients = flow.conditioners.map {
      [Double](repeating: 0, count: $0.network.weights.count)
    }
    likelihood.addGradient(&flow, to: &gradients)
    for k in gradients.indices {
      let quotients = gradients[k].indices.map { i in
        CentralDifference.derivative(step: 1e-3) { shift in
          var (moved, likelihood) = (flow, AffineLayersLikelihood())
          moved.conditioners[k].network.weights[i] += shift
          return [likelihood.evaluate(&moved, data: data)]
        }[0]
      }
      #expect(relativeDifference(gradients[k], quotients) < 1e-8)
    }
  }

  @Test("as a field it leads where the layers do, with their log-determinant")
  func field() {
    var flow = naive(4)
    let x = noise(30)
    var (pushed, logDeterminant) = (x, [Double](repeating: 0, count: 30))
    flow.push(&pushed, logDeterminant: &logDeterminant)
    let field = AffineLayersField(flow, parameterCount: flow.conditioners[0].network.weights.count)
    let density = DensityFlow(field)
    var solver: any VelocityField = density
    let end = Integrator.solve(
      &solver, .rk4, control: .fixed(steps: 160),
      from: DensityFlow.state(x, logDensity: [Double](repeating: 0, count: 30)))
    #expect(relativeDifference(density.points(end.x).values, pushed.values) < 1e-6)
    #expect(zip(density.logDensity(end.x), logDeterminant).allSatisfy { abs($0 + $1) < 1e-6 })
  }

  @Test("mass, volumes and traces are as the identities say")
  func identities() throws {
    let field = AffineLayersField(weights(6))
    let setting = try #require(
      TheorySetting(
        dataset: DatasetCatalog.moons, scheduler: .conditionalOT, seed: 1, flow: field))
    for check in TheoryCheck.all
    where [11, 12].contains(check.number) && check.applies(to: setting) {
      let verdict = check.verdict(in: setting)
      #expect(verdict.passes, "\(verdict)")
    }
    var flow = RealNVP(weights(6))
    let cells = 100
    var centres = Batch(dimension: 2, count: cells * cells)
    for k in 0..<cells * cells {
      centres[0, k] = -10 + 20 * (Double(k % cells) + 0.5) / Double(cells)
      centres[1, k] = -10 + 20 * (Double(k / cells) + 0.5) / Double(cells)
    }
    let area = 400 / Double(cells * cells)
    let mass = flow.logDensity(centres).reduce(0) { $0 + area * exponential($1) }
    #expect(abs(mass - 1) < 1e-3)
  }

  @Test("the same experiment gives the same bits, and training lowers the loss")
  func training() {
    var experiment = Experiment()
    experiment.dataset = "moons"
    experiment.widths = [32, 32]
    experiment.learningRate = 3e-3
    experiment.steps = 150
    experiment.model = .affineLayers(6)
    experiment.objective = .likelihood
    var trainer = Trainer(experiment, dataset: DatasetCatalog.moons)
    trainer.step()
    let first = trainer.lastLoss
    var other = trainer
    for _ in 1..<150 {
      trainer.step()
      other.step()
    }
    #expect(trainer.isFinished && trainer.averagedWeights == other.averagedWeights)
    #expect(first > 3.5 && trainer.averageLoss < 2.39388 + 0.8)
  }
}
