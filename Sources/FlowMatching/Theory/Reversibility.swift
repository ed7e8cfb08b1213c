extension TheoryCheck {
  /// The flow runs back along its way: RK4, 200 steps to t = .95 and 200 back. Some schedules have no
  /// derivatives at t = 1, on which a method's order rests.
  static let reversal = TheoryCheck(
    13, "there and back again", "ψ⁻¹(ψ(x)) = x, dx/ds = −u_{1−s}(x)", bound: 1e-6,
    fieldBound: 1e-3, coefficients: [-1]
  ) { setting, c in
    var random = setting.random.stream("reversal")
    let x = setting.points(24, at: 0, using: &random)
    let time = min(setting.flowEnd, 0.95)
    var there: any VelocityField = setting.field
    var back: any VelocityField = ReversedField(
      base: setting.field, end: time, factor: c[0])
    let end = Integrator.ends(
      &there, .rk4, control: .fixed(steps: 200), from: x, end: time)
    let start = Integrator.ends(
      &back, .rk4, control: .fixed(steps: 200), from: end, end: time)
    return zip(start.values, x.values).map { abs($0 - $1) }.reduce(0, worse)
  }

  /// An Euler step is undone by the fixed point of y = x⁺ − hu(y), as hL < 1.
  static let implicitInverse = TheoryCheck(
    13, "implicit inverse of an Euler step", "y = x⁺ − hu_t(y) has the fixed point x",
    bound: 1e-10, rounding: 4e-15, fieldBound: 1e-5, coefficients: [-1]
  ) { setting, c in
    var random = setting.random.stream("implicit inverse")
    let h = 0.01
    var worst = 0.0
    for t in setting.times(4, 0.1, 0.9, using: &random) {
      let x = setting.points(8, at: t, using: &random)
      var moved = x
      let velocity = setting.field.velocity(x, at: t)
      for k in x.values.indices { moved.values[k] += h * velocity.values[k] }
      var y = moved
      for _ in 0..<100 {
        let slope = setting.field.velocity(y, at: t)
        for k in y.values.indices { y.values[k] = moved.values[k] + c[0] * h * slope.values[k] }
      }
      worst = zip(y.values, x.values).reduce(worst) { worse($0, abs($1.0 - $1.1)) }
    }
    return worst
  }
}

/// factor·u_{end − s}(x): for a factor of −1 the way back.
private struct ReversedField: VelocityField {
  var base: any VelocityField
  let end, factor: Double

  var dimension: Int { base.dimension }
  var regularity: Regularity { base.regularity.inTime { end - $0 } }

  mutating func evaluate(_ x: Batch, at s: Times, into velocity: inout Batch) {
    guard case .shared(let time) = s else { preconditionFailure("a solver shares its time") }
    base.evaluate(x, at: .shared(end - time), into: &velocity)
    for k in velocity.values.indices { velocity.values[k] *= factor }
  }
}
