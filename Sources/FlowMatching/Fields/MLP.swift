import Kernels

/// The velocity field of a multilayer perceptron, v = f(x, t).
///
/// Points and velocities are Doubles, the network works in Float32: its answer differs from an
/// exact evaluation by about 1e-6 of the largest velocity.
public struct MLP: VelocityField {
  /// The weights that it evaluates.
  public internal(set) var weights: MLPWeights
  var network: DenseNetwork

  /// The field of the given weights; the instruction set must be available on this machine.
  public init(_ weights: MLPWeights, instructionSet: InstructionSet = .best) {
    precondition(
      weights.shape == weights.shape.withoutCondition && weights.shape.times == 1,
      "a class, an observation or a second time is bound before: see MLPWeights")
    self.weights = weights
    network = DenseNetwork(weights.shape, instructionSet: instructionSet)
  }

  public var dimension: Int { weights.shape.dimension }

  public var regularity: Regularity {
    Regularity(isRounded: true, isSmooth: weights.shape.activation.hasContinuousDerivative)
  }

  public mutating func evaluate(_ x: Batch, at t: Times, into velocity: inout Batch) {
    precondition(x.dimension == dimension, "the field has \(dimension) dimensions")
    precondition(
      velocity.dimension == weights.shape.outputs && velocity.count == x.count,
      "a velocity for each point")
    switch t {
    case .shared(let time):
      network.evaluate(
        weights: weights.values, points: x.values, time: time, into: &velocity.values)
    case .each(let times):
      network.evaluate(
        weights: weights.values, points: x.values, times: times, into: &velocity.values)
    }
  }

  /// Writes v, and its divergence or εᵀ(∂v/∂x)ε for `d×n` probes ε.
  mutating func evaluate(
    _ x: Batch, at t: Times, probes: [Double]?, into velocity: inout Batch,
    divergence: inout [Double]
  ) {
    precondition(x.dimension == dimension, "the field has \(dimension) dimensions")
    precondition(velocity.hasShape(of: x), "velocity and points have the same shape")
    switch t {
    case .shared(let time):
      network.evaluate(
        weights: weights.values, points: x.values, time: time, probes: probes,
        into: &velocity.values, divergence: &divergence)
    case .each(let times):
      network.evaluate(
        weights: weights.values, points: x.values, times: times, probes: probes,
        into: &velocity.values, divergence: &divergence)
    }
  }
}

extension DenseNetwork {
  /// The kernels' view of a shape.
  init(_ shape: MLPShape, instructionSet: InstructionSet) {
    precondition(
      shape.letters == nil && shape.pairs == nil,
      "a network of letters or of pairs is no velocity field by itself")
    self.init(
      features: shape.features, hiddenWidths: shape.widths, outputs: shape.outputs,
      nonlinearity: shape.activation.nonlinearity, instructionSet: instructionSet)
  }
}
