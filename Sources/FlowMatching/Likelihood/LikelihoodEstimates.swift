extension LogLikelihood {
  /// The mean negative log-likelihood in nats, E[−log p₁(x)] over the points; nil unless finished,
  /// NaN where a point was lost.
  ///
  /// Over samples of the target it is at least the target's entropy.
  public var negative: Estimate? { values.map { Estimate(of: $0.map { -$0 }) } }

  /// KL(q‖p₁) = E[log q(x) − log p₁(x)] in nats over points that are samples of q, from their exact
  /// log-densities `exact` under q; nil unless finished.
  ///
  /// Unbiased, and by far less noisy than the difference of two means: the points are the same.
  public func divergence(from exact: [Double]) -> Estimate? {
    guard let values else { return nil }
    precondition(exact.count == values.count, "a density for each point")
    return Estimate(of: zip(exact, values).map { $0 - $1 })
  }
}
