/// What an experiment's choices mean together: its velocity field, and what is known exactly.
extension Experiment {
  /// Refuses choices that have no meaning together, with the reason and what to use instead: the
  /// score of coupled pairs, Lipman's path from data, a path's schedule replaced by another, …
  ///
  public func validate() throws(IncompatibleChoice) {
    if let complaint = kind.complaint ?? spaceComplaint() { throw IncompatibleChoice(complaint) }
    if let complaint = actionNoiseComplaint ?? snapshotComplaint {
      throw IncompatibleChoice(complaint)
    }
    guard path.noiseScale.map({ $0 >= 0 && $0.isFinite }) ?? true else {
      throw IncompatibleChoice(
        "the noise scale of the path \(path.name) must be 0 or a positive number; use "
          + "“\(ConditionalPath.all.first { $0.name == path.name } ?? path)”")
    }
    if !classes.isEmpty && traits.classes.isEmpty {
      throw IncompatibleChoice(
        "classes are learned by flow matching in the plane alone; use --labels none")
    }
    if learnsPosterior && traits.observed.isEmpty {
      throw IncompatibleChoice(
        "a posterior is learned by flow matching of one network alone; use --objective flow-matching"
      )
    }
    try loss.validate()
    try coupling.validate(batch: batch, source: source)
    let bringsSource = if case .rotation = coupling { true } else { false }
    try path.validate(
      source: bringsSource ? "the turned data" : source, coupling: coupling.name,
      prediction: prediction, scheduler: scheduler)
  }

  /// The same, and refuses to reflow to a data set that brings no pairs.
  public func validate(to dataset: Dataset) throws(IncompatibleChoice) {
    if let complaint = latentComplaint(of: dataset) ?? spaceComplaint(of: dataset)
      ?? classComplaint(of: dataset)
      ?? observationComplaint(of: dataset) ?? snapshotComplaint(of: dataset)
    {
      throw IncompatibleChoice(complaint)
    }
    try validate()
    if source == Source.points && dataset.sourcePoints == nil {
      throw IncompatibleChoice(
        "the source “\(Source.points)” is points of a file; use “--source FILE”")
    }
    if coupling == .pairs && dataset.rowPairs == nil && dataset.snapshots == nil {
      throw IncompatibleChoice(
        "the coupling pairs needs as many points at both ends, row by row; use "
          + "“--source FILE --data FILE --coupling pairs”")
    }
    if objective.isMap, mapTeacher == .exact, exactField(to: dataset) == nil {
      throw IncompatibleChoice(
        "the exact field of \(dataset.name) is not known; use “--map-teacher pairs”")
    }
    if coupling == .reflow && dataset.pairs == nil {
      throw IncompatibleChoice(
        "reflow learns the pairs of a trained flow; use “flowscope train --reflow FILE”")
    }
  }

  /// What a network of the experiment is judged by; throws where the source's name is not known.
  public func evaluationProblem(to dataset: Dataset) throws(UnknownName) -> Evaluation.Problem {
    Evaluation.Problem(
      source: try sourceDistribution(to: dataset), target: dataset,
      path: curvedSpace.map { GeodesicPath($0) } ?? path.path(under: scheduler),
      isIndependent: coupling == .independent, exact: exactField(to: dataset),
      geodesic: geodesicField(to: dataset).flatMap { $0.isQuadrature ? nil : $0 })
  }

  /// The exact field of geodesic paths to a data set of its curved space; nil in the plane, and where
  /// pairs are coupled or do not start from the uniform distribution.
  public func geodesicField(to dataset: Dataset) -> (any GeodesicField)? {
    guard space != nil, coupling == .independent, source == Source.uniform else { return nil }
    return dataset.geodesicField
  }

  /// Why the error of a field against the exact one is not known on a curved space; nil where it is, and in
  /// the plane.
  public func geodesicErrorComplaint(to dataset: Dataset) -> String? {
    guard space != nil else { return nil }
    guard coupling == .independent, source == Source.uniform else {
      return "the exact field is that of independent pairs from the uniform source"
    }
    guard let field = dataset.geodesicField else {
      return "the exact field to \(dataset.name) is not known"
    }
    return field.isQuadrature
      ? "the exact field to this density is a quadrature, off near t = 1" : nil
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
    kind.lossFloorEstimation(to: dataset)
  }
}
