extension Dataset {
  /// The floor of every likelihood, the entropy of the data.
  var entropyFloorEstimation: LossFloorEstimation {
    LossFloorEstimation(known: entropyFloor.map { Estimate(mean: $0, standardError: 0) })
  }
}

extension Experiment {
  /// Why choices that every likelihood shares leave it without a meaning; nil where they do not.
  var likelihoodChoicesComplaint: String? {
    if !activation.hasContinuousDerivative {
      return "\(activation.title)'s derivative jumps at 0, and with it the divergence, whose "
        + "gradient then says nothing: the likelihood needs silu, tanh, elu, gelu or softplus"
    }
    if source != Source.gaussian { return "the likelihood needs the Gaussian source" }
    if path != .affine || coupling != .independent || prediction != .velocity || loss != .squared {
      return "the likelihood knows no path, coupling, prediction or loss; leave out those options"
    }
    return timeComplaint ?? likelihood.complaint
  }
}

/// g ← g·min(1, norm/|g|) (Pascanu et al., 2013, algorithm 1).
func clip(_ gradient: inout [Float], to norm: Double) {
  var square = 0.0
  for value in gradient { square += Double(value) * Double(value) }
  guard square > norm * norm else { return }
  let factor = Float(norm / square.squareRoot())
  for k in gradient.indices { gradient[k] *= factor }
}
