import Testing

@testable import FlowMatching

@Suite("A velocity with its score")
struct AddedScoreFieldTests {
  private let exact = MarginalField(target: DatasetCatalog.eightGaussians.mixture!)

  private func points(at t: Double, count: Int = 400) -> Batch {
    var random = Random(seed: 11).stream("added score")
    var x = DatasetCatalog.eightGaussians.distribution.sample(count: count, using: &random)
    let noise = StandardNormal(dimension: 2).sample(count: count, using: &random)
    for k in x.values.indices { x.values[k] = t * x.values[k] + (1 - t) * noise.values[k] }
    return x
  }

  @Test("It adds c σ times the exact score, turned by 90° or not", arguments: [true, false])
  func sum(isTurned: Bool) {
    let t = 0.6
    let x = points(at: t)
    var (field, teacher) = (
      AddedScoreField(exact, scheduler: .conditionalOT, amount: 3, isTurned: isTurned), exact
    )
    var (v, u, s) = (x, x, x)
    field.evaluate(x, at: .shared(t), into: &v)
    teacher.evaluate(x, at: .shared(t), into: &u)
    teacher.score(x, at: .shared(t), into: &s)
    for j in 0..<x.count {
      let added = isTurned ? (-s[1, j], s[0, j]) : (s[0, j], s[1, j])
      #expect(abs(v[0, j] - u[0, j] - 3 * (1 - t) * added.0) < 1e-9)
      #expect(abs(v[1, j] - u[1, j] - 3 * (1 - t) * added.1) < 1e-9)
    }
  }

  @Test("Its divergence is that of the field by differences", arguments: [true, false])
  func divergence(isTurned: Bool) {
    let x = points(at: 0.5, count: 20)
    var field = AddedScoreField(exact, scheduler: .cosine, amount: 2, isTurned: isTurned)
    var v = x
    var divergence = [Double](repeating: 0, count: x.count)
    field.evaluate(x, at: .shared(0.5), into: &v, divergence: &divergence)
    let slopes = (0..<2).map { i in
      CentralDifference.derivative { shift in
        field.velocity(x.moved(i, by: shift), at: 0.5).row(i)
      }
    }
    var probed = divergence
    var probes = x
    for j in 0..<x.count { (probes[0, j], probes[1, j]) = (1, 0) }
    var first = probed
    field.evaluate(x, at: .shared(0.5), probes: probes, into: &v, divergence: &first)
    for j in 0..<x.count { (probes[0, j], probes[1, j]) = (0, 1) }
    field.evaluate(x, at: .shared(0.5), probes: probes, into: &v, divergence: &probed)
    for j in 0..<x.count {
      let expected = slopes[0][j] + slopes[1][j]
      #expect(abs(divergence[j] - expected) < 1e-4 * (1 + abs(expected)))
      #expect(abs(first[j] + probed[j] - expected) < 1e-4 * (1 + abs(expected)))
    }
  }

