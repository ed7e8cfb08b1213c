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
    var random = setting.random.stream("unit mass")
    let sample = setting.dataset.distribution.sample(count: 2000, using: &random)
    // The samples' own extremes and somewhat more, by which the grid differs with the seed. On the way
    // the noise reaches further, and is smooth enough for fewer cells.
    let isUnderWay = setting.flowEnd < 1
    let margin = isUnderWay ? 3 : 1.5
    // What is learned may carry noise beyond the data.
    let carried = setting.isExact ? sample : ends(in: setting, using: &random)
    let ranges = (0..<2).map { i in
      let row = (sample.row(i) + carried.row(i)).filter { abs($0) < 100 }
      return row.min()! - margin...row.max()! + margin
    }
    if var layers = setting.layers {
      // Where the flow itself puts points: one that has learned little leaves the data far behind.
      var points = StandardNormal(dimension: 2).sample(count: 4000, using: &random)
      var ignored = [Double](repeating: 0, count: points.count)
      layers.carry(&points, from: 0, to: 1, logDeterminant: &ignored)
      let own = (0..<2).map { i in
        let row = points.row(i)
        let (low, high) = (row.min()!, row.max()!)
        return low - 0.25 * (high - low)...high + 0.25 * (high - low)
      }
      return abs(c[0] * mass(of: &layers, x: own[0], y: own[1], cells: 400) - 1)
    }
    // An exact field may be stiff at its end; a network's kinks in x are of single points, so that each
    // has its own steps.
    let cells = !setting.isExact ? 160 : isUnderWay ? 40 : 100
    let (field, source) = (
      EarlyField(base: setting.field, end: setting.flowEnd), StandardNormal(dimension: 2)
    )
    var grid =
      setting.isExact
      ? DensityGrid(
        field, source: source, x: ranges[0], y: ranges[1], columns: cells, rows: cells, .dop853,
        control: .adaptive(relative: 1e-4, absolute: 1e-4))
      : DensityGrid(
        field, source: source, x: ranges[0], y: ranges[1], columns: cells, rows: cells,
        tolerance: 1e-4)
    grid.finish()
    return abs(c[0] * (grid.integral ?? .nan) - 1)
  }

  /// Where the setting's field carries noise.
  private static func ends(in setting: TheorySetting, using random: inout Random) -> Batch {
    let noise = StandardNormal(dimension: 2).sample(count: 2000, using: &random)
    var field: any VelocityField = setting.field
    return Integrator.solve(&field, .rk4, control: .fixed(steps: 20), from: noise).x
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
