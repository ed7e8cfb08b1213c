import Kernels

/// The excess loss: how far a network is from the exact field, E|v_θ − u*|², mean over dimensions.
///
/// It is the training loss without its irreducible part, on fixed draws of (t, X_t), so that two
/// networks are compared on the same points.
public struct FieldError: Sendable {
  /// The number of draws that all experiments share, but for those on so many points that the exact
  /// field would take long: see `ExactField.affordable`.
  public static let count = 4096
  /// The number of its own draws.
  public var drawCount: Int { points.count }
  private let points: Batch
  private let times: Times
  private var velocity: Batch
  /// The exact velocities, once they were asked for: some data sets take tenths of a second.
  private var exact: Batch?
  private var teacher: any ExactField

  /// Draws t uniformly on [0, 1) and X_t between N(0, I) and the target.
  public init(
    target: GaussianMixture, scheduler: Scheduler, seed: UInt64 = 0, count: Int = FieldError.count
  ) {
    self.init(
      field: MarginalField(target: target, scheduler: scheduler), source: nil, target: target,
      path: AffinePath(scheduler: scheduler), seed: seed, count: count)
  }

  /// The same for a data set, and for any source and path with independent ends; nil where the exact
  /// field is not known.
  public init?(
    dataset: Dataset, scheduler: Scheduler, source: GaussianMixture? = nil,
    path: ConditionalPath = .affine, seed: UInt64 = 0, count: Int = FieldError.count
  ) {
    guard let field = dataset.exactField(source: source, scheduler: scheduler, path: path) else {
      return nil
    }
    self.init(
      field: field, source: source, target: dataset.distribution,
      path: path.path(under: scheduler), seed: seed, count: count)
  }

  private init(
    field: any ExactField, source: GaussianMixture?, target: any Distribution,
    path: any ProbabilityPath, seed: UInt64, count: Int
  ) {
    precondition(count > 0, "an average needs a point at least")
    let noise: any Distribution = source ?? StandardNormal(dimension: target.dimension)
    var pairs = TrainingPairs(
      from: noise, to: target, along: path, count: field.affordable(count),
      random: Random(seed: seed).stream("field error"))
    pairs.draw()
    points = pairs.sample.x
    times = .each(pairs.times)
    velocity = points
    teacher = field
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
    estimate(of: &field).mean
  }

  /// The same with its standard error, that of the draws.
  public mutating func estimate(of field: inout some VelocityField) -> Estimate {
    if exact == nil {
      teacher.evaluate(points, at: times, into: &velocity)
      exact = velocity
    }
    field.evaluate(points, at: times, into: &velocity)
    let exact = exact!
    var squares = [Double](repeating: 0, count: exact.count)
    for i in 0..<exact.dimension {
      for j in 0..<exact.count {
        let difference = velocity[i, j] - exact[i, j]
        squares[j] += difference * difference / Double(exact.dimension)
      }
    }
    return Estimate(of: squares)
  }
}
