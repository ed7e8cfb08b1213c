import Testing

@testable import FlowMatching

@Suite("Evaluation on curved spaces")
struct GeodesicEvaluationTests {
  @Test("W₂ along the space is that of a rotation, and knows the way round")
  func distance() {
    var random = Random(seed: 4)
    var a = Batch(dimension: 2, count: 60)
    for j in 0..<60 { (a[0, j], a[1, j]) = (3 + 0.05 * random.normal(), random.normal()) }
    var b = a
    for j in 0..<60 { b[0, j] += 0.4 }
    Torus().wrap(&a)
    Torus().wrap(&b)
    #expect(abs(Wasserstein.w2(a, b, on: Torus()) - 0.4) < 1e-9)
    #expect(Wasserstein.w2(a, b) > 1, "straight through the cut it is far")
    var lost = a
    lost[0, 3] = .nan
    #expect(Wasserstein.w2(lost, b, on: Torus()).isNaN)
    let poles = (Batch(points: [[0, 0, 1.0]]), Batch(points: [[0, 0, -1.0]]))
    #expect(abs(Wasserstein.w2(poles.0, poles.1, on: Sphere()) - .pi) < 1e-12)
  }

  @Test("the exact field has no error, arrives on its squares, and its NLL is the entropy")
  func exact() throws {
    let dataset = DatasetCatalog.torusCheckerboard
    let field = try #require(dataset.geodesicField)
    let problem = try Experiment(to: dataset).evaluationProblem(to: dataset)
    let found = Evaluation(
      of: field, problem, .rk4, control: .fixed(steps: 60), count: 300, seed: 1)
    #expect(found.fieldError?.mean == 0)
    let share = try #require(found.shareOnSupport?.mean)
    let chance = try #require(found.sourceShareOnSupport?.mean)
    #expect(share > 0.9 && abs(chance - 0.5) < 0.12, "\(share), \(chance)")
    #expect(found.slicedW2 == nil && found.energyDistance == nil && found.npe == nil)
    let w2 = try #require(found.w2)
    #expect(w2 < found.w2NoiseFloor + 5 * found.w2NoiseDeviation)
    // E d(X₀, X₁)² of uniform points against the board: both angles uniform on the torus, π²/3 each.
    let energy = try #require(found.conditionalKineticEnergy)
    #expect(abs(energy.mean - 2 * .pi * .pi / 3) < 5 * energy.standardError)
  }

  @Test("in the plane the share on the support is told of boards alone")
  func plane() throws {
    var random = Random(seed: 3)
    let field = MLP(
      MLPWeights(shape: MLPShape(dimension: 2, widths: [8], activation: .silu), using: &random))
    for (dataset, isTold) in [
      (DatasetCatalog.checkerboard, true), (DatasetCatalog.eightGaussians, false),
    ] {
      let problem = Evaluation.Problem(target: dataset)
      let found = Evaluation(
        of: field, problem, .euler, control: .fixed(steps: 2), count: 200,
        likelihood: .solved(.euler, .fixed(steps: 2)))
      #expect((found.shareOnSupport != nil) == isTold)
      #expect(found.w2 != nil && found.slicedW2 != nil && found.distanceCount == 200)
    }
  }
}
