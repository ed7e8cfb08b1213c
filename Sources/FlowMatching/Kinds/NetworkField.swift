/// A network as a velocity field, whatever it predicts.
public typealias NetworkField = ConvertedField<MLP>

extension ConvertedField where Base == MLP {
  /// The weights of the network.
  public var weights: MLPWeights { network.weights }
}

extension Experiment {
  /// The velocity field of a network that predicts what the experiment says, with its divergence; where
  /// it is told classes, that of a class, or of none (nil).
  ///
  /// Everything that samples, measures or draws a trained network goes through it.
  public func velocityField(
    of weights: MLPWeights, label: Int? = nil, instructionSet: InstructionSet = .best
  ) -> NetworkField {
    NetworkField(
      MLP(weights.bound(to: label), instructionSet: instructionSet), predicts: prediction,
      scheduler: scheduler, path: path)
  }
}
