extension Integrator {
  /// Which points are no longer finite; they do not stop the others and count in no norm.
  public var lost: [Bool] { losses.flags }
  /// How many points are no longer finite.
  public var lostCount: Int { losses.count }
  /// How many steps were tried in vain.
  public var stepsRejected: Int { attempts.count - stepsAccepted }

  /// The number of steps of the whole way; nil where they are chosen on it.
  public var plannedSteps: Int? {
    switch control {
    case .fixed(let steps): steps
    case .grid(let grid): StepTimes(from: start, to: end, grid: grid).steps
    case .adaptive: nil
    }
  }

  /// Runs to the end or to a failure.
  public mutating func finish(_ field: inout any VelocityField) {
    while status == .running { _ = advance(&field, budget: .max) }
  }

  /// The last knot of a solve that is run at once; its time is `end` unless the solve failed.
  public static func solve(
    _ field: inout any VelocityField, _ tableau: ButcherTableau, control: StepControl,
    from x0: Batch, start: Double = 0, end: Double = 1
  ) -> Knot {
    var integrator = Integrator(tableau, control: control, from: x0, start: start, end: end)
    integrator.finish(&field)
    return integrator.knot
  }

  /// The points at `end` of a solve that is run at once; NaN where it failed on the way, so that no comparison
  /// takes the place where it stopped for the end.
  public static func ends(
    _ field: inout any VelocityField, _ tableau: ButcherTableau, control: StepControl,
    from x0: Batch, start: Double = 0, end: Double = 1
  ) -> Batch {
    let knot = solve(&field, tableau, control: control, from: x0, start: start, end: end)
    return knot.t == end
      ? knot.x
      : Batch(dimension: x0.dimension, values: [Double](repeating: .nan, count: x0.values.count))
  }

  /// The tolerance that the steps could keep to where the field's rounding kept them from the one that
  /// was asked for; nil where it did not.
  public var toleranceReached: Double? {
    guard case .adaptive(let relative, let absolute) = control, roundingExcess > 1 else {
      return nil
    }
    return max(relative, absolute) * roundingExcess
  }
}
