/// How far one jump from noise is from where the exact flow leads, E|X_{0,1} − X*_{0,1}|², mean over
/// dimensions, on fixed draws; where classes are told, of every class and of all data by their shares of a
/// batch.
struct MapError: ExcessMeasure {
  /// A class with its share, and where its exact flow leads; nil is all data.
  fileprivate struct Part: Sendable {
    let label: Int?
    let share: Double
    var map: any TwoTimeMap
    let noise: Batch
    /// Solved for at the first measurement.
    var exact: Batch?
  }

  private let experiment: Experiment
  fileprivate var parts: [Part] = []

  /// On as many draws as the exact flow can be solved for in about a second; nil where it is not known.
  init?(_ experiment: Experiment, to dataset: Dataset) {
    self.experiment = experiment
    var targets: [(label: Int?, share: Double, dataset: Dataset)] = [(nil, 1, dataset)]
    if let classes = dataset.classes, !experiment.classes.isEmpty {
      let dropout = experiment.labelDropout
      targets[0].share = dropout
      targets += classes.weights.indices.map {
        ($0, (1 - dropout) * classes.weights[$0], dataset.part($0))
      }
    }
    var random = Random(seed: experiment.seed).stream("map error")
    for target in targets {
      guard let field = experiment.exactField(to: target.dataset),
        let map = experiment.exactMap(to: target.dataset, tolerance: 1e-6)
      else { return nil }
      let source: any Distribution =
        (try? experiment.sourceDistribution(to: target.dataset))
        ?? StandardNormal(dimension: experiment.dimension)
      let count = field.affordable(512 * 300) / 300 / targets.count
      parts.append(
        Part(
          label: target.label, share: target.share, map: map,
          noise: source.sample(count: max(64, count), using: &random)))
    }
  }

  mutating func measure(_ learned: LearnedField) -> Excess {
    var (sum, square) = (0.0, 0.0)
    for k in parts.indices {
      let flow =
        parts[k].label == nil
        ? learned : experiment.velocityField(of: learned.weights, Guidance(label: parts[k].label))
      guard let estimate = parts[k].error(of: flow) else {
        return Excess(value: .nan, standardError: nil)
      }
      sum += parts[k].share * estimate.mean
      let error = parts[k].share * estimate.standardError
      square += error * error
    }
    return Excess(value: sum, standardError: square.squareRoot())
  }
}

extension MapError.Part {
  /// That of one class; nil where a jump leads out of the numbers.
  fileprivate mutating func error(of flow: LearnedField) -> Estimate? {
    var plan = TransportPlan()
    plan.jumps = [0, 1]
    if exact == nil {
      var there = noise
      map.carry(&there, from: .shared(0), to: .shared(1))
      exact = there
    }
    guard let exact, let there = flow.carried(noise, plan) else { return nil }
    let d = noise.dimension
    return Estimate(
      of: (0..<noise.count).map { j in
        (0..<d).reduce(0) { sum, i in
          let difference = there[i, j] - exact[i, j]
          return sum + difference * difference / Double(d)
        }
      })
  }
}
