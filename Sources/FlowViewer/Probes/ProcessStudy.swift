import FlowMatching

/// How far the points of every lane are from the exact p_t over t, in total variation on a grid, beside
/// fresh draws of the same number; and by what moves they get there.
struct ProcessStudy: KeyedWork {
  /// What it is of.
  struct Key: RenewedKey, Hashable {
    let lanes: [LaneSettings]
    var weightsStep: [Int]
    let generation: Int
  }

  /// One time of one lane: its distance from p_t, and that of as many fresh draws from p_t.
  struct Point: Sendable, Hashable {
    let t, distance, noise: Double
  }

  /// One lane.
  struct Course: Sendable {
    var points: [Point] = []
    /// Means over the particles, of the whole course: its length, its longest move, how many there are.
    var way = 0.0, longest = 0.0, moves = 0.0
    fileprivate var lengths: [Double] = []
    fileprivate var leaps: [Double] = []
  }

  /// The particles of each lane and of fresh draws; cells of a side; times.
  static let count = 10_000
  static let side = 24
  static let times = 24
  /// A lane keeps p_t where it is not above so many times what fresh draws have.
  static let tolerance = 1.3

  let key: Key
  private(set) var courses: [Course] = []
  private(set) var isOver = false
  private let grid: PlanarGrid
  private var density: FieldDensity
  private let path: any ProbabilityPath
  private let source, data: any Distribution
  private var random = Random(seed: 0).stream("process study")
  private var lanes: [(transport: any Transport, cost: Int)]
  private var index = 0
  private var before: Batch
  private let densityCost: Int

  /// Nil where the exact p_t is not known.
  init?(_ key: Key, _ fields: LaneFields, _ scene: TargetScene) {
    guard let target = fields.target, let exact = scene.exact, exact.dimension == 2 else {
      return nil
    }
    self.key = key
    let box = target.grid
    grid = PlanarGrid(low: box.low, high: box.high, side: ProcessStudy.side)
    density = FieldDensity(exact)
    (path, source, data) = (scene.path, scene.source, target.dataset.distribution)
    densityCost = target.exactCost
    var random = Random(seed: 0).stream("process starts")
    let noise = scene.source.sample(count: ProcessStudy.count, using: &random)
    lanes = key.lanes.map { settings in
      let plan = settings.plan(
        chunkSize: fields.chunkSize(settings), adding: fields.noise(settings))
      return (
        fields.flow(settings).transport(noise, as: .points, from: 0, to: 1, plan),
        fields.cost(settings)
      )
    }
    before = noise
    courses = [Course](repeating: Course(), count: lanes.count)
  }

  mutating func advance(budget: inout Int) {
    while budget > 0, !isOver {
      if courses[index].lengths.isEmpty { begin() }
      let steps = lanes[index].transport.steps
      let share = max(1, budget / lanes[index].cost)
      budget -= lanes[index].cost * max(1, lanes[index].transport.advance(budget: share))
      if lanes[index].transport.steps > steps { note(&budget) }
      if lanes[index].transport.status != .running { finish() }
    }
  }

  private mutating func begin() {
    courses[index].lengths = [Double](repeating: 0, count: ProcessStudy.count)
    courses[index].leaps = courses[index].lengths
    before = lanes[index].transport.state
  }

  /// What the step has moved, and at some times how far it is from p_t.
  private mutating func note(_ budget: inout Int) {
    let (now, t) = (lanes[index].transport.state, lanes[index].transport.t)
    let n = now.count
    for j in 0..<n {
      let (x, y) = (now[0, j] - before[0, j], now[1, j] - before[1, j])
      let length = (x * x + y * y).squareRoot()
      guard length > 0 else { continue }
      courses[index].lengths[j] += length
      courses[index].leaps[j] = max(courses[index].leaps[j], length)
      courses[index].moves += 1 / Double(n)
    }
    before = now
    let wanted = Double(courses[index].points.count + 1) / Double(ProcessStudy.times)
    guard t >= wanted - 1e-9 else { return }
    let exact = grid.probabilities(of: &density, at: t)
    budget -= 9 * grid.count * densityCost + 2 * n
    courses[index].points.append(
      Point(
        t: t, distance: PlanarGrid.totalVariation(grid.shares(of: now), exact),
        noise: PlanarGrid.totalVariation(grid.shares(of: fresh(n, at: t)), exact)))
  }

