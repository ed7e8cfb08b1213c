/// The data of a training step: pairs of ends, times, and points on the path between them.
///
/// Source, target, coupling and times have streams of their own, so a change to one leaves the
/// numbers of the others alone. The network is not known here.
struct TrainingPairs: Sendable {
  let source: any Distribution
  private let target: any Distribution
  /// The classes of the target, and how many of them are kept from the network; nil where none are told.
  private let classes: Labelling?
  private let path: any ProbabilityPath
  private let regression: RegressionTarget
  /// nil leaves the ends independent.
  private var coupling: (any Coupling)?
  private var sourceRandom: Random
  private var targetRandom: Random
  private var couplingRandom: Random
  private var timeRandom: Random
  private var pathRandom: Random
  private var dropoutRandom: Random
  /// The ends of the last draw, `d×n`.
  private(set) var x0: Batch
  private(set) var x1: Batch
  /// The times of the last draw, uniform on [0, 1), or inside where `RegressionTarget.place` says.
  private(set) var times: [Double]
  /// The points and conditional velocities of the last draw, `d×n`.
  private(set) var sample: PathSample
  /// The scores of the last draw, where they are the target.
  private var scores: Batch
  /// The classes of the last draw's targets; empty where none are told.
  private(set) var labels: [Int]
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

  /// Room for `count` pairs at a time.
  init(
    from source: any Distribution, to target: any Distribution, of classes: Labelling? = nil,
    along path: any ProbabilityPath, coupledBy coupling: (any Coupling)? = nil,
    regressing regression: RegressionTarget = RegressionTarget(), count: Int, random: Random
  ) {
    precondition(source.dimension == target.dimension, "both ends need the same dimension")
    self.source = source
    self.target = target
    self.classes = classes
    self.path = path
    self.regression = regression
    self.coupling = coupling
    sourceRandom = random.stream("source")
    targetRandom = random.stream("target")
    couplingRandom = random.stream("coupling")
    timeRandom = random.stream("time")
    pathRandom = random.stream("path")
    dropoutRandom = random.stream("dropout")
    labels = [Int](repeating: 0, count: classes == nil ? 0 : count)
    told = labels
    x0 = Batch(dimension: source.dimension, count: count)
    x1 = x0
    times = [Double](repeating: 0, count: count)
    sample = PathSample(dimension: source.dimension, count: count)
    scores = Batch(
      dimension: source.dimension, count: regression.prediction == .score ? count : 0)
  }

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
    source.sample(into: &x0, using: &sourceRandom)
    if let classes {
      drawClasses(classes)
    } else {
      target.sample(into: &x1, using: &targetRandom)
      coupling?.pair(&x0, &x1, using: &couplingRandom)
    }
    timeRandom.fillUniforms(&times)
    regression.place(&times)
    path.sample(from: x0, to: x1, at: times, using: &pathRandom, into: &sample)
    if regression.prediction == .score { regression.scores(of: x0, at: times, into: &scores) }
  }

  /// Draws targets with their classes, pairs them, and keeps some classes from the network.
  private mutating func drawClasses(_ classes: Labelling) {
    classes.classes.sample(into: &x1, labels: &labels, using: &targetRandom)
    if coupling != nil {
      ClassPairs.pair(
        &x0, &x1, &labels, by: &coupling!, across: classes.pairsAcross, of: classes.classes.count,
        using: &couplingRandom)
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
      let all = [
        "source": sourceRandom, "target": targetRandom, "coupling": couplingRandom,
        "time": timeRandom, "path": pathRandom,
      ]
      return classes == nil ? all : all.merging(["dropout": dropoutRandom]) { $1 }
    }
    set {
      sourceRandom = newValue["source"]!
      targetRandom = newValue["target"]!
      couplingRandom = newValue["coupling"]!
      timeRandom = newValue["time"]!
      pathRandom = newValue["path"]!
      if classes != nil { dropoutRandom = newValue["dropout"]! }
    }
  }
}
