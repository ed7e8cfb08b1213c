import FlowMatching

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The share of a solve's particles that are where the data is, at even steps of t.
struct SupportCurve: Sendable {
  static let steps = 40
  private(set) var points: [(t: Double, share: Double)] = []
  private var key: Key?

  /// What it is of.
  struct Key: Sendable, Hashable {
    let weightsStep, noiseIndex, count, generation: Int
    let settings: LaneSettings
  }

  /// Whether all is known of that solve.
  func isComplete(_ key: Key) -> Bool { self.key == key && points.count > SupportCurve.steps }

  /// Reads what the solve knows by now, at most some times at once; true where there is more.
  mutating func read(
    _ solve: Solve, _ surface: (space: any PicturedSpace, target: SurfaceTarget), _ key: Key
  ) -> Bool {
    if self.key != key {
      self.key = key
      points = []
    }
    var isNew = false
    for _ in 0..<3 where points.count <= SupportCurve.steps {
      let t = Double(points.count) / Double(SupportCurve.steps)
      guard solve.knows(t), !solve.trajectory.times.isEmpty else { break }
      let places = surface.space.chart(solve.position(at: t))
      points.append((t, surface.target.share(of: places)))
      isNew = true
    }
    return isNew
  }
}

/// How likely a flow on a curved space finds data: −log p₁ in nats by area, over training.
struct SpaceLikelihood: Sendable {
  /// What was measured, by the step of the weights.
  private(set) var history: [(step: Int, value: Double)] = []
  private var running: (step: Int, solve: BackwardDensity)?
  private var nextTime = 0.0
  static let count = 512

  /// That of the uniform distribution.
  static func uniform(_ space: any PicturedSpace) -> Double { log(space.area) }

  /// Whether something is to be done now.
  func isDue(_ step: Int, at now: Double) -> Bool {
    running != nil || history.last?.step != step && now >= nextTime
  }

  /// When the next measurement of newer weights may begin.
  func delay(_ step: Int, at now: Double) -> Double? {
    if running != nil { return 0 }
    return history.last?.step == step ? nil : max(0, nextTime - now)
  }

  /// Measures on; true where something new is known.
  mutating func advance(
    _ network: LearnedField, step: Int, _ scene: TargetScene, at now: Double, budget: inout Int
  ) -> Bool {
    if running == nil, isDue(step, at: now) {
      running = (
        step,
        BackwardDensity(
          network, source: scene.source, points: scene.sample.prefix(SpaceLikelihood.count),
          from: 1, tolerance: BackwardDensity.fine,
          chunkSize: Solve.chunkSizeWithDensity(for: network.weights.shape))
      )
      nextTime = now + 1
    }
    guard budget > 0, var work = running else { return false }
    work.solve.advance(budget: &budget)
    running = work
    guard work.solve.isOver else { return false }
    running = nil
    let values = work.solve.values.filter(\.isFinite)
    guard !values.isEmpty else { return false }
    history.removeAll { $0.step >= work.step }
    history.append((work.step, -values.reduce(0, +) / Double(values.count)))
    return true
  }

  /// Forgets another run.
  mutating func forget(now: Double) {
    history = []
    running = nil
    nextTime = now
  }
}

/// √E|v − u*|² by the metric over t, where particles are; and √E|u*|² to judge it by.
struct SpaceErrorCurve: SlicedWork {
  /// One time.
  struct Point: Sendable {
    let t, error, speed: Double
  }

  let weightsStep: Int
  private(set) var points: [Point] = []
  private var network: any DivergenceField
  private var exact: any GeodesicField
  private let solve: Solve
  private static let times = 20
  private static let draws = 64
  /// The last time that is looked at.
  static let lastTime = 0.95

  init(_ network: any DivergenceField, _ exact: any GeodesicField, _ solve: Solve) {
    (self.network, self.exact, self.solve) = (network, exact, solve)
    weightsStep = solve.weightsStep
  }

  var isOver: Bool { points.count == SpaceErrorCurve.times }

