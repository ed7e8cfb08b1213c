import Testing

@testable import FlowMatching

@Suite("Letters as a kind of flow")
struct TokenMatchingTests {
  private static let list: WordList = {
    guard let list = try? WordList(text: "sing\nsong\nsand\nsaga\ngoad\n") else {
      preconditionFailure("five words")
    }
    return list
  }()
  private static let words = Dataset(name: "five words", words: list)

  private static func experiment(_ source: TokenSource = .mask) -> Experiment {
    var experiment = Experiment(to: words)
    experiment.source = source.rawValue
    experiment.widths = [24, 16]
    experiment.batch = 32
    experiment.learningRate = 1e-2
    experiment.steps = 60
    return experiment
  }

  @Test("Data of letters bring letters, source, schedule and loss; points take them back")
  func choosing() throws {
    var experiment = Experiment()
    experiment.coupling = .optimalTransport
    experiment.choose(DatasetCatalog.words)
    #expect(experiment.letters == 26 && experiment.dimension == 4)
    #expect(experiment.scheduler == .polynomial(2) && experiment.loss == .generalisedKL)
    #expect(experiment.source == "mask" && experiment.coupling == .independent)
    #expect(experiment.kind is TokenMatching)
    try experiment.validate(to: DatasetCatalog.words)
    // Among letters what was chosen stays.
    experiment.source = "uniform"
    experiment.scheduler = .cosine
    experiment.choose(DatasetCatalog.tokensCheckerboardEight)
    #expect(experiment.letters == 8 && experiment.dimension == 2)
    #expect(experiment.source == "uniform" && experiment.scheduler == .cosine)
    experiment.choose(DatasetCatalog.sphereLand)
    #expect(experiment.letters == nil && experiment.space == "sphere" && experiment.dimension == 3)
    #expect(experiment.loss == .squared && experiment.source == "uniform")
    experiment.choose(DatasetCatalog.words)
    experiment.choose(DatasetCatalog.moons)
    #expect(experiment.letters == nil && experiment.space == nil && experiment.dimension == 2)
    #expect(experiment.scheduler == .conditionalOT && experiment.source == "gaussian")
    try experiment.validate(to: DatasetCatalog.moons)
  }

  @Test("The catalogue knows words and boards, of 8 to 256 letters")
  func catalogue() throws {
    #expect(try DatasetCatalog.named("words").tokens?.supportCount == WordList.english.count)
    #expect(try DatasetCatalog.named("tokens-checkerboard").tokens?.space.letters == 128)
    #expect(try DatasetCatalog.named("tokens-checkerboard:16").tokens?.space.letters == 16)
    for name in ["tokens-checkerboard:9", "tokens-checkerboard:08", "tokens-checkerboard:260"] {
      #expect(throws: UnknownName.self) { try DatasetCatalog.named(name) }
    }
  }

  @Test("A run that goes on from its state has the same bits", arguments: TokenSource.allCases)
  func resuming(source: TokenSource) throws {
    let experiment = Self.experiment(source)
    var whole = Trainer(experiment, dataset: Self.words)
    for _ in 0..<40 { whole.step() }
    var first = Trainer(experiment, dataset: Self.words)
    for _ in 0..<17 { first.step() }
    var second = Trainer(experiment, dataset: Self.words)
    try second.restore(first.state)
    for _ in 17..<40 { second.step() }
    #expect(second.state == whole.state)
    #expect(whole.averagedWeights.values != whole.weights.values)
    // Threads share what is large enough, and change nothing.
    var large = experiment
    large.batch = 1100
    var (alone, shared) = (
      Trainer(large, dataset: Self.words), Trainer(large, dataset: Self.words, threads: 2)
    )
    #expect(alone.threads == 1 && shared.threads == 2)
    for _ in 0..<3 {
      alone.step()
      shared.step()
    }
    #expect(shared.state == alone.state)
  }

  @Test("A short run learns the list: excess, floor and share of real words say so")
  func learning() throws {
    var experiment = Self.experiment()
    experiment.steps = 400
    var run = TrainingRun(experiment, dataset: Self.words)
    for _ in 0..<400 { run.step() }
    let floor = try #require(run.lossFloor)
    let counted = Self.list.optimum(along: experiment.tokenPath, until: 0.999).generalizedKL.mean
    #expect(floor == counted && run.noiseFloor == nil)
    let (first, last) = (
      try #require(run.measurements.first), try #require(run.measurements.last)
    )
    // Coordinates of letters have no distances.
    #expect(run.measurements.allSatisfy { $0.w2 == nil && $0.distances.isEmpty })
    let excess = try #require(last.excess)
    #expect(excess > 0 && excess < 0.05 && excess < 0.2 * (first.excess ?? 0))
    #expect(last.supportShare ?? 0 > max(0.85, first.supportShare ?? 1))
  }

