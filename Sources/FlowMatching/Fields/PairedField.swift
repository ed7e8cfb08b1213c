/// Averages over the pairs of a source's and a target's components, given X_t = x.
protocol ComponentPairs: Sendable {
  /// Writes a quantity's average at every point of the `d×n` batch.
  mutating func average(
    _ quantity: MixturePairs.Quantity, _ x: Batch, at t: Times, into output: inout Batch)

  /// log p_t(x) in nats for every point.
  mutating func logDensity(_ x: Batch, at t: Times) -> [Double]

  /// Writes the velocity, and its divergence or εᵀ(∂u/∂x)ε with probes ε.
  mutating func velocity(
    _ x: Batch, at t: Times, probes: Batch?, into velocity: inout Batch, divergence: inout [Double])
}

extension MixturePairs: ComponentPairs {}
extension BoxPairs: ComponentPairs {}

/// An exact field that is such an average: everything that follows from one table of pairs.
protocol PairedField: ExactField {
  associatedtype Pairs: ComponentPairs
  /// The table.
  var pairs: Pairs { get set }
}

extension PairedField {
  public mutating func evaluate(_ x: Batch, at t: Times, into velocity: inout Batch) {
    pairs.average(.velocity, x, at: t, into: &velocity)
  }

  public mutating func score(_ x: Batch, at t: Times, into score: inout Batch) {
    pairs.average(.score, x, at: t, into: &score)
  }

  public mutating func expectedTarget(_ x: Batch, at t: Times, into mean: inout Batch) {
    pairs.average(.target, x, at: t, into: &mean)
  }

  public mutating func expectedSource(_ x: Batch, at t: Times, into mean: inout Batch) {
    pairs.average(.source, x, at: t, into: &mean)
  }

  public mutating func logDensity(_ x: Batch, at t: Times) -> [Double] {
    pairs.logDensity(x, at: t)
  }

  public mutating func evaluate(
    _ x: Batch, at t: Times, into velocity: inout Batch, divergence: inout [Double]
  ) {
    pairs.velocity(x, at: t, probes: nil, into: &velocity, divergence: &divergence)
  }

  public mutating func evaluate(
    _ x: Batch, at t: Times, probes: Batch, into velocity: inout Batch, divergence: inout [Double]
  ) {
    pairs.velocity(x, at: t, probes: probes, into: &velocity, divergence: &divergence)
  }
}
