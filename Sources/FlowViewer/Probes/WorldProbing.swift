import FlowMatching
import TerminalCanvas

/// The exact world as time goes by: its particles, its numbers and its ways, in slices.
extension AppState {
  /// Whether the exact world is on show.
  var isInWorld: Bool { look.scenery.view == .world && world != nil && !isComparing }

  /// The time of what is on show: the clock's in an exact world, where no lane runs, else the focused lane's.
  var pathTime: Double { isInWorld ? playback.clock.t : focusedLane.t }

  /// How its particles step: as the single lane does, along the exact field alone.
  var worldSettings: LaneSettings {
    let lane = focusedLane.settings
    var settings = LaneSettings(
      lane.solver, steps: lane.steps, toleranceExponent: lane.toleranceExponent)
    settings.scheduler = lane.scheduler
    if lane.stochastic == nil, lane.gridTimes != nil, lane.grid != .best {
      settings.grid = lane.grid
    }
    return settings
  }

  /// The experiment whose exact field it is.
  var worldExperiment: Experiment {
    var experiment = experiment.matchingVelocities
    experiment.scheduler = followedScheduler
    return experiment
  }

  /// Why there is no exact world of this flow; nil where there is one.
  var complaintOfWorld: String? {
    if isComparing { return "needs a single lane: | joins them" }
    if turning != nil || experiment.dimension != 2 || traits.tokens != nil || traits.isLatent {
      return "needs the plane"
    }
    let atom = Dataset(name: "", points: Batch(points: [[0, 0]]))
    if experiment.exactField(to: dataset.mixture == nil ? atom : dataset) == nil {
      return "needs independent pairs from a Gaussian: of others no exact field is known"
    }
    return nil
  }

  /// Takes the target apart, unless that was done; with edits it stays until another run begins.
  mutating func prepareWorld() {
    guard look.scenery.view == .world, complaintOfWorld == nil else { return }
    let origin = ExactWorld.Origin(
      generation: training.generation, experiment: experiment, dataset: dataset.name)
    guard world?.origin != origin else { return }
    world = ExactWorld(origin, dataset, some: scene.someData)
    revision += 1
  }

  /// What its numbers are of.
  func worldSubject(_ world: ExactWorld) -> WorldFigures.Subject? {
    let experiment = worldExperiment
    let target = world.dataset
    guard let field = experiment.exactField(to: target),
      let source = try? experiment.sourceDistribution(to: target)
    else { return nil }
    let mixture =
      source is StandardNormal ? .standardNormal(dimension: 2) : source as? GaussianMixture
    return WorldFigures.Subject(
      experiment: experiment, dataset: target, field: field, source: source,
      sourceMixture: mixture, target: world.mixture, instructionSet: options.instructionSet)
  }

  /// At once while something of it is still to be found.
  var worldDelay: Double? {
    guard isInWorld, let world else { return nil }
    if !isWorldCurrent(world) { return 0 }
    return world.flow?.isFresh == true && world.figures.isFine ? nil : 0
  }

  private func isWorldCurrent(_ world: ExactWorld) -> Bool {
    world.flow?.key == worldFlowKey(world) && world.flow?.origin == worldNoiseOrigin
      && world.flow?.t == playback.clock.t && world.figures.shown?.key == worldFigureKey(world)
      && world.ways?.key == worldWayKey(world)
  }

  /// As many particles as a person chose, or many: none of them waits for a network.
  var worldParticles: Int {
    particles.chosenCount ?? (window.size.columns >= 100 ? 20_000 : 8000)
  }

  private var worldNoiseOrigin: WorldFlow.Origin {
    WorldFlow.Origin(
      noise: particles.noiseIndex, count: worldParticles, generation: training.generation)
  }

  private var worldNoise: Batch {
    Particles.noise(
      index: particles.noiseIndex, count: worldParticles, from: scene.source,
      random: Random(seed: experiment.seed))
  }

  private func worldFlowKey(_ world: ExactWorld) -> WorldFlow.Key {
    WorldFlow.Key(version: world.version, settings: worldSettings)
  }

  private func worldFigureKey(_ world: ExactWorld) -> WorldFigures.Key {
    WorldFigures.Key(
      version: world.version, scheduler: followedScheduler,
      steps: worldSettings.isAdaptive ? 20 : worldSettings.steps)
  }

  private func worldWayKey(_ world: ExactWorld) -> WorldWays.Key {
    WorldWays.Key(
      version: world.version, drops: world.dropCount, scheduler: followedScheduler)
  }

