import FlowMatching

/// The fields that lanes may follow: the learned one, and what is known of its target.
struct LaneFields: Sendable {
  /// What is learned, and to what.
  struct Target: Sendable {
    let experiment: Experiment
    let dataset: Dataset
    /// Points of the data, of which a lane takes the first.
    let points: Batch
    /// Evaluations of a common network that one of the exact field's costs, about.
    let exactCost: Int
  }

  let network: LearnedField
  /// That of the training beside it, where there is one.
  var rival: LearnedField?
  /// The schedule that it was trained under.
  let trained: Scheduler
  /// What lanes keep beside it, by number, asked for what is observed.
  private(set) var kept: [Int: KeptTraining] = [:]
  /// What was observed, where a posterior is learned.
  private var observed: (observation: [Double], columns: [ObservedColumn])?
  /// What the network was at an eighth of its steps; nil where that was not kept.
  var earlier: FlowWeights?
  /// nil where only the learned field is followed.
  var target: Target?

  init(network: LearnedField, rival: LearnedField? = nil, trained: Scheduler) {
    self.network = network
    self.rival = rival
    self.trained = trained
  }

  init(
    _ network: LearnedField, rival: LearnedField? = nil, _ experiment: Experiment,
    _ dataset: Dataset, _ scene: TargetScene
  ) {
    self.init(network: network, rival: rival, trained: experiment.scheduler)
    target = Target(
      experiment: experiment, dataset: dataset, points: scene.someData, exactCost: scene.exactCost)
  }

  /// Takes what lanes keep; what is there already is not asked anew.
  mutating func keep(_ trainings: [Int: KeptTraining]) {
    let known = kept
    kept = trainings.reduce(into: [:]) { all, entry in
      let (number, training) = entry
      all[number] =
        known[number]
        ?? observed.map { training.given($0.observation, of: $0.columns) } ?? training
    }
  }

  /// Takes what lanes keep, given an observation.
  mutating func keep(
    _ trainings: [Int: KeptTraining], given observation: [Double], of columns: [ObservedColumn]
  ) {
    (observed, kept) = ((observation, columns), [:])
    keep(trainings)
  }

  /// The velocity that settings ask for; the learned one where theirs is not known.
  func flow(_ settings: LaneSettings) -> any Flow {
    let trained = trained(settings)
    let scheduler = settings.scheduler ?? trained
    let network = guided(settings)
    if settings.leaps, let jumps = target?.jumps(settings.method, under: scheduler) { return jumps }
    let learned: any Flow =
      scheduler == trained
      ? network : SolvedFlow(RescheduledField(network, from: trained, to: scheduler))
    switch settings.velocity ?? .learned {
    case .learned: return learned
    case .exact:
      guard let target else { return learned }
      if target.experiment.space != nil {
        return target.dataset.geodesicField.map { SolvedFlow($0) } ?? learned
      }
      if let tokens = target.dataset.tokens {
        let path = target.experiment.tokenPath
        return TokenFlow(tokens.posterior(along: path), along: path)
      }
      if let guidance = settings.guidance {
        var experiment = target.experiment
        experiment.scheduler = scheduler
        // Whatever pairs the network learns: from independent ones the flow ends in the class itself.
        experiment.coupling = .independent
        return experiment.exactFlow(to: target.dataset, guidance) ?? learned
      }
      if settings.method.isMap, let map = target.experiment.exactMapFlow(to: target.dataset) {
        return map
      }
      return target.exactField(under: scheduler).map { SolvedFlow($0) } ?? learned
    case .scaled(let factor):
      guard let exact = target?.exactField(under: scheduler) as? any ExactField & ScoreField else {
        return learned
      }
      return LaneFields.scaled(exact, factor)
    case .points(let count):
      guard let target else { return learned }
      let points = target.points.prefix(count)
      if let space = target.experiment.curvedSpace as? any PointFieldSpace {
        return SolvedFlow(space.pointField(to: points, weights: nil))
      }
      return SolvedFlow(MarginalField(points: points, scheduler: scheduler))
    case .straight(let count):
      guard let target else { return learned }
      return SolvedFlow(
        MarginalField(points: target.points.prefix(count), scheduler: scheduler))
    case .swirl(let amount):
      return SolvedFlow(
        AddedScoreField(learned, scheduler: scheduler, amount: amount, isTurned: true))
    case .score(let amount):
      return SolvedFlow(
        AddedScoreField(learned, scheduler: scheduler, amount: amount, isTurned: false))
    }
  }

