/// A velocity field that is known exactly, with everything that follows from it.
///
/// X_t is on a path with independent ends; all batches are `d×n`, and the divergence is exact too.
public protocol ExactField: DivergenceField {
  /// Writes the score ∇ log p_t(x) of every point.
  mutating func score(_ x: Batch, at t: Times, into score: inout Batch)

  /// Writes E[X₁ | X_t = x], the target that the path is expected to reach.
  mutating func expectedTarget(_ x: Batch, at t: Times, into mean: inout Batch)

  /// Writes E[X₀ | X_t = x], the source that the path is expected to have left.
  mutating func expectedSource(_ x: Batch, at t: Times, into mean: inout Batch)

  /// log p_t(x) in nats for every point.
  mutating func logDensity(_ x: Batch, at t: Times) -> [Double]

  /// The terms of the sum that one evaluation of a point is, at most; 1 where it is no sum.
  var terms: Int { get }
}

extension ExactField {
  public var terms: Int { 1 }

  /// As many of `count` draws as cost the field a second, about, and a hundred at least: a file of a
  /// million points takes 10 ms for one. Their standard error says what that leaves.
  public func affordable(_ count: Int) -> Int {
    min(count, max(100, (1 << 27) / max(1, terms)))
  }
}

/// A distribution to which a path's marginal field is known exactly.
public protocol ExactDistribution: Distribution {
  /// The exact field from `source` (N(0, I) where nil) to this distribution, independent pairs; nil
  /// from a source for which no closed form is at hand.
  func exactField(
    source: GaussianMixture?, scheduler: Scheduler, path: ConditionalPath
  ) -> (any ExactField)?
}

extension GaussianMixture: ExactDistribution {
  public func exactField(
    source: GaussianMixture?, scheduler: Scheduler, path: ConditionalPath
  ) -> (any ExactField)? {
    MarginalField(source: source, target: self, scheduler: scheduler, path: path)
  }
}