  mutating func advance(budget: inout Int) {
    while !isOver, budget > 0 {
      // Towards t = 1 the exact velocity of what is still outside the data grows beyond all bounds.
      let t = SpaceErrorCurve.lastTime * Double(points.count) / Double(SpaceErrorCurve.times - 1)
      var x = Batch(
        dimension: solve.trajectory.dimension, count: min(solve.count, SpaceErrorCurve.draws))
      solve.trajectory.positionOfFirst(at: t, into: &x)
      exact.space.settle(&x)
      var (v, u) = (x, x)
      network.evaluate(x, at: .shared(t), into: &v)
      exact.evaluate(x, at: .shared(t), into: &u)
      var (error, speed) = (0.0, 0.0)
      for k in v.values.indices {
        error += (v.values[k] - u.values[k]) * (v.values[k] - u.values[k])
        speed += u.values[k] * u.values[k]
      }
      let n = Double(x.count)
      points.append(
        Point(t: t, error: (error / n).squareRoot(), speed: (speed / n).squareRoot()))
      budget -= 200 * x.count
    }
  }

  /// The nearest measured time.
  func value(at t: Double) -> Point? { points.min { abs($0.t - t) < abs($1.t - t) } }
}

/// What is computed beside a curved space's plot.
extension AppState {
  private var supportKey: SupportCurve.Key {
    SupportCurve.Key(
      weightsStep: lanes.ensemble.lanes[lanes.focused].weightsStep,
      noiseIndex: particles.noiseIndex, count: particleCount, generation: training.generation,
      settings: focusedLane.settings)
  }

  /// −log p₁ of data in nats, as it was measured last; nil where that is of weights that say little of
  /// those on show.
  var spaceNLL: Double? {
    guard let last = probes.spaceLikelihood.history.last,
      8 * last.step >= 7 * lanes.ensemble.weightsStep
    else { return nil }
    return last.value
  }

  /// The share of the focused lane's particles that are where the data is.
  var supportShare: Double? {
    surface.map { $0.target.share(of: $0.space.chart(focusedLane.positions)) }
  }

  private var showsSpace: Bool {
    turning != nil && !isComparing
  }

  /// At once while what stands beside the body is not of what it shows.
  var spaceDelay: Double? {
    guard showsSpace else { return nil }
    if probes.spaceError.running != nil { return 0 }
    let solve = lanes.ensemble.lanes[lanes.focused]
    if solve.isOver, !probes.support.isComplete(supportKey) { return 0 }
    return probes.spaceLikelihood.delay(lanes.ensemble.weightsStep, at: now)
  }

  mutating func advanceSpace(_ budget: inout Int) {
    guard showsSpace, let surface else { return }
    let solve = lanes.ensemble.lanes[lanes.focused]
    let key = supportKey
    if probes.readSupport(solve, surface, key) { revision += 1 }
    advanceSpaceError(solve, &budget)
    // Numbers of training wait for what moves.
    guard !playback.clock.isPlaying || lanes.ensemble.isOver else { return }
    let (network, step) = (shownNetwork, lanes.ensemble.weightsStep)
    if probes.advanceSpaceLikelihood(network, step: step, scene, at: now, budget: &budget) {
      revision += 1
    }
  }

  private mutating func advanceSpaceError(_ solve: Solve, _ budget: inout Int) {
    guard solve.isOver, solve.failure == nil else { return }
    let isStale = probes.spaceError.shown?.weightsStep != solve.weightsStep
    if isStale, probes.spaceError.running == nil, now >= probes.spaceError.nextTime,
      let exact = exactOnSpace
    {
      probes.update(.spaceError(SpaceErrorCurve(followedFlow, exact, solve), until: now + 2))
    }
    if probes.advanceSpaceError(budget: &budget) { revision += 1 }
  }

  /// The exact field on a curved space, where it is known.
  var exactOnSpace: (any GeodesicField)? { knowsGeodesicField ? dataset.geodesicField : nil }

  /// Whether the exact field of these pairs is known.
  var knowsGeodesicField: Bool {
    experiment.space != nil && experiment.source == Source.uniform
      && experiment.coupling == .independent
  }

  /// How far inside the sphere a lane's deepest particle is, 1 − min |x|; nil where the space has no
  /// inside.
  func offSpace(ofLane index: Int) -> Double? {
    guard let space = experiment.curvedSpace, space.coordinates > space.dimension else {
      return nil
    }
    let points = lanes.all[index].positions
    var least = 1.0
    for j in 0..<points.count {
      let v = points.vector(j)
      least = min(least, (v * v).sum())
    }
    return 1 - least.squareRoot()
  }
}
