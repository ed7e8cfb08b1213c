/// What is known exactly of an experiment that follows a path.
extension Experiment {
  /// What the network is regressed on.
  var regression: RegressionTarget {
    RegressionTarget(prediction: prediction, path: path, scheduler: scheduler)
  }

  /// The source as a mixture: nil in `mixture` is N(0, I); the whole is nil where the source is none,
  /// or where pairs are coupled, so that no exact field is known.
  var independentSource: (mixture: GaussianMixture?, isKnown: Bool) {
    // A flow that follows no path has many fields: none is the exact one.
    guard coupling == .independent, learnsPaths else { return (nil, false) }
    if source == Source.gaussian { return (nil, true) }
    let mixture = DatasetCatalog.all.first { $0.name == source }?.mixture
    return (mixture, mixture != nil)
  }

  /// Whether it learns the mean velocity of paths in flat space, whatever was observed.
  private var learnsPaths: Bool {
    space == nil && letters == nil && observations.isEmpty && objective != .likelihood
      && model.objectives.contains(objective)
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
}