  @Test("A flow carries letters as the sampler does, whatever the budgets")
  func transport() throws {
    let experiment = Self.experiment()
    let path = experiment.tokenPath
    let field = experiment.velocityField(of: Trainer.initialWeights(experiment))
    let posterior = try #require(field.posterior)
    #expect(field.traits.tokens?.space == Self.list.space && field.dimension == 4)
    var random = Random(seed: 3)
    let x0 = path.start(Self.list.space, count: 100, using: &random)
    var plan = TransportPlan(control: .fixed(steps: 12), chunkSize: 32)
    plan.letters.stochasticity = 1
    plan.letters.redraws = 3
    plan.random = Random(seed: 4)
    var way = field.transport(x0.points, as: .points, from: 0, to: 1, plan)
    var trajectory = Trajectory(
      dimension: 4, count: 100, memoryLimit: 1 << 20, isStepwise: true)
    var states: [Batch] = []
    while true {
      if let knot = way.knot, states.count == min(way.steps, 12) {
        trajectory.append(knot, evaluations: way.evaluations)
        states.append(knot.x)
      }
      guard way.status == .running else { break }
      _ = way.advance(budget: 7)
    }
    #expect(way.steps == 15 && way.evaluations == 15 && way.totalEvaluations == 15)
    var sampler = TokenSampler(
      posterior, along: path, TokenPlan(plan.letters, steps: 12), from: x0, random: plan.random)
    sampler.finish()
    #expect(way.state == sampler.state.points)
    // Between two knots letters stand still, and going back is a look-up.
    var here = x0.points
    for k in 0..<12 {
      for t in [Double(k), Double(k) + 0.5, Double(k) + 0.999] {
        trajectory.position(at: t / 12, into: &here)
        #expect(here == states[k])
      }
    }
    // What is drawn anew after the last jump belongs to the end, and its evaluations do.
    trajectory.position(at: 1, into: &here)
    #expect(states.count == 13 && here == sampler.state.points)
    #expect(trajectory.evaluations.last == 15)
  }

  @Test("Choices that letters do not know are refused in one line")
  func complaints() {
    let changes: [(inout Experiment) -> Void] = [
      { $0.source = "gaussian" }, { $0.scheduler = .variancePreserving }, { $0.loss = .squared },
      { $0.coupling = .optimalTransport }, { $0.prediction = .target }, { $0.letters = 1 },
      { $0.model = .affineLayers(4) }, { $0.objective = .likelihood }, { $0.dimension = 65 },
      { $0.letters = 300 },
    ]
    #expect(Self.experiment().kind.complaint == nil)
    for (index, change) in changes.enumerated() {
      var experiment = Self.experiment()
      change(&experiment)
      let complaint = experiment.kind.complaint
      #expect(complaint?.isEmpty == false && complaint?.contains("\n") == false, "\(index)")
    }
    #expect(throws: IncompatibleChoice.self) {
      try Self.experiment().validate(to: DatasetCatalog.words)
    }
    var points = Experiment()
    points.loss = .crossEntropy
    #expect(throws: IncompatibleChoice.self) { try points.validate() }
  }
}

@Suite("How far sequences are from a distribution")
struct TotalVariationTests {
  @Test("Total variation of counts is ½Σ|c/n − q|, also over what is not there")
  func variation() throws {
    let list = try WordList(text: "ab\nba\n")
    // aa twice, ab once, ba once: ½(|¼ − ½| + |¼ − ½| + ½).
    let x = TokenSequences(space: list.space, sequences: [[0, 0], [0, 0], [0, 1], [1, 0]])
    #expect(abs(list.totalVariation(of: x) - 0.5) < 1e-15)
    let board = TokensCheckerboard.eight
    var random = Random(seed: 1)
    let floor = board.totalVariationFloor(count: 2000, using: &random)
    // 32 fields of p = 1/32: about ½·32·√(2p(1 − p)/(πn)).
    #expect(abs(floor.mean - 0.0497) < 0.006, "\(floor)")
    #expect(board.supportCount == 32 && list.supportCount == 2)
  }

  @Test("A list's fault is told by its place and the reason behind it")
  func place() {
    let failure = WordListFailure.notALetter(line: 3, column: 2, codes: "U+0020")
    #expect(failure.place.line == 3 && failure.place.column == 2)
    #expect(failure.description == "line 3, letter 2 " + failure.reason)
    #expect(WordListFailure.tooFew(1).reason == WordListFailure.tooFew(1).description)
    #expect(WordListFailure.length(line: 2, length: 5, first: 4).reason.hasPrefix("has 5 letters"))
  }
}