  @Test(
    "Of u = Mx + b, which turns, its divergence is tr M + 2c_x + c_u tr M or tr M + c_u(M₁₂ − M₂₁)",
    arguments: [true, false])
  func turningBase(isTurned: Bool) {
    let (t, amount) = (0.4, 1.7)
    let base = LinearField(matrix: [0.3, 1.1, -0.7, 0.5], shift: [0.2, -1])
    let m = base.matrix
    var field = AddedScoreField(base, scheduler: .cosine, amount: amount, isTurned: isTurned)
    // s = (αu − α̇x)/(σD); under the cosine schedule D = π/2, and σ cancels.
    let angle = 0.5 * Double.pi * t
    let c = (x: -amount * cosine(angle), u: amount * sine(angle) / (0.5 * .pi))
    // The Jacobian of σcs is c_x I + c_u M; R₉₀ exchanges its rows and turns the first one's sign.
    let added = [c.x + c.u * m[0], c.u * m[1], c.u * m[2], c.x + c.u * m[3]]
    let jacobian =
      isTurned
      ? [m[0] - added[2], m[1] - added[3], m[2] + added[0], m[3] + added[1]]
      : zip(m, added).map { $0 + $1 }
    let x = points(at: t, count: 12)
    var (v, divergence) = (x, [Double](repeating: 0, count: x.count))
    field.evaluate(x, at: .shared(t), into: &v, divergence: &divergence)
    for value in divergence { #expect(abs(value - jacobian[0] - jacobian[3]) < 1e-9) }
    for (a, b) in [(1.0, 0.0), (0, 1), (1, 1), (0.6, -2)] {
      let probes = Batch(points: [[Double]](repeating: [a, b], count: x.count))
      field.evaluate(x, at: .shared(t), probes: probes, into: &v, divergence: &divergence)
      let expected =
        a * a * jacobian[0] + a * b * (jacobian[1] + jacobian[2]) + b * b * jacobian[3]
      for value in divergence { #expect(abs(value - expected) < 1e-9) }
    }
  }

  @Test("Turned it moves particles and keeps their distribution; unturned the distribution shrinks")
  func flow() {
    var random = Random(seed: 3).stream("noise")
    let noise = StandardNormal(dimension: 2).sample(count: 1000, using: &random)
    let target = DatasetCatalog.eightGaussians.distribution.sample(count: 1000, using: &random)
    func end(_ field: any VelocityField) -> Batch {
      var field = field
      return Integrator.solve(&field, .rk4, control: .fixed(steps: 60), from: noise).x
    }
    let plain = end(exact)
    let swirled = end(
      AddedScoreField(exact, scheduler: .conditionalOT, amount: 4, isTurned: true))
    let pulled = end(
      AddedScoreField(exact, scheduler: .conditionalOT, amount: 1, isTurned: false))
    let moved = zip(plain.values, swirled.values).map { abs($0 - $1) }
    #expect(moved.reduce(0, +) / Double(moved.count) > 0.5)
    // Two fresh samples of the target are 0 ± 0.003 apart.
    #expect(abs(EnergyDistance.unbiasedSquare(swirled, target)) < 0.01)
    // E|x − centre|² is 2·0.2²; its mean over 1 000 particles has the standard error 0.0025.
    #expect(abs(spread(plain) - 0.08) < 0.0125)
    #expect(abs(spread(swirled) - 0.08) < 0.0125)
    #expect(spread(pulled) < 0.04)
  }

  /// The mean squared distance from the nearest cluster's centre.
  private func spread(_ points: Batch) -> Double {
    let squares = (0..<points.count).map { j in
      DatasetCatalog.eightGaussians.centres.map { centre in
        (points[0, j] - centre[0]) * (points[0, j] - centre[0])
          + (points[1, j] - centre[1]) * (points[1, j] - centre[1])
      }.min()!
    }
    return squares.reduce(0, +) / Double(points.count)
  }
}

/// u = Mx + b in the plane, whatever t; M row after row.
private struct LinearField: DivergenceField {
  let matrix: [Double]
  let shift: [Double]

  var dimension: Int { 2 }

  func evaluate(_ x: Batch, at t: Times, into velocity: inout Batch) {
    for j in 0..<x.count {
      for i in 0..<2 {
        velocity[i, j] = matrix[2 * i] * x[0, j] + matrix[2 * i + 1] * x[1, j] + shift[i]
      }
    }
  }

  func evaluate(_ x: Batch, at t: Times, into velocity: inout Batch, divergence: inout [Double]) {
    evaluate(x, at: t, into: &velocity)
    for j in 0..<x.count { divergence[j] = matrix[0] + matrix[3] }
  }

  func evaluate(
    _ x: Batch, at t: Times, probes: Batch, into velocity: inout Batch, divergence: inout [Double]
  ) {
    evaluate(x, at: t, into: &velocity)
    for j in 0..<x.count {
      let (a, b) = (probes[0, j], probes[1, j])
      divergence[j] = a * a * matrix[0] + a * b * (matrix[1] + matrix[2]) + b * b * matrix[3]
    }
  }
}
