#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension TheoryCheck {
  /// The flow keeps mass: ∫p over a grid that holds all but little of it, at the time where the
  /// setting's flows end.
  static let unitMass = TheoryCheck(
    10, "the model's density has mass 1", "∫p₁ = 1", bound: 1e-3, fieldBound: 1e-3,
    coefficients: [1],
    measurement: { setting, c in
      let (mass, uncertainty) =
        setting.isExact ? (exactMass(setting), 0) : learnedMass(setting)
      return Measurement(residual: abs(c[0] * mass - 1), uncertainty: uncertainty)
    })

  /// ∫p of the exact field's flow at the time where it ends: over a grid, or where that would need too
  /// many cells, far points among narrow noise, as the mean of p/q over draws of its density q in closed
  /// form.
  private static func exactMass(_ setting: TheorySetting) -> Double {
    var random = setting.random.stream("unit mass")
    let end = setting.flowEnd
    let early = EarlyField(base: setting.field, end: end)
    // An exact field may be stiff at its end and wants adaptive steps.
    func logDensity(_ x: Batch) -> [Double] {
      var likelihood = LogLikelihood(
        early, of: x, source: StandardNormal(dimension: 2), .dop853,
        control: .adaptive(relative: 1e-4, absolute: 1e-4))
      likelihood.finish()
      return likelihood.values ?? []
    }
    let sample = setting.points(2000, at: end, using: &random)
    guard let window = MassWindow(around: sample) else { return .nan }
    // Cells of 1.2 deviations integrate a Gaussian to 1e-5, and so mixtures of wider ones. On the way
    // the noise is smooth enough for fewer cells.
    let cells = end < 1 ? 40 : 100
    if window.largestCell(cells) <= 1.2 * setting.narrowest(at: end) {
      return window.mass(cells: cells, logDensity).value
    }
    let draws = setting.points(200, at: end, using: &random)
    var exact = setting.exact
    let known = exact.logDensity(draws, at: .shared(end))
    let ratios = zip(logDensity(draws), known).map { exp($0 - $1) }
    return ratios.reduce(0, +) / Double(draws.count)
  }

  /// ∫p₁ over where a learned flow itself carries noise: one that has learned little leaves the data far
  /// behind. The cells are halved while the grid's own coarseness may matter and the next grid can
  /// mend it; what it leaves, of a flow that crowds far points into a thin cloud, is the uncertainty.
  private static func learnedMass(
    _ setting: TheorySetting
  ) -> (mass: Double, uncertainty: Double) {
    var random = setting.random.stream("unit mass")
    let start = StandardNormal(dimension: 2).sample(count: 4000, using: &random)
    var there = (setting.learned ?? SolvedFlow(setting.field)).transport(
      start, as: .points, from: 0, to: 1, TransportPlan(.rk4))
    there.finish()
    func logDensity(_ x: Batch) -> [Double] {
      if !setting.needsSolver { return setting.learnedLogDensity(x) }
      // A network's kinks in x are of single points, so that each has its own steps.
      var likelihood = LogLikelihood(
        setting.field, of: x, source: StandardNormal(dimension: 2), .dormandPrince,
        tolerance: 1e-4)
      likelihood.finish()
      return likelihood.values ?? []
    }
    guard let window = MassWindow(around: there.state) else { return (.nan, 0) }
    let resolved = 5e-4
    var mass = (value: Double.nan, coarseness: Double.infinity)
    for cells in [160, 320, 640] {
      mass = window.mass(cells: cells, logDensity)
      // Of smooth peaks the coarseness c is at most c⁴ with cells of half the side. Hundreds of
      // thousands of solves that will not resolve them are left out.
      let finest = pow(mass.coarseness, cells == 160 ? 16 : 4)
      if mass.coarseness < resolved || !(finest < resolved) { break }
    }
    let isTold = mass.coarseness < resolved || !mass.coarseness.isFinite
    return (mass.value, isTold ? 0 : mass.coarseness)
  }
}

/// A grid over the part of the plane that holds all but little of a flow's mass: along the axes of the
/// points that it carries, so that a thin ridge across the plane has as many cells as a round cloud.
private struct MassWindow {
  private let mean: [Double]
  /// The factor L of the covariance LLᵀ of the points: x = mean + Lz.
  private let factor: (xx: Double, yx: Double, yy: Double)
  private let ranges: [ClosedRange<Double>]

