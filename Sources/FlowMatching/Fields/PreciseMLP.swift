import Kernels

/// The velocity field of a network with every sum and function in Double: the weights are its Floats.
///
/// It differs from an exact evaluation by about 1e-15 of the largest value, so that a solver may be as
/// tight as it likes; an evaluation takes several times that of `MLP`. References and the last digits
/// of likelihoods come from it.
public struct PreciseMLP: DivergenceField {
  /// The weights that it evaluates.
  public let weights: MLPWeights
  var network: DenseNetwork

  /// The field of the given weights; the instruction set must be available on this machine.
  public init(_ weights: MLPWeights, instructionSet: InstructionSet = .best) {
    self.weights = weights
    network = DenseNetwork(weights.shape, instructionSet: instructionSet)
  }

  public var dimension: Int { weights.shape.dimension }

  public var regularity: Regularity {
    Regularity(isSmooth: weights.shape.activation.hasContinuousDerivative)
  }

  public mutating func evaluate(_ x: Batch, at t: Times, into velocity: inout Batch) {
    precondition(
      velocity.dimension == weights.shape.outputs && velocity.count == x.count,
      "a velocity for each point")
    network.evaluateInDouble(
      weights: weights.values, points: x.values, times: t.list, into: &velocity.values)
  }

  public mutating func evaluate(
    _ x: Batch, at t: Times, into velocity: inout Batch, divergence: inout [Double]
  ) {
    precondition(velocity.hasShape(of: x), "velocity and points have the same shape")
    network.evaluateInDouble(
      weights: weights.values, points: x.values, times: t.list, into: &velocity.values,
      divergence: &divergence)
  }

  public mutating func evaluate(
    _ x: Batch, at t: Times, probes: Batch, into velocity: inout Batch, divergence: inout [Double]
  ) {
    precondition(velocity.hasShape(of: x), "velocity and points have the same shape")
    precondition(probes.hasShape(of: x), "a probe for each point")
    network.evaluateInDouble(
      weights: weights.values, points: x.values, times: t.list, probes: probes.values,
      into: &velocity.values, divergence: &divergence)
  }
}
