import FlowMatching
import Testing

@Suite struct FieldErrorTests {
  @Test("the exact field has no excess; the field 0 has the exact field's mean square")
  func fieldError() throws {
    let dataset = try DatasetCatalog.named("8gaussians")
    let mixture = try #require(dataset.mixture)
    var error = try #require(FieldError(dataset: dataset, scheduler: .conditionalOT))
    var exact = MarginalField(target: mixture, scheduler: .conditionalOT)
    #expect(error.excess(of: &exact) == 0)
    let shape = MLPShape(dimension: 2, widths: [], activation: .silu)
    let zero = MLPWeights(shape: shape, values: [Float](repeating: 0, count: 8))
    // The marginal kinetic energy is 2.22, a sum over two dimensions; 4 096 draws of it.
    #expect(abs(error.excess(of: zero) - 1.11) < 0.05)
  }

  @Test("its standard error is the spread of means over other draws")
  func standardError() throws {
    let dataset = try DatasetCatalog.named("8gaussians")
    let shape = MLPShape(dimension: 2, widths: [], activation: .silu)
    let zero = MLPWeights(shape: shape, values: [Float](repeating: 0, count: 8))
    var (means, errors): ([Double], [Double]) = ([], [])
    for seed in 1...60 as ClosedRange<UInt64> {
      var field = MLP(zero)
      var error = try #require(
        FieldError(dataset: dataset, scheduler: .conditionalOT, seed: seed, count: 200))
      let estimate = error.estimate(of: &field)
      #expect(estimate.mean == error.excess(of: zero))
      means.append(estimate.mean)
      errors.append(estimate.standardError)
    }
    let center = means.reduce(0, +) / 60
    let spread = (means.reduce(0) { $0 + ($1 - center) * ($1 - center) } / 59).squareRoot()
    // A deviation of 60 means is known to 9 %.
    #expect(abs(spread / (errors.reduce(0, +) / 60) - 1) < 0.3)
  }

  @Test("on very many points there are fewer draws, so that the exact field takes a second at most")
  func manyPoints() {
    var random = Random(seed: 1)
    let atoms = StandardNormal(dimension: 2).sample(count: 400_000, using: &random)
    let field = MarginalField(points: atoms)
    #expect(field.terms == 400_000 && field.affordable(4096) == 335)
    let few = MarginalField(points: atoms.prefix(1000))
    #expect(few.affordable(4096) == 4096 && few.affordable(10) == 10)
    let error = FieldError(
      dataset: Dataset(name: "many", points: atoms), scheduler: .conditionalOT)
    #expect(error?.drawCount == 335)
  }

  @Test("every data set with an exact field has an excess loss, 0 for that field")
  func catalogue() throws {
    for dataset in DatasetCatalog.plane {
      var error = FieldError(dataset: dataset, scheduler: .cosine, count: 64)
      #expect((error != nil) == dataset.hasExactField)
      guard var field = dataset.exactField(scheduler: .cosine) else { continue }
      #expect(error!.excess(of: &field) == 0)
      var other = try #require(dataset.exactField(scheduler: .conditionalOT))
      #expect(error!.excess(of: &other) > 0.01)
    }
  }

  @Test("a data set without an exact field has no excess loss")
  func unknownField() throws {
    for name in ["pinwheel", "moons-torchcfm"] {
      let dataset = try DatasetCatalog.named(name)
      #expect(FieldError(dataset: dataset, scheduler: .conditionalOT) == nil)
      #expect(dataset.lossFloor == nil)
    }
  }
}
