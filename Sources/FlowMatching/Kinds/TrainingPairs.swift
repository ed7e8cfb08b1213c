/// The data of a training step: pairs of ends, times, and points on the path between them.
///
/// Source, target, coupling and times have streams of their own, so a change to one leaves the
/// numbers of the others alone. The network is not known here.
struct TrainingPairs: Sendable {
  let source: any Distribution
  private let target: any Distribution
  /// The classes of the target, and how many of them are kept from the network; nil where none are told.
  private let classes: Labelling?
  /// What the target's points are drawn from with what is observed of each; nil where nothing is.
  private let simulations: (any Simulations)?
  private let columns: [ObservedColumn]
  private let path: any ProbabilityPath
  /// The snapshots between which points go, and whether a row is the same member in all of them; nil where
  /// they go from source to target.
  private let snapshots: (points: Snapshots, areRowsPaired: Bool)?
  private let regression: RegressionTarget
  private let density: TimeDensity
  /// nil leaves the ends independent.
  private var coupling: (any Coupling)?
  /// Where other threads pair; nil where each batch is paired when it is drawn.
  private var ahead: PairsAhead?
  private var sourceRandom: Random
  private var targetRandom: Random
  private var couplingRandom: Random
  private var timeRandom: Random
  private var pathRandom: Random
  /// Where jumps end; nil where nothing jumps.
  private var jumps: JumpTimes?
  private var dropoutRandom: Random
  /// The ends of the last draw, `d×n`.
  private(set) var x0: Batch
  private(set) var x1: Batch
  /// The times of the last draw, of the density on [0, 1), or inside where `RegressionTarget.place` says.
  private(set) var times: [Double]
  /// Where the jumps from these times end, of those that are none at once; empty where nothing jumps.
  private(set) var ends: [Double] = []
  /// The points and conditional velocities of the last draw, `d×n`.
  private(set) var sample: PathSample
  /// The scores of the last draw, where they are the target.
  private var scores: Batch
  /// The classes of the last draw's targets; empty where none are told.
  private(set) var labels: [Int]
  /// What was observed of the last draw's targets, `m×n` in the network's units; nil where nothing is.
  private(set) var observed: Batch?
  /// Those that the network is told: nil where the class is kept from it.
  private(set) var told: [Int?]

  /// Classes that a network is told.
  struct Labelling: Sendable {
    let classes: LabelledDistribution
    /// The share of a batch that is told none.
    let dropout: Double
    /// Whether pairs are made whatever the classes.
    var pairsAcross = false
  }

  /// Room for `count` pairs at a time; `threads` pair batches ahead where the coupling lets them.
  init(
    from source: any Distribution, to target: any Distribution, of classes: Labelling? = nil,
    simulated simulations: (any Simulations)? = nil, as columns: [ObservedColumn] = [],
    through snapshots: (points: Snapshots, areRowsPaired: Bool)? = nil,
    along path: any ProbabilityPath, coupledBy coupling: (any Coupling)? = nil,
    regressing regression: RegressionTarget = RegressionTarget(),
    density: TimeDensity = .uniform, jumping jumps: (rule: JumpRule, count: Int)? = nil,
    count: Int, random: Random, threads: Int = 1
  ) {
    precondition(source.dimension == target.dimension, "both ends need the same dimension")
    self.source = source
    self.target = target
    self.classes = classes
    self.simulations = simulations
    self.columns = columns
    self.snapshots = snapshots
    self.path = snapshots.map { SnapshotPath(times: $0.points.flowTimes, base: path) } ?? path
    self.regression = regression
    self.density = density
    self.jumps = jumps.map {
      JumpTimes(rule: $0.rule, count: $0.count, random: random.stream("jump"))
    }
    self.coupling = coupling
    sourceRandom = random.stream("source")
    targetRandom = random.stream("target")
    couplingRandom = random.stream("coupling")
    timeRandom = random.stream("time")
    pathRandom = random.stream("path")
    dropoutRandom = random.stream("dropout")
    labels = [Int](repeating: 0, count: classes == nil ? 0 : count)
    told = labels
    observed = simulations.map { _ in Batch(dimension: columns.count, count: count) }
    x0 = Batch(dimension: source.dimension, count: count)
    x1 = x0
    times = [Double](repeating: 0, count: count)
    sample = PathSample(dimension: source.dimension, count: count)
    scores = Batch(
      dimension: source.dimension, count: regression.prediction == .score ? count : 0)
    let isPlain = classes == nil && simulations == nil && snapshots == nil
    if threads > 1, isPlain, let coupling, coupling.drawsNothing {
      ahead = PairsAhead(
        from: source, to: target, coupledBy: coupling, like: x0,
        PairsAhead.Streams(source: sourceRandom, target: targetRandom), threads: threads)
    }
  }

  /// The threads at work on pairs.
  var threads: Int { ahead?.threads ?? 1 }

  /// What the coupling has cost so far; nil where it always does what its name says.
  var couplingTally: CouplingTally? { coupling?.tally }

  /// What the network is to predict at the points of the last draw, `d×n`.
  var targets: Batch {
    switch regression.prediction {
    case .velocity: sample.velocity
    case .target: x1
    case .source: x0
    case .score: scores
    }
  }

  /// Draws fresh pairs and times, and the points on the path.
  mutating func draw() {
    if snapshots == nil { drawEnds() }
    timeRandom.fillUniforms(&times)
    density.place(&times)
    regression.place(&times)
    if let snapshots { drawEnds(of: snapshots.points, snapshots.areRowsPaired) }
    if var rule = jumps {
      // Taken out, its memory is nobody else's.
      jumps = nil
      rule.draw(density, &times, &ends)
      jumps = rule
    }
    path.sample(from: x0, to: x1, at: times, using: &pathRandom, into: &sample)
    if regression.prediction == .score { regression.scores(of: x0, at: times, into: &scores) }
  }

