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
    coefficients: [1]
  ) { setting, c in
    if var layers = setting.layers {
      var random = setting.random.stream("unit mass")
      // Where the flow itself puts points: one that has learned little leaves the data far behind.
      var points = StandardNormal(dimension: 2).sample(count: 4000, using: &random)
      var ignored = [Double](repeating: 0, count: points.count)
      layers.carry(&points, from: 0, to: 1, logDeterminant: &ignored)
      guard let window = MassWindow(around: points) else { return .nan }
      return abs(c[0] * mass(of: &layers, x: window.x, y: window.y, cells: 400) - 1)
    }
    return abs(c[0] * (setting.isExact ? exactMass(setting) : learnedMass(setting)) - 1)
  }

  /// ∫p of the exact field's flow at the time where it ends: over a grid, or where that would need too
  /// many cells, far points among narrow noise, as the mean of p/q over draws from its density q in
  /// closed form.
  private static func exactMass(_ setting: TheorySetting) -> Double {
    var random = setting.random.stream("unit mass")
    let end = setting.flowEnd
    let sample = setting.points(2000, at: end, using: &random)
    guard let window = MassWindow(around: sample) else { return .nan }
    // An exact field may be stiff at its end and wants adaptive steps.
    let control = StepControl.adaptive(relative: 1e-4, absolute: 1e-4)
    let early = EarlyField(base: setting.field, end: end)
    // A Gaussian of deviation σ is integrated to 1e-3 by cells of 1.2σ, and on mixtures of narrower
    // components by as many a component.
    let isUnderWay = end < 1
    let cells = isUnderWay ? 40 : 100
    let narrowest = setting.narrowest(at: end)
    guard max(window.width, window.height) <= 1.2 * narrowest * Double(cells) else {
      let draws = setting.points(200, at: end, using: &random)
      var likelihood = LogLikelihood(
        early, of: draws, source: StandardNormal(dimension: 2), .dop853, control: control)
      likelihood.finish()
      var exact = setting.exact
      let known = exact.logDensity(draws, at: .shared(end))
      guard let found = likelihood.values else { return .nan }
      return zip(found, known).reduce(0) { $0 + exp($1.0 - $1.1) } / Double(draws.count)
    }
    var grid = DensityGrid(
      early, source: StandardNormal(dimension: 2), x: window.x, y: window.y, columns: cells,
      rows: cells, .dop853, control: control)
    grid.finish()
    return grid.integral ?? .nan
  }

  /// ∫p₁ over where a learned flow carries noise; the cells are halved while those of every other row
  /// and column say something else than the rest.
  private static func learnedMass(_ setting: TheorySetting) -> Double {
    var random = setting.random.stream("unit mass")
    let noise = StandardNormal(dimension: 2).sample(count: 4000, using: &random)
    var field: any VelocityField = setting.field
    let carried = Integrator.solve(&field, .rk4, control: .fixed(steps: 20), from: noise).x
    guard let window = MassWindow(around: carried) else { return .nan }
    var mass = Double.nan
    for cells in [160, 320] {
      // A network is quick, and its error is rather that of its steps than of the grid.
      var grid = DensityGrid(
        setting.field, source: StandardNormal(dimension: 2), x: window.x, y: window.y,
        columns: cells, rows: cells, .rk4, control: .fixed(steps: 32))
      grid.finish()
      mass = grid.integral ?? .nan
      if let coarseness = grid.coarseness, coarseness < 5e-4 { break }
    }
    return mass
  }
}

/// The part of the plane that holds all but little of a flow's mass, by points that it carries.
private struct MassWindow {
  let x, y: ClosedRange<Double>

  var width: Double { x.upperBound - x.lowerBound }
  var height: Double { y.upperBound - y.lowerBound }

  /// Their extremes and three tenths of their extent on both sides; nil unless two are finite and
  /// apart. The samples' own extremes, so that the grid differs with the seed.
  init?(around points: Batch) {
    let ranges = (0..<2).compactMap { i -> ClosedRange<Double>? in
      let row = points.row(i).filter(\.isFinite)
      guard let low = row.min(), let high = row.max(), low < high else { return nil }
      let margin = 0.3 * (high - low)
      return low - margin...high + margin
    }
    guard ranges.count == 2 else { return nil }
    (x, y) = (ranges[0], ranges[1])
  }
}

/// ∫p₁ over a grid by the midpoint rule, in closed form.
private func mass(
  of layers: inout any ClosedFormFlow, x: ClosedRange<Double>, y: ClosedRange<Double>, cells: Int
) -> Double {
  let width = (x.upperBound - x.lowerBound) / Double(cells)
  let height = (y.upperBound - y.lowerBound) / Double(cells)
  var sum = 0.0
  for row in 0..<cells {
    var centres = Batch(dimension: 2, count: cells)
    for column in 0..<cells {
      centres[0, column] = x.lowerBound + width * (Double(column) + 0.5)
      centres[1, column] = y.lowerBound + height * (Double(row) + 0.5)
    }
    sum += layers.logDensity(centres, at: 1).reduce(0) { $0 + exp($1) }
  }
  return sum * width * height
}

/// T·u_{Ts}(x): the flow up to the time T, in the time s from 0 to 1.
private struct EarlyField: DivergenceField {
  var base: any DivergenceField
  let end: Double

  var dimension: Int { base.dimension }

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