  /// Draws of X_t.
  private mutating func fresh(_ n: Int, at t: Double) -> Batch {
    let x0 = source.sample(count: n, using: &random)
    let x1 = data.sample(count: n, using: &random)
    var sample = PathSample(dimension: 2, count: n)
    path.sample(
      from: x0, to: x1, at: [Double](repeating: t, count: n), using: &random, into: &sample)
    return sample.x
  }

  private mutating func finish() {
    let n = Double(ProcessStudy.count)
    courses[index].way = courses[index].lengths.reduce(0, +) / n
    courses[index].longest = courses[index].leaps.reduce(0, +) / n
    courses[index].lengths = []
    courses[index].leaps = []
    index += 1
    isOver = index == lanes.count
  }
}

extension ProcessStudy {
  /// The points that are known of all courses.
  var pointCount: Int { courses.reduce(0) { $0 + $1.points.count } }

  /// The whole course of a lane; nil while it is under way.
  func course(ofLane lane: Int) -> Course? { lane < index ? courses[lane] : nil }

  /// What a lane has nearest to t, and not further than half the distance of two times.
  func point(ofLane lane: Int, at t: Double) -> Point? {
    guard courses.indices.contains(lane) else { return nil }
    let nearest = courses[lane].points.min { abs($0.t - t) < abs($1.t - t) }
    return nearest.flatMap { abs($0.t - t) <= 0.51 / Double(ProcessStudy.times) ? $0 : nil }
  }
}

extension AppState {
  private var processKey: ProcessStudy.Key? {
    guard comparesProcesses, layout.workPrecision != nil || layout.result != nil,
      lanes.ensemble.lanes.count == lanes.all.count
    else { return nil }
    return ProcessStudy.Key(
      lanes: lanes.all.map(\.settings),
      weightsStep: lanes.all.map { $0.settings.followsKnown ? 0 : lanes.ensemble.weightsStep },
      generation: training.generation)
  }

  /// At once while the courses of the lanes are being followed; those of newer weights wait.
  var processDelay: Double? {
    processKey.flatMap { probes.processes.delay(for: $0, now: now) }
  }

  mutating func advanceProcesses(_ budget: inout Int) {
    guard let key = processKey else { return }
    if probes.processes.wants(key, now: now),
      let study = ProcessStudy(key, lanes.ensemble.fields, scene)
    {
      probes.update(.processes(study, until: now + 10))
    }
    let known = probes.processes.running?.pointCount
    // A course is drawn as it grows: four lanes of ten thousand points take a few seconds.
    if probes.advanceProcesses(budget: &budget) || probes.processes.running?.pointCount != known {
      revision += 1
    }
  }

  /// What is known of the courses of the lanes on show, be it of a part of them or of older weights; nil until
  /// something is.
  var shownProcesses: ProcessStudy? {
    guard let key = processKey else { return nil }
    if let known = probes.processes.shown, known.key.isAlike(key) { return known }
    return probes.processes.running.flatMap {
      $0.key.isAlike(key) && $0.pointCount > 0 ? $0 : nil
    }
  }

  /// The step of the weights of those courses, where those on show are newer.
  var olderProcessStep: Int? {
    guard let key = processKey, let shown = shownProcesses?.key,
      shown.weightsStep != key.weightsStep
    else {
      return nil
    }
    return shown.weightsStep.max()
  }
}

extension LaneSettings {
  /// Whether nothing that is learned carries its points.
  var followsKnown: Bool {
    if leaps { return true }
    switch velocity {
    case .exact, .points, .straight, .scaled: return true
    case nil, .learned, .swirl, .score: return false
    }
  }
}
