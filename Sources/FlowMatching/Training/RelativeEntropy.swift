/// KL(q‖p₁) of a model from the data, in nats: how far its negative log-likelihood is above the
/// entropy that none can undercut.
///
/// On fixed draws of the data, solved by RK4, so that two networks are compared on the same points.
public struct RelativeEntropy: Sendable {
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

  /// The mean of log q − log p₁ over the draws, under the flow of these weights.
  public func excess(of weights: FlowWeights, instructionSet: InstructionSet = .best) -> Double {
    switch weights {
    case .velocity(let weights):
      estimate(of: MLP(weights, instructionSet: instructionSet))?.mean ?? .nan
    case .couplings(let weights): estimate(of: weights, instructionSet: instructionSet).mean
    }
  }

  /// The same of any field, with its standard error; nil where the solve failed.
  public func estimate(of field: any DivergenceField) -> Estimate? {
    var likelihood = LogLikelihood(
      field, of: points, source: StandardNormal(dimension: points.dimension), .rk4,
      control: .fixed(steps: 20))
    likelihood.finish()
    return likelihood.divergence(from: exact)
  }

  /// The same of a flow of affine couplings, whose density is exact.
  public func estimate(
    of weights: RealNVPWeights, instructionSet: InstructionSet = .best
  ) -> Estimate {
    var flow = RealNVP(weights, instructionSet: instructionSet)
    return Estimate(of: zip(exact, flow.logDensity(points)).map { $0 - $1 })
  }
}