  /// The points' extremes in z and three tenths of their extent on both sides; nil unless they spread
  /// in the plane. Their own extremes, so that the grid differs with the seed.
  init?(around points: Batch) {
    let finite = (0..<points.count).filter { points[0, $0].isFinite && points[1, $0].isFinite }
    guard finite.count > 2 else { return nil }
    func average(_ value: (Int) -> Double) -> Double {
      finite.reduce(0) { $0 + value($1) } / Double(finite.count)
    }
    let mean = (0..<2).map { i in average { points[i, $0] } }
    func covariance(_ i: Int, _ k: Int) -> Double {
      average { (points[i, $0] - mean[i]) * (points[k, $0] - mean[k]) }
    }
    let xx = covariance(0, 0).squareRoot()
    let yx = covariance(1, 0) / xx
    let yy = (covariance(1, 1) - yx * yx).squareRoot()
    guard xx > 0, yy > 0, yy.isFinite else { return nil }
    let z = finite.map { j -> (Double, Double) in
      let first = (points[0, j] - mean[0]) / xx
      return (first, (points[1, j] - mean[1] - yx * first) / yy)
    }
    func range(_ values: [Double]) -> ClosedRange<Double> {
      let (low, high) = (values.min() ?? 0, values.max() ?? 0)
      let margin = 0.3 * (high - low)
      return low - margin...high + margin
    }
    self.mean = mean
    factor = (xx, yx, yy)
    ranges = [range(z.map(\.0)), range(z.map(\.1))]
  }

  private func step(_ i: Int, _ cells: Int) -> Double {
    (ranges[i].upperBound - ranges[i].lowerBound) / Double(cells)
  }

  /// The longest side of a cell, of so many in each direction.
  func largestCell(_ cells: Int) -> Double {
    let along = (factor.xx * factor.xx + factor.yx * factor.yx).squareRoot()
    return max(along * step(0, cells), factor.yy * step(1, cells))
  }

  /// ∫p by the midpoint rule, and half the distance between the sums over every other cell of every other
  /// row, each for four cells: for a smooth density that the grid resolves they agree as the whole does
  /// with ∫p.
  func mass(
    cells: Int, _ logDensity: (Batch) -> [Double]
  ) -> (value: Double, coarseness: Double) {
    let area = step(0, cells) * step(1, cells) * factor.xx * factor.yy
    var sums = [0.0, 0, 0, 0]
    // A row at a time: no more memory than for one.
    for row in 0..<cells {
      var centres = Batch(dimension: 2, count: cells)
      let second = ranges[1].lowerBound + step(1, cells) * (Double(row) + 0.5)
      for column in 0..<cells {
        let first = ranges[0].lowerBound + step(0, cells) * (Double(column) + 0.5)
        centres[0, column] = mean[0] + factor.xx * first
        centres[1, column] = mean[1] + factor.yx * first + factor.yy * second
      }
      let values = logDensity(centres)
      guard values.count == cells else { return (.nan, .infinity) }
      for column in 0..<cells { sums[2 * (row % 2) + column % 2] += exp(values[column]) * area }
    }
    let spread = sums.reduce(-.infinity, max) - sums.reduce(.infinity, min)
    return (sums.reduce(0, +), 2 * spread)
  }
}

/// T·u_{Ts}(x): the flow up to the time T, in the time s from 0 to 1.
private struct EarlyField: DivergenceField {
  var base: any DivergenceField
  let end: Double

  var dimension: Int { base.dimension }
  var regularity: Regularity { base.regularity.inTime { $0 / end } }

  mutating func evaluate(_ x: Batch, at s: Times, into velocity: inout Batch) {
    base.evaluate(x, at: early(s), into: &velocity)
    shorten(&velocity.values)
  }

  mutating func evaluate(
    _ x: Batch, at s: Times, into velocity: inout Batch, divergence: inout [Double]
  ) {
    base.evaluate(x, at: early(s), into: &velocity, divergence: &divergence)
    shorten(&velocity.values)
    shorten(&divergence)
  }

  mutating func evaluate(
    _ x: Batch, at s: Times, probes: Batch, into velocity: inout Batch, divergence: inout [Double]
  ) {
    base.evaluate(x, at: early(s), probes: probes, into: &velocity, divergence: &divergence)
    shorten(&velocity.values)
    shorten(&divergence)
  }

  private func early(_ s: Times) -> Times {
    switch s {
    case .shared(let s): .shared(end * s)
    case .each(let times): .each(times.map { end * $0 })
    }
  }

  private func shorten(_ values: inout [Double]) {
    for k in values.indices { values[k] *= end }
  }
}
