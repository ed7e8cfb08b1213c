import Kernels

/// A network as a velocity field, whatever it predicts.
public typealias NetworkField = ConvertedField<MLP>

extension ConvertedField where Base == MLP {
  /// The weights of the network.
  public var weights: MLPWeights { network.weights }
}

/// What an experiment's choices mean together: its velocity field, and what is known exactly.
extension Experiment {
  /// The coefficients of the path at `t` in [0, 1].
  public func pathCoefficients(at t: Double) -> PathCoefficients {
    path.coefficients(scheduler, at: t)
  }

  /// What the network is regressed on.
  var regression: RegressionTarget {
    RegressionTarget(prediction: prediction, path: path, scheduler: scheduler)
  }

  /// Refuses choices that have no meaning together, with the reason and what to use instead: the
  /// score of coupled pairs, Lipman's path from data, a path's schedule replaced by another, …
  ///
  /// An unknown source is refused by `sourceDistribution`.
  public func validate() throws(IncompatibleChoice) {
    guard path.noiseScale.map({ $0 >= 0 && $0.isFinite }) ?? true else {
      throw IncompatibleChoice(
        "the noise scale of the path \(path.name) must be 0 or a positive number; use "
          + "“\(ConditionalPath.all.first { $0.name == path.name } ?? path)”")
    }
    if let likelihoodComplaint { throw IncompatibleChoice(likelihoodComplaint) }
    try loss.validate()
    try coupling.validate(batch: batch, source: source)
    let bringsSource = if case .rotation = coupling { true } else { false }
    try path.validate(
      source: bringsSource ? "the turned data" : source, coupling: coupling.name,
      prediction: prediction, scheduler: scheduler)
  }

  /// The same, and refuses to reflow to a data set that brings no pairs.
  public func validate(to dataset: Dataset) throws(IncompatibleChoice) {
    try validate()
    if source == Source.points && dataset.sourcePoints == nil {
      throw IncompatibleChoice(
        "the source “\(Source.points)” is points of a file; use “--source FILE”")
    }
    if coupling == .pairs && dataset.rowPairs == nil {
      throw IncompatibleChoice(
        "the coupling pairs needs as many points at both ends, row by row; use "
          + "“--source FILE --data FILE --coupling pairs”")
    }
    if coupling == .reflow && dataset.pairs == nil {
      throw IncompatibleChoice(
        "reflow learns the pairs of a trained flow; use “flowscope train --reflow FILE”")
    }
  }

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

  /// The source as a mixture: nil in `mixture` is N(0, I); the whole is nil where the source is none,
  /// or where pairs are coupled, so that no exact field is known.
  private var independentSource: (mixture: GaussianMixture?, isKnown: Bool) {
    // A flow that is trained by likelihood follows no path: no field is the exact one.
    guard coupling == .independent, objective == .flowMatching else { return (nil, false) }
    if source == Source.gaussian { return (nil, true) }
    let mixture = DatasetCatalog.all.first { $0.name == source }?.mixture
    return (mixture, mixture != nil)
  }

  /// The velocity field that the network would learn if it learned everything; nil where pairs are
  /// coupled, and where the source or the data set has none.
  public func exactField(to dataset: Dataset) -> (any ExactField)? {
    let source = independentSource
    guard source.isKnown else { return nil }
    return dataset.exactField(source: source.mixture, scheduler: scheduler, path: path)
  }

  /// The distance of a network's velocity from `exactField`, in squared velocities whatever it
  /// predicts; nil where that is.
  public func fieldError(to dataset: Dataset, count: Int = FieldError.count) -> FieldError? {
    let source = independentSource
    guard source.isKnown else { return nil }
    return FieldError(
      dataset: dataset, scheduler: scheduler, source: source.mixture, path: path, seed: seed,
      count: count)
  }

  /// What a network of the experiment is judged by; throws where the source's name is not known.
  public func evaluationProblem(to dataset: Dataset) throws(UnknownName) -> Evaluation.Problem {
    Evaluation.Problem(
      source: try sourceDistribution(to: dataset), target: dataset,
      path: path.path(under: scheduler), isIndependent: coupling == .independent,
      exact: exactField(to: dataset))
  }

  /// The least squared error that any network can have, in the units of what it predicts (for the
  /// score in those of the source, see `RegressionTarget`), mean over the dimensions; nil where
  /// `exactField` is, for another loss, and where it is not known to 2 %. Of the likelihood it is the
  /// data's entropy, in nats.
  public func lossFloor(to dataset: Dataset) -> Double? {
    lossFloorEstimate(to: dataset)?.mean
  }

  /// The same with its standard error, 0 where it is exact.
  public func lossFloorEstimate(to dataset: Dataset) -> Estimate? {
    var estimation = lossFloorEstimation(to: dataset)
    return estimation.finish()
  }

  /// The same, a piece at a time.
  public func lossFloorEstimation(to dataset: Dataset) -> LossFloorEstimation {
    if objective == .likelihood {
      let entropy = dataset.entropyFloor.map { Estimate(mean: $0, standardError: 0) }
      return LossFloorEstimation(known: entropy)
    }
    let source = independentSource
    guard source.isKnown, loss == .squared else { return LossFloorEstimation(known: nil) }
    return LossFloorEstimation(from: source.mixture, to: dataset, regression)
  }
}