  /// Draws both ends, with classes or observations where those are learned, and pairs them.
  private mutating func drawEnds() {
    if ahead != nil {
      ahead?.take(&x0, &x1)
      return
    }
    source.sample(into: &x0, using: &sourceRandom)
    if let classes {
      drawClasses(classes)
    } else if let simulations, var drawn = observed {
      // Taken out, its memory is nobody else's.
      observed = nil
      simulations.sample(into: &x1, observations: &drawn, using: &targetRandom)
      columns.standardise(&drawn)
      observed = drawn
    } else {
      target.sample(into: &x1, using: &targetRandom)
      coupling?.pair(&x0, &x1, using: &couplingRandom)
    }
  }

  /// Draws targets with their classes, pairs them, and keeps some classes from the network.
  private mutating func drawClasses(_ classes: Labelling) {
    classes.classes.sample(into: &x1, labels: &labels, using: &targetRandom)
    if var pairing = coupling {
      ClassPairs.pair(
        &x0, &x1, &labels, by: &pairing, across: classes.pairsAcross, of: classes.classes.count,
        using: &couplingRandom)
      coupling = pairing
    }
    for j in told.indices {
      told[j] = dropoutRandom.uniform() < classes.dropout ? nil : labels[j]
    }
  }
}

extension TrainingPairs {
  /// Every random stream that a draw takes from, by name.
  var generators: [String: Random] {
    get {
      var streams = [
        "source": ahead?.streams.source ?? sourceRandom,
        "target": ahead?.streams.target ?? targetRandom, "coupling": couplingRandom,
        "time": timeRandom, "path": pathRandom,
      ]
      streams["jump"] = jumps?.random
      if classes != nil { streams["dropout"] = dropoutRandom }
      return streams
    }
    set {
      sourceRandom = newValue["source"]!
      targetRandom = newValue["target"]!
      couplingRandom = newValue["coupling"]!
      timeRandom = newValue["time"]!
      pathRandom = newValue["path"]!
      dropoutRandom = newValue["dropout"] ?? dropoutRandom
      if let random = newValue["jump"] { jumps?.random = random }
      ahead?.restart(PairsAhead.Streams(source: sourceRandom, target: targetRandom))
    }
  }
}

extension TrainingPairs {
  /// Draws the ends of ways from the snapshot before each time to the one behind it, and pairs those of two
  /// snapshots with each other. The times are sorted for it.
  private mutating func drawEnds(of snapshots: Snapshots, _ areRowsPaired: Bool) {
    times.sort()
    guard let path = path as? SnapshotPath else { return }
    var first = 0
    while first < times.count {
      let k = path.segment(at: times[first])
      let last = times[first...].firstIndex { path.segment(at: $0) != k } ?? times.count
      let rows = snapshots.rows(k, count: last - first, using: &sourceRandom)
      var start = snapshots.draw(k, rows: rows)
      var end = snapshots.draw(
        k + 1,
        rows: areRowsPaired
          ? rows : snapshots.rows(k + 1, count: last - first, using: &targetRandom))
      coupling?.pair(&start, &end, using: &couplingRandom)
      for i in 0..<start.dimension {
        for j in first..<last {
          x0[i, j] = start[i, j - first]
          x1[i, j] = end[i, j - first]
        }
      }
      first = last
    }
  }

  /// Draws of p₀ and p₁ besides, `d×n` each: of the first snapshot and the last, or where the path begins and
  /// ends.
  mutating func drawBothEnds(
    into start: inout PathSample, _ finish: inout PathSample, using random: inout Random
  ) {
    let n = times.count
    if let snapshots = snapshots?.points {
      let last = snapshots.points.count - 1
      start.x = snapshots.draw(0, rows: snapshots.rows(0, count: n, using: &random))
      finish.x = snapshots.draw(last, rows: snapshots.rows(last, count: n, using: &random))
      return
    }
    path.sample(
      from: x0, to: x1, at: [Double](repeating: 0, count: n), using: &random, into: &start)
    path.sample(
      from: x0, to: x1, at: [Double](repeating: 1, count: n), using: &random, into: &finish)
  }
}

extension Experiment {
  /// The snapshots of a data set as training pairs them; nil where it learns none.
  func snapshots(of dataset: Dataset) -> (points: Snapshots, areRowsPaired: Bool)? {
    learnsSnapshots ? dataset.snapshots.map { ($0, coupling == .pairs) } : nil
  }

  /// The coupling to a data set of batches of `count` points, the experiment's own where nil; rows of snapshots
  /// that belong together need none.
  func pairing(
    to dataset: Dataset, count: Int? = nil, instructionSet: InstructionSet
  ) -> (any Coupling)? {
    if learnsSnapshots, coupling == .pairs { return nil }
    // What is paired in parts, by classes or snapshots, has no potential in common.
    var potential: TransportPotential?
    if coupling == .optimalTransport, classes.isEmpty, !learnsSnapshots {
      potential = (try? sourceDistribution(to: dataset)).flatMap {
        .ifItSaves(
          from: $0, to: dataset.distribution, batch: count ?? batch, random: Random(seed: seed),
          instructionSet: instructionSet)
      }
    }
    return coupling.coupling(
      instructionSet: instructionSet,
      pairs: coupling == .pairs ? dataset.rowPairs : dataset.pairs, after: potential,
      plan: semidiscretePlan(to: dataset))
  }
}
