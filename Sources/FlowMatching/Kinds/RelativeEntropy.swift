/// KL(q‖p₁) of a model from the data, in nats: how far its negative log-likelihood is above the
/// entropy that none can undercut.
///
/// On fixed draws of the data, solved by RK4, so that two networks are compared on the same points.
public struct RelativeEntropy: ExcessMeasure {
  /// The number of draws.
  public static let count = 2048
  private let points: Batch
  /// log q of every point, or minus the entropy.
  private let exact: [Double]

  /// Draws the points; nil where neither the data's density nor their entropy is known.
  public init?(dataset: Dataset, seed: UInt64 = 0, count: Int = RelativeEntropy.count) {
    var random = Random(seed: seed).stream("relative entropy")
    points = dataset.distribution.sample(count: count, using: &random)
    if let density = dataset.logDensity(points) {
      exact = density
    } else if let floor = dataset.entropyFloor {
      exact = [Double](repeating: -floor, count: count)
    } else {
      return nil
    }
  }

  public func measure(_ learned: LearnedField) -> Excess {
    Excess(value: excess(of: learned), standardError: nil)
  }

  /// The mean of log q − log p₁ over the draws, under the flow; NaN where its solve failed.
  public func excess(of learned: LearnedField) -> Double {
    estimate(of: learned)?.mean ?? .nan
  }

  /// The same of any flow, with its standard error; nil where the solve failed.
  public func estimate(of flow: any Flow) -> Estimate? {
    let known = flow.logDensity(
      of: points, from: StandardNormal(dimension: points.dimension),
      .solved(.rk4, .fixed(steps: 20)), probes: nil, progress: { _ in })
    return known.failure == nil ? Estimate(of: zip(exact, known.values).map { $0 - $1 }) : nil
  }
}
