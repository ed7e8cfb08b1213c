/// The excess loss of a network that is told classes: Σ π_c E|v_θ(·, c) − u_c|², with the share of all
/// data where the class is kept from it, each on fixed draws of its own.
struct LabelledFieldError: ExcessMeasure {
  private let experiment: Experiment
  private var parts: [(label: Int?, share: Double, error: FieldError)] = []

  /// The measure of an experiment's classes; nil where an exact field is not known.
  init?(_ experiment: Experiment, to dataset: Dataset) {
    guard let classes = dataset.classes else { return nil }
    self.experiment = experiment
    let dropout = experiment.labelDropout
    let count = max(256, FieldError.count / (classes.count + 1))
    var targets: [(label: Int?, share: Double, dataset: Dataset)] = classes.weights.indices.map {
      ($0, (1 - dropout) * classes.weights[$0], dataset.part($0))
    }
    targets.append((nil, dropout, dataset))
    for target in targets {
      guard let error = experiment.fieldError(to: target.dataset, count: count) else { return nil }
      parts.append((target.label, target.share, error))
    }
  }

  mutating func measure(_ learned: LearnedField) -> Excess {
    let weights = MLPWeights(learned.weights)
    var (sum, square) = (0.0, 0.0)
    for k in parts.indices {
      var field = experiment.velocityField(of: weights, label: parts[k].label)
      let estimate = parts[k].error.estimate(of: &field)
      sum += parts[k].share * estimate.mean
      let error = parts[k].share * estimate.standardError
      square += error * error
    }
    return Excess(value: sum, standardError: square.squareRoot())
  }
}

extension Experiment {
  /// The exact field of a class, or of all data (nil): what its network would answer if it learned
  /// everything; nil where it is not known.
  public func exactField(to dataset: Dataset, label: Int?) -> (any ExactField)? {
    guard let label else { return exactField(to: dataset) }
    guard dataset.classNames.indices.contains(label) else { return nil }
    return exactField(to: dataset.part(label))
  }

  /// The exact flow of a class, guided by the exact field of all data; nil where one is not known.
  public func exactFlow(to dataset: Dataset, _ guidance: Guidance) -> (any Flow)? {
    guard let base = exactField(to: dataset, label: guidance.label) else { return nil }
    guard guidance.needsGuide, guidance.label != nil else { return SolvedFlow(base) }
    guard let guide = exactField(to: dataset) else { return nil }
    return GuidedFlow(SolvedFlow(base), awayFrom: SolvedFlow(guide), guidance)
  }
}
