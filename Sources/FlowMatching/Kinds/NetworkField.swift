/// A network as a velocity field, whatever it predicts.
public typealias NetworkField = ConvertedField<MLP>

extension ConvertedField where Base == MLP {
  /// The weights of the network.
  public var weights: MLPWeights { network.weights }
}

extension Experiment {
  /// The velocity field of a network that predicts what the experiment says, with its divergence.
  ///
  /// Everything that samples, measures or draws a trained network goes through it.
  public func velocityField(
    of weights: MLPWeights, instructionSet: InstructionSet = .best
  ) -> NetworkField {
    NetworkField(
      MLP(weights, instructionSet: instructionSet), predicts: prediction, scheduler: scheduler,
      path: path)
  }
}
