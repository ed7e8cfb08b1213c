import FlowMatching

/// The learned field all over a curved space at one time.
struct SpaceFieldPicture: Sendable {
  /// What was asked for.
  struct Request: Sendable, Hashable {
    let grid: ChartGrid
    let t: Double
    let weightsStep: Int
    let generation: Int
    let heat: FieldHeat
    let followed: LaneSettings.Followed
  }

  let request: Request
  /// The velocities, a list a coordinate.
  fileprivate(set) var velocity: [[Float]]
  /// What the colour shows.
  fileprivate(set) var heat: [Float]
  /// How much mass p_t has there, 0…1: no colour where there is none.
  fileprivate(set) var presence: [Float]
}

/// Evaluates a field all over a curved space, in slices.
struct SpaceFieldProbe: SlicedWork {
  private(set) var picture: SpaceFieldPicture
  private var network: any DivergenceField
  private var exact: (any GeodesicField)?
  private let points: Batch
  private var done = 0
  private static let chunk = 64
  /// Rows of its grid.
  static let rows = 30

  init(
    _ request: SpaceFieldPicture.Request, on space: any PicturedSpace, network: any DivergenceField,
    exact: (any GeodesicField)?, particles: Batch
  ) {
    self.network = network
    self.exact = exact
    points = request.grid.points(on: space)
    let zeros = [Float](repeating: 0, count: points.count)
    picture = SpaceFieldPicture(
      request: request,
      velocity: [[Float]](repeating: zeros, count: space.coordinates), heat: zeros, presence: zeros)
    let counts = SurfaceGrids.grid(space, points: particles.count)
    let density = counts.density(space.chart(particles))
    picture.presence = space.chart(points).map { min(1, density[counts.cell($0)] / 0.3) }
  }

  var isOver: Bool { done == points.count }

  mutating func advance(budget: inout Int) {
    while !isOver, budget > 0 {
      let range = done..<min(done + SpaceFieldProbe.chunk, points.count)
      evaluate(range)
      done = range.upperBound
      let needsExact = [.error, .logDensity].contains(picture.request.heat)
      budget -= range.count * (needsExact ? 250 : 3)
    }
  }

  private mutating func evaluate(_ range: Range<Int>) {
    let part = points.points(range)
    let t = Times.shared(picture.request.t)
    var (velocity, heat) = (part, [Double](repeating: 0, count: part.count))
    if picture.request.heat == .divergence {
      network.evaluate(part, at: t, into: &velocity, divergence: &heat)
    } else {
      network.evaluate(part, at: t, into: &velocity)
    }
    switch picture.request.heat {
    case .divergence: break
    case .speed:
      heat = (0..<part.count).map { j in
        velocity.point(j).reduce(0) { $0 + $1 * $1 }.squareRoot()
      }
    case .error:
      var best = velocity
      exact?.evaluate(part, at: t, into: &best)
      heat = (0..<part.count).map { j in
        zip(velocity.point(j), best.point(j)).reduce(0) {
          $0 + ($1.0 - $1.1) * ($1.0 - $1.1)
        }.squareRoot()
      }
    case .logDensity: heat = exact?.logDensity(part, at: t) ?? heat
    }
    for (k, j) in zip(range, 0..<part.count) {
      for i in picture.velocity.indices { picture.velocity[i][k] = Float(velocity[i, j]) }
      picture.heat[k] = Float(heat[j])
    }
  }
}

/// The model's log-density all over a curved space at one time.
struct SpaceDensityPicture: Sendable {
  /// What was asked for.
  struct Request: Sendable, Hashable {
    let grid: ChartGrid
    let t: Double
    let weightsStep: Int
    let generation: Int
    let followed: LaneSettings.Followed

    /// Whether both are of one density, however fine.
    func shows(_ other: Request) -> Bool {
      t == other.t && weightsStep == other.weightsStep && generation == other.generation
        && followed == other.followed
    }
  }

  let request: Request
  /// log p by area at every sample, in nats.
  let logDensity: [Float]
  /// ∫p over the whole space.
  let integral: Double
  /// The log-densities above which 50, 80 and 95 % of the mass lie.
  let levels: [Float]
}

/// Computes a picture of the density by a solve from t back to the noise, in slices.
struct SpaceDensityProbe: SlicedWork {
  let request: SpaceDensityPicture.Request
  private var solve: BackwardDensity
  private let space: any PicturedSpace
  /// Rows of a picture while t moves, and of one that rests.
  static let coarseRows = 30
  static let fineRows = 72

