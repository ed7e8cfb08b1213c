/// How log p of points is solved for.
public enum LikelihoodMethod: Sendable, Hashable {
  /// Every point by steps of its own until its estimated error is below so many nats.
  case within(Double)
  /// By a solver and its steps, whatever the error.
  case solved(ButcherTableau, StepControl)

  /// Each point to 1e-3 nats.
  public static let usual = LikelihoodMethod.within(BoundedLikelihood.usualBound)

  /// log p₁ of the `d×n` points under the field, with the exact divergence or a probe for each;
  /// `progress` hears now and then which share of the work is done.
  public func callAsFunction(
    _ field: any DivergenceField, of points: Batch, source: any DensityDistribution,
    probes: Batch? = nil, progress: (Double) -> Void = { _ in }
  ) -> LikelihoodValues {
    switch self {
    case .within(let bound):
      let known = BoundedLikelihood(
        field, of: points, source: source, within: bound, probes: probes, progress: progress)
      return LikelihoodValues(
        values: known.values, errors: known.errors, evaluations: known.evaluations)
    case .solved(let tableau, let control):
      var likelihood = LogLikelihood(
        field, of: points, source: source, tableau, control: control, probes: probes)
      likelihood.finish(progress)
      var failure: Integrator.Failure?
      if case .failed(let reason) = likelihood.status { failure = reason }
      return LikelihoodValues(
        values: likelihood.values ?? [Double](repeating: .nan, count: points.count), errors: nil,
        evaluations: likelihood.evaluations, failure: failure)
    }
  }
}

/// log p of points, and how well it is known.
public struct LikelihoodValues: Sendable {
  /// log p₁ in nats of every point; NaN for those that left the numbers.
  public let values: [Double]
  /// The estimated error of each in nats, infinite where none could be had; nil where the method has
  /// no estimate.
  public let errors: [Double]?
  /// The most evaluations of the field for a point.
  public let evaluations: Int
  /// Why the solve broke off, so that nothing is known.
  public var failure: Integrator.Failure?

  /// Values with their estimates; none where log p is known in closed form.
  public init(
    values: [Double], errors: [Double]?, evaluations: Int, failure: Integrator.Failure? = nil
  ) {
    self.values = values
    self.errors = errors
    self.evaluations = evaluations
    self.failure = failure
  }

  /// How many points with a finite log p are not known to be within `bound`; nil without estimates.
  public func count(above bound: Double) -> Int? {
    errors.map { errors in values.indices.count { values[$0].isFinite && !(errors[$0] <= bound) } }
  }

  /// The greatest estimated error of the points with a finite log p; nil without estimates and where
  /// a point has none.
  public var worstError: Double? {
    guard let errors else { return nil }
    let worst = values.indices.filter { values[$0].isFinite }.map { errors[$0] }.max() ?? 0
    return worst.isFinite ? worst : nil
  }

  /// How many points left the numbers.
  public var lostCount: Int { values.count { !$0.isFinite } }
}