  /// Lets time go by in the world: the clock moves, and what changed is solved and measured anew.
  mutating func advanceWorld(_ seconds: Double, budget: inout Int) {
    moveWorldClock(seconds)
    guard var world = world.take() else { return }
    defer { self.world = world }
    guard let subject = worldSubject(world) else { return }
    let t = playback.clock.t
    let key = worldFlowKey(world)
    let cost = max(1, subject.field.terms / 8)
    if world.flow?.origin != worldNoiseOrigin {
      world.flow = WorldFlow(key, worldNoiseOrigin, noise: worldNoise, at: t, cost: cost)
      revision += 1
    }
    if world.flow?.key != key {
      world.flow?.follow(key)
      revision += 1
    }
    if world.flow?.t != t { revision += 1 }
    world.flow?.show(at: t)
    if world.figures.look(worldFigureKey(world), subject) {
      budget -= WorldFigures.price
      revision += 1
    }
    if world.ways?.key != worldWayKey(world) {
      world.ways = WorldWays(
        worldWayKey(world), world.drops, subject.field, source: subject.source,
        target: world.isOfPoints ? nil : subject.target)
      revision += 1
    }
    let settings = key.settings
    let memory = world.flow?.pieceMemory ?? 1 << 20
    // What was looked at has its price, but particles move in every frame.
    var share = max(1, max(budget, pace.evaluationBudget / 8) / cost)
    let before = share
    let isNew = world.flow?.advance(budget: &share) { noise in
      Solve(
        SolvedFlow(subject.field), weightsStep: 0, settings: settings, noise: noise,
        memoryLimit: memory)
    }
    budget -= cost * (before - share)
    if isNew == true {
      playback.filmFrames = []
      revision += 1
    }
    if world.flow?.isFresh == true, world.figures.refine(subject, budget: &budget) { revision += 1 }
  }

  /// The clock of the world: whatever it shows is known or stands where it was.
  private mutating func moveWorldClock(_ seconds: Double) {
    if let film = world?.flow?.film {
      var t = playback.clock.wanted
      while playback.pendingSteps > 0 {
        t = film.knot(after: t) ?? 1
        playback.pendingSteps -= 1
      }
      playback.clock.wanted = t
    }
    if playback.clock.isPlaying && playback.clock.wanted == playback.clock.t {
      playback.clock.wanted = min(1, max(0, playback.clock.advanced(by: seconds)))
    }
    if playback.clock.wanted != playback.clock.t {
      playback.clock.arrive(at: playback.clock.wanted)
      revision += 1
    }
    collectFilm()
    if playback.clock.isPlaying && playback.clock.t == playback.clock.wanted { turnAtTheEnds() }
  }

  /// The solve whose steps stand under the clock: of the world on show, or of the focused lane.
  var timedSolve: Solve {
    (isInWorld ? world?.flow?.film : nil) ?? lanes.ensemble.lanes[lanes.focused]
  }

  /// Lets training rest while the world is on show, and go on afterwards.
  mutating func holdTraining() -> [Effect] {
    if isInWorld {
      // What began at rest in the world goes on where it is left.
      let rests = training.report.status == .paused && training.report.step == 0
      if rests, options.opened == nil { world?.resumesTraining = true }
      guard training.report.status == .training else { return [] }
      world?.resumesTraining = true
      return [.trainer(.setPaused(true))]
    }
    guard world?.resumesTraining == true else { return [] }
    world?.resumesTraining = false
    playback.positionsAreCurrent = false
    playback.filmFrames = []
    return [.trainer(.setPaused(false))]
  }
}

extension ExactWorld {
  /// The components of a data set, all of its points where they are few, or some of them far apart.
  init(_ origin: Origin, _ dataset: Dataset, some: Batch) {
    if let mixture = dataset.mixture, mixture.weights.count <= ExactWorld.mostTaken {
      let count = mixture.weights.count
      self.init(
        origin, parts: mixture.parts, isOfPoints: false,
        words: count == 1 ? "1 component" : "\(count) components",
        scale: ExactWorld.scale(of: mixture))
      return
    }
    let cloud = (dataset.distribution as? PointCloud)?.points
    let takesAll = (cloud?.count ?? .max) <= ExactWorld.most
    let points = takesAll ? cloud ?? some : some.prefix(ExactWorld.fewPoints)
    let words =
      takesAll
      ? "all \(points.count) points of \(dataset.title)"
      : "\(points.count) points of \(dataset.title), which is no mixture of a few components"
    self.init(
      origin,
      parts: (0..<points.count).map {
        MixturePart(weight: 1, mean: points.point($0), deviation: 0)
      }, isOfPoints: true, words: words,
      scale: ExactWorld.scale(of: GaussianMixture(atoms: points)))
  }

  /// The most components that are taken, and as many points of what has more.
  private static let (mostTaken, fewPoints) = (64, 24)

  /// The spread along a coordinate; of a single point something that can be seen.
  private static func scale(of mixture: GaussianMixture) -> Double {
    let spread = (mixture.totalVariance / 2).squareRoot()
    return spread > 0 && spread.isFinite ? spread : 1
  }
}
