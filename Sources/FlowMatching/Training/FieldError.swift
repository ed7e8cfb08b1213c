import Kernels

/// The excess loss: how far a network is from the exact field, E|v_θ − u*|², mean over dimensions.
///
/// It is the training loss without its irreducible part, on fixed draws of (t, X_t), so that two
/// networks are compared on the same points.
public struct FieldError: Sendable {
  /// The number of draws that all experiments share.
  public static let count = 4096
  private let points: Batch
  private let times: Times
  private let exact: Batch
  private var velocity: Batch

  /// Draws t uniformly on [0, 1) and X_t between N(0, I) and the target.
  public init(
    target: GaussianMixture, scheduler: Scheduler, seed: UInt64 = 0, count: Int = FieldError.count
  ) {
    precondition(count > 0, "an average needs a point at least")
    var pairs = TrainingPairs(
      from: StandardNormal(dimension: target.dimension), to: target,
      along: AffinePath(scheduler: scheduler), count: count,
      random: Random(seed: seed).stream("field error"))
    pairs.draw()
    points = pairs.sample.x
    times = .each(pairs.times)
    velocity = points
    var teacher = MarginalField(target: target, scheduler: scheduler)
    teacher.evaluate(points, at: times, into: &velocity)
    exact = velocity
  }

  /// The same for a data set; nil where its exact field is not known.
  public init?(dataset: Dataset, scheduler: Scheduler, seed: UInt64 = 0) {
    guard let mixture = dataset.mixture else { return nil }
    self.init(target: mixture, scheduler: scheduler, seed: seed)
  }

  /// The mean of |v − u*|² over draws and dimensions, for the network of these weights.
  public mutating func excess(
    of weights: MLPWeights, instructionSet: InstructionSet = .best
  ) -> Double {
    var field = MLP(weights, instructionSet: instructionSet)
    return excess(of: &field)
  }

  /// The same for any field.
  public mutating func excess(of field: inout some VelocityField) -> Double {
    field.evaluate(points, at: times, into: &velocity)
    var sum = 0.0
    for i in exact.values.indices {
      let difference = velocity.values[i] - exact.values[i]
      sum += difference * difference
    }
    return sum / Double(exact.values.count)
  }
}
