/// A network as a velocity field, whatever it predicts.
public typealias NetworkField = ConvertedField<MLP>

extension ConvertedField where Base == MLP {
  /// The weights of the network.
  public var weights: MLPWeights { network.weights }
}

extension Experiment {
  /// The velocity field of a network that predicts what the experiment says, with its divergence; where
  /// it is told classes, that of a class, or of none (nil), and where it is told what was observed, given
  /// an observation, or the usual one.
  ///
  /// Everything that samples, measures or draws a trained network goes through it.
  public func velocityField(
    of weights: MLPWeights, label: Int? = nil, given observation: [Double]? = nil,
    instructionSet: InstructionSet = .best
  ) -> NetworkField {
    let bound =
      observations.isEmpty
      ? weights.bound(to: label)
      : weights.bound(toObserved: observations.standardised(observation ?? observations.usual))
    return NetworkField(
      MLP(bound, instructionSet: instructionSet), predicts: prediction, scheduler: scheduler,
      path: path)
  }
}
