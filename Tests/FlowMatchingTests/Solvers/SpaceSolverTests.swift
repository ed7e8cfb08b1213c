import Testing

@testable import FlowMatching

@Suite struct SpaceSolverTests {
  /// A flow of the sphere with its solution.
  private struct Known: Sendable {
    let name: String
    let field: EmbeddedField
    let solution: @Sendable (_ x: [Double], _ t: Double) -> [Double]
  }

  /// A turn by 6 radians about a slanted axis.
  private static let rotation: Known = {
    let axis = [0.48, -0.6, 0.64]
    return Known(
      name: "rotation",
      field: AmbientField.rotation(axis.map { 6 * $0 }).onSphere
    ) { x, t in
      // Rodrigues' formula.
      let (s, c) = (sine(6 * t), cosine(6 * t))
      let along = zip(axis, x).reduce(0) { $0 + $1.0 * $1.1 }
      let cross = [
        axis[1] * x[2] - axis[2] * x[1], axis[2] * x[0] - axis[0] * x[2],
        axis[0] * x[1] - axis[1] * x[0],
      ]
      return (0..<3).map { c * x[$0] + s * cross[$0] + (1 - c) * along * axis[$0] }
    }
  }()

  /// Towards the pole, u = P(3e): z = tanh(3t + artanh z₀), along meridians.
  private static let dipole = Known(
    name: "dipole",
    field: AmbientField(matrix: [Double](repeating: 0, count: 9), offset: [0, 0, 3]).onSphere
  ) { x, t in
    let growth = exponential(6 * t) * (1 + x[2]) / (1 - x[2])
    let z = (growth - 1) / (growth + 1)
    let shrink = ((1 - z * z) / (1 - x[2] * x[2])).squareRoot()
    return [shrink * x[0], shrink * x[1], z]
  }

  private static let start = Batch(points: [
    [0.6, 0.64, -0.48], [-0.36, 0.48, 0.8], [0.0, -0.8, 0.6],
  ])

  private func error(
    _ known: Known, _ tableau: ButcherTableau, _ control: StepControl
  ) -> (error: Double, offSphere: Double) {
    var field: any VelocityField = known.field
    var solve = Integrator(tableau, control: control, from: Self.start)
    var off = 0.0
    while solve.status == .running {
      _ = solve.advance(&field, budget: .max)
      for square in solve.knot.x.squaredLengths { off = max(off, abs(square.squareRoot() - 1)) }
    }
    let worst = (0..<3).reduce(0) {
      max($0, distance(solve.knot.x.point($1), known.solution(Self.start.point($1), 1)))
    }
    return (worst, off)
  }

  @Test(
    "every method keeps its order on the sphere, and its states stay there",
    arguments: ButcherTableau.all)
  func orders(tableau: ButcherTableau) {
    for known in [Self.rotation, Self.dipole] {
      let steps = [1: 256, 2: 64, 3: 48, 4: 32, 5: 24, 8: 16][tableau.order] ?? 32
      let coarse = error(known, tableau, .fixed(steps: steps))
      let fine = error(known, tableau, .fixed(steps: 2 * steps))
      let order = logarithm(coarse.error / fine.error) / logarithm(2)
      // Less by what is left of the next order, and more where an error is one of length alone.
      #expect(
        order > Double(tableau.order) - 0.25 && order < Double(tableau.order) + 1.5,
        "\(known.name), \(tableau.name): \(order), \(coarse.error)")
      #expect(max(coarse.offSphere, fine.offSphere) <= 1e-12)
    }
  }

  @Test(
    "adaptive steps meet their tolerance on the sphere, of the batch and of each particle",
    arguments: ButcherTableau.all.filter(\.hasErrorEstimate))
  func adaptive(tableau: ButcherTableau) {
    for known in [Self.rotation, Self.dipole] {
      for tolerance in [1e-4, 1e-8] {
        let found = error(known, tableau, .adaptive(relative: tolerance, absolute: tolerance))
        #expect(found.error < 100 * tolerance, "\(known.name): \(found.error)")
        #expect(found.offSphere <= 1e-12)
        var particles = ParticleIntegrator(
          known.field, tableau, relative: tolerance, absolute: tolerance, from: Self.start)
        particles.finish()
        for j in 0..<3 {
          let end = known.solution(Self.start.point(j), 1)
          #expect(distance(particles.x.point(j), end) < 100 * tolerance)
        }
        #expect(particles.x.squaredLengths.allSatisfy { abs($0 - 1) <= 1e-12 })
      }
    }
  }

  @Test("a step of Euler's method follows the geodesic")
  func exponentialMap() {
    let field = Self.rotation.field
    var any: any VelocityField = field
    let knot = Integrator.solve(&any, .euler, control: .fixed(steps: 1), from: Self.start, end: 0.3)
    let expected = Sphere().moved(Self.start, field.velocity(Self.start, at: 0), 0.3)
    #expect(knot.x == expected)
    // In one step half around, which a projected straight line never reaches.
    let far = Integrator.solve(&any, .euler, control: .fixed(steps: 1), from: Self.start, end: 1)
    #expect(far.x.squaredLengths.allSatisfy { abs($0 - 1) <= 1e-15 })
    #expect(Sphere().farthest(far.x, Self.start) > 2)
  }

  @Test("without the projection the same field leaves the sphere")
  func control() {
    var field: any VelocityField = AmbientField.rotation([0, 0, 6])
    let knot = Integrator.solve(&field, .rk4, control: .fixed(steps: 12), from: Self.start)
    #expect(knot.x.squaredLengths.contains { abs($0 - 1) > 1e-3 })
  }

  @Test("on the torus a solve runs over the cut as if there were none")
  func torus() throws {
    let field = try #require(DatasetCatalog.torusMixture.geodesicField)
    let x = Torus().points(40, seed: 3)
    for tableau in [ButcherTableau.euler, .rk4, .dormandPrince] {
      var (here, there): (any VelocityField, any VelocityField) = (field, field)
      let a = Integrator.solve(&here, tableau, control: .fixed(steps: 10), from: x, end: 0.9).x
      let b = Integrator.solve(
        &there, tableau, control: .fixed(steps: 10), from: Torus().renamed(x), end: 0.9
      ).x
      #expect(Torus().farthest(a, b) < 1e-9)
      // Some have crossed it, and say so until they are wrapped.
      #expect(a.values.contains { abs($0) > .pi })
      var wrapped = a
      Torus().wrap(&wrapped)
      #expect(wrapped.values.allSatisfy { $0 >= -.pi && $0 < .pi })
    }
  }
}
