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

  @Test("every data set with an exact field has an excess loss, 0 for that field")
  func catalogue() throws {
    for dataset in DatasetCatalog.all {
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
