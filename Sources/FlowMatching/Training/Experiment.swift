/// Everything that fixes a training run: with the same binary on the same machine, the same
/// experiment gives the same bits.
public struct Experiment: Codable, Hashable, Sendable {
  /// The target's name in the catalogue of data sets.
  public var dataset = "8gaussians"
  /// The dimension d of its points.
  public var dimension = 2
  /// The number of units of each hidden layer.
  public var widths = [64, 64, 64]
  /// The activation of the hidden layers.
  public var activation = Activation.silu
  /// The number of pairs in a training batch.
  public var batch = 256
  /// The optimiser's step size η.
  public var learningRate = 1e-3
  /// The decoupled weight decay λ of AdamW; 0 is plain Adam.
  public var weightDecay = 0.0
  /// How data replaces noise along the path.
  public var scheduler = Scheduler.conditionalOT
  /// The number of optimiser steps after which training rests.
  public var steps = 60_000
  /// What all random numbers of the run derive from.
  public var seed: UInt64 = 0

  /// The default experiment.
  public init() {}

  /// The shape of the network that is trained.
  public var shape: MLPShape {
    MLPShape(dimension: dimension, widths: widths, activation: activation)
  }
}