  private static func scaled(_ exact: some ExactField & ScoreField, _ factor: Double) -> any Flow {
    ScaledDrift(exact, factor: factor)
  }

  /// What was learned of the class that settings ask for, guided as they say.
  private func guided(_ settings: LaneSettings) -> LearnedField {
    let network = network(settings)
    guard let guidance = settings.guidance, let target else { return network }
    var experiment = target.experiment
    if case .kept(let number) = settings.training, let own = kept[number]?.experiment {
      experiment = own
    }
    // Weights kept from elsewhere may know fewer classes.
    guard guidance.label.map({ experiment.traits.classes.indices.contains($0) }) ?? true else {
      return network
    }
    // Before there are earlier weights it is its own guide, which changes nothing.
    let other = settings.guide.map { _ in
      experiment.velocityField(
        of: earlier ?? network.weights, Guidance(label: guidance.label))
    }
    return experiment.velocityField(of: network.weights, guidance, awayFrom: other)
  }

  /// How many evaluations of the experiment's network one of them costs, about.
  func cost(_ settings: LaneSettings) -> Int {
    if settings.leaps { return target?.exactCost ?? 1 }
    switch settings.velocity ?? .learned {
    case .learned, .swirl, .score:
      // A kept one may be far larger, and a frame must not wait for it.
      return max(1, self.network(settings).weights.values.count / network.weights.values.count)
    case .exact where settings.method.isMap: return 200 * (target?.exactCost ?? 1)
    case .exact, .scaled: return target?.exactCost ?? 1
    case .points(let count), .straight(let count): return max(1, count / 8)
    }
  }

  /// Points that are the unit of work of a solve, so few that a frame does not wait for it.
  func chunkSize(_ settings: LaneSettings) -> Int {
    max(32, Solve.chunkSize(for: network(settings).weights.shape) / cost(settings) / 32 * 32)
  }

  /// The noise that settings add on the way; nil for none.
  func noise(_ settings: LaneSettings) -> AddedNoise? {
    settings.stochastic.map {
      AddedNoise(
        $0, settings.noise ?? LaneSettings.usualNoise, steps: settings.steps,
        scheduler: settings.scheduler ?? trained(settings),
        random: Random(seed: 0).stream("lane"))
    }
  }

  /// What was learned by the training that settings follow, as far as it is there.
  func network(_ settings: LaneSettings) -> LearnedField {
    switch settings.training {
    case nil: network
    case .matching: rival ?? network
    case .kept(let number): kept[number]?.network ?? network
    }
  }

  /// The schedule that this training was under.
  func trained(_ settings: LaneSettings) -> Scheduler {
    guard case .kept(let number) = settings.training, let kept = kept[number] else {
      return trained
    }
    return kept.experiment.scheduler
  }
}

extension LaneFields.Target? {
  /// Whether what is known of both is the same.
  func isAlike(_ other: LaneFields.Target?) -> Bool {
    guard let self, let other else { return false }
    return self.experiment == other.experiment && self.dataset.name == other.dataset.name
  }
}

extension LaneFields.Target {
  /// The exact field under a schedule; nil where none is known.
  func exactField(under scheduler: Scheduler) -> (any ExactField)? {
    var experiment = experiment
    experiment.scheduler = scheduler
    return experiment.exactField(to: dataset)
  }

  /// Where the flow starts, as a mixture.
  var source: GaussianMixture {
    DatasetCatalog.all.first { $0.name == experiment.source }?.mixture
      ?? .standardNormal(dimension: dataset.dimension)
  }

  /// The cells on which jumps are counted: both ends lie within.
  var grid: PlanarGrid {
    dataset.mixture.map { PlanarGrid(covering: [source, $0]) }
      ?? PlanarGrid(covering: points, and: [source])
  }

  /// Jumps by a method; nil where it has none, or what it needs is not known.
  func jumps(_ method: LaneSolver, under scheduler: Scheduler) -> JumpFlow? {
    guard let exact = exactField(under: scheduler), exact.dimension == 2 else { return nil }
    switch method.way {
    case .flow, .diffusion, .map: return nil
    case .jumps: return JumpFlow(exact, .along(grid))
    case .teleport:
      guard let data = dataset.distribution as? any DensityDistribution else { return nil }
      return JumpFlow(exact, .teleport(TeleportMixture(from: source, to: data)))
    }
  }
}