  init(
    _ request: SpaceDensityPicture.Request, on space: any PicturedSpace, _ flow: any Flow,
    source: any Distribution, chunkSize: Int
  ) {
    self.request = request
    self.space = space
    let isFine = request.grid.rows > SpaceDensityProbe.coarseRows
    solve = BackwardDensity(
      flow, source: source, points: request.grid.points(on: space), from: request.t,
      tolerance: isFine ? BackwardDensity.fine : BackwardDensity.coarse, chunkSize: chunkSize)
  }

  var isOver: Bool { solve.isOver }

  mutating func advance(budget: inout Int) { solve.advance(budget: &budget) }

  var picture: SpaceDensityPicture {
    let grid = request.grid
    let values = solve.values.map { $0.isFinite ? $0 : -60 }
    let areas = (0..<grid.rows).map { grid.area(ofRow: $0, on: space) }
    let masses = values.indices.map {
      BackwardDensity.density(values[$0]) * areas[$0 / grid.columns]
    }
    let integral = masses.reduce(0, +)
    var (levels, sum): ([Float], Double) = ([], 0)
    for i in values.indices.sorted(by: { values[$0] > values[$1] }) {
      sum += masses[i]
      while levels.count < DensityPicture.shares.count,
        sum >= DensityPicture.shares[levels.count] * integral
      {
        levels.append(Float(values[i]))
      }
    }
    return SpaceDensityPicture(
      request: request, logDensity: values.map { Float($0) }, integral: integral, levels: levels)
  }
}

/// What the field and density views of a curved space compute.
extension AppState {
  private var spaceFieldRequest: SpaceFieldPicture.Request? {
    guard let surface, look.scenery.view == .field else { return nil }
    return SpaceFieldPicture.Request(
      grid: ChartGrid(surface.space, rows: SpaceFieldProbe.rows), t: focusedLane.t,
      weightsStep: lanes.ensemble.weightsStep, generation: training.generation, heat: fieldHeat,
      followed: focusedLane.settings.followed)
  }

  private func spaceDensityRequest(isFine: Bool) -> SpaceDensityPicture.Request? {
    guard let surface, look.scenery.view == .density else { return nil }
    return SpaceDensityPicture.Request(
      grid: ChartGrid(
        surface.space,
        rows: isFine ? SpaceDensityProbe.fineRows : SpaceDensityProbe.coarseRows),
      t: focusedLane.t, weightsStep: lanes.ensemble.weightsStep, generation: training.generation,
      followed: focusedLane.settings.followed)
  }

  /// The next picture of the density: coarse at once, fine where t rests.
  private var nextSpaceDensity: SpaceDensityPicture.Request? {
    guard let coarse = spaceDensityRequest(isFine: false) else { return nil }
    let shown = probes.spaceDensity.shown?.request
    guard let shown, shown.shows(coarse) else {
      // Only newer weights: the fine picture waits for its time.
      if let shown, shown.t == coarse.t, shown.generation == coarse.generation,
        shown.followed == coarse.followed, !playback.clock.isPlaying
      {
        return now >= probes.spaceDensity.nextTime ? spaceDensityRequest(isFine: true) : nil
      }
      return coarse
    }
    let isFine = shown.grid.rows == SpaceDensityProbe.fineRows
    return isFine || playback.clock.isPlaying ? nil : spaceDensityRequest(isFine: true)
  }

  /// At once while a picture on show is not the one that is asked for.
  var spaceViewDelay: Double? {
    if probes.spaceField.running != nil || probes.spaceDensity.running != nil { return 0 }
    if let request = spaceFieldRequest, probes.spaceField.shown?.picture.request != request {
      return 0
    }
    if nextSpaceDensity != nil { return 0 }
    guard let coarse = spaceDensityRequest(isFine: false), !playback.clock.isPlaying,
      let shown = probes.spaceDensity.shown, !shown.request.shows(coarse)
    else { return nil }
    return probes.spaceDensity.nextTime - now
  }

  mutating func advanceSpaceViews(_ budget: inout Int) {
    guard let surface else { return }
    if let request = spaceFieldRequest {
      if probes.spaceField.running == nil, probes.spaceField.shown?.picture.request != request {
        let probe = SpaceFieldProbe(
          request, on: surface.space, network: followedFlow, exact: exactOnSpace,
          particles: focusedLane.positions)
        probes.update(.spaceField(probe, until: now))
      }
      if probes.advanceSpaceField(budget: &budget) { revision += 1 }
    }
    guard look.scenery.view == .density else { return }
    if probes.spaceDensity.running == nil, let request = nextSpaceDensity {
      let probe = SpaceDensityProbe(
        request, on: surface.space, followedFlow, source: scene.source, chunkSize: densityChunk)
      probes.update(.spaceDensity(probe, until: now + 2))
    }
    if probes.advanceSpaceDensity(budget: &budget) { revision += 1 }
  }
}
