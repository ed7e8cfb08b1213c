import Kernels

/// Four particles that push each other along the lines between them, v_i = Σ_j φ_ij (x_i − x_j), with φ of a
/// network that is told of pairs (Klein, Krämer and Noé, 2023; Satorras et al., 2021, eq. 4).
///
/// φ_ij = φ_ji is the same under every motion and permutation, so that v(gx) = g·v(x), Σ v_i = 0, and no angular
/// momentum arises. The network works in Float, all else in Double.
public struct PairField: DivergenceField {
  /// The weights of the network.
  public let weights: MLPWeights
  private var kernel: PairKernel
  private var inputs = PairInputs()
  private var answers: [Double] = []
  private var changes: [Double] = []

  /// The field of the weights of a network of pairs.
  public init(_ weights: MLPWeights, instructionSet: InstructionSet = .best) {
    self.weights = weights
    kernel = PairKernel(weights.shape, instructionSet: instructionSet)
  }

  public var dimension: Int { 2 * DoubleWells.particles }

  public var regularity: Regularity {
    Regularity(isRounded: true, isSmooth: weights.shape.activation.hasContinuousDerivative)
  }

  public var inDouble: any DivergenceField { PrecisePairField(weights) }

  public mutating func evaluate(_ x: Batch, at t: Times, into velocity: inout Batch) {
    precondition(velocity.hasShape(of: x), "velocity and points have the same shape")
    inputs.load(x, at: t, slopes: false)
    makeRoom(x.count, changes: false)
    kernel.evaluate(weights: weights.values, features: inputs.features, into: &answers)
    inputs.velocities(answers, into: &velocity)
  }

  public mutating func evaluate(
    _ x: Batch, at t: Times, into velocity: inout Batch, divergence: inout [Double]
  ) {
    differentiate(x, t, &velocity)
    inputs.divergences(answers, changes, into: &divergence)
  }

  public mutating func evaluate(
    _ x: Batch, at t: Times, probes: Batch, into velocity: inout Batch, divergence: inout [Double]
  ) {
    precondition(probes.hasShape(of: x), "a probe for each point")
    differentiate(x, t, &velocity)
    inputs.probed(answers, changes, probes, into: &divergence)
  }

  private mutating func differentiate(_ x: Batch, _ t: Times, _ velocity: inout Batch) {
    precondition(velocity.hasShape(of: x), "velocity and points have the same shape")
    inputs.load(x, at: t, slopes: true)
    makeRoom(x.count, changes: true)
    kernel.evaluate(
      weights: weights.values, features: inputs.features, slopes: inputs.slopes, into: &answers,
      changes: &changes)
    inputs.velocities(answers, into: &velocity)
  }

  private mutating func makeRoom(_ count: Int, changes hasChanges: Bool) {
    let size = DoubleWells.pairs * count
    if answers.count != size { answers = [Double](repeating: 0, count: size) }
    if hasChanges && changes.count != DoubleWells.pairs * size {
      changes = [Double](repeating: 0, count: DoubleWells.pairs * size)
    }
  }
}

extension PairKernel {
  /// The kernels' view of a shape.
  init(_ shape: MLPShape, instructionSet: InstructionSet) {
    guard let pairs = shape.pairs else { preconditionFailure("the network reads no pairs") }
    self.init(
      features: shape.features, hiddenWidths: shape.widths, hasMessages: pairs.hasMessages,
      nonlinearity: shape.activation.nonlinearity, instructionSet: instructionSet)
  }
}
