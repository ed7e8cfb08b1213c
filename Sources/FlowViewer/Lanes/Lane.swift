import FlowMatching

/// What one lane shows: its particles now, and how far they are from their exact places.
public struct Lane: Sendable {
  /// Seconds that a parked picture takes to move to new weights.
  static let morphSeconds = 0.2

  /// The solver and its steps.
  public internal(set) var settings: LaneSettings
  /// Where the particles are drawn, `d×n`.
  public internal(set) var positions: Batch
  /// How far the particles are from their exact places, where a reference is known.
  public internal(set) var error: TimedError?
  /// The time that this lane shows (the clock's, unless lanes are matched by evaluations).
  public internal(set) var t = 0.0
  /// W2 of the lane's samples at t = 1 to the target, once the trainer has answered.
  public internal(set) var distance: JudgedDistance?
  /// The training step of the weights for which its best steps were found.
  var placedStep: Int?
  /// How far the question for that distance is.
  var judgement = Judgement.due

  /// The state of the question for a W2.
  enum Judgement: Sendable, Hashable {
    case due
    case asked(DistanceRequest.ID)
    case answered
  }

  private var target: Batch
  private var origin: Batch?
  private var morphStart = 0.0

  init(settings: LaneSettings, positions: Batch) {
    self.settings = settings
    self.positions = positions
    target = positions
  }

  /// Whether the particles are still on their way to where the solve says.
  var isMorphing: Bool { origin != nil }

  /// Puts the particles where the solve says, at once or (`from` now) over the morph's time.
  mutating func show(_ solve: Solve, at t: Double, morphFrom now: Double?) {
    self.t = t
    if target.count != solve.count || target.dimension != solve.trajectory.dimension {
      target = Batch(dimension: solve.trajectory.dimension, count: solve.count)
    }
    solve.trajectory.position(at: t, into: &target)
    if let now, positions.hasShape(of: target) {
      origin = positions
      morphStart = now
    } else {
      origin = nil
      positions = target
    }
  }

  /// Moves a running morph on; true while the picture changes.
  mutating func morph(to now: Double) -> Bool {
    guard let origin else { return false }
    let progress = (now - morphStart) / Lane.morphSeconds
    if progress >= 1 {
      self.origin = nil
      positions = target
    } else {
      let s = progress * progress * (3 - 2 * progress)
      for i in positions.values.indices {
        positions.values[i] = origin.values[i] + s * (target.values[i] - origin.values[i])
      }
    }
    return true
  }

  /// Forgets the figures of a solve that is no longer the lane's.
  mutating func forgetFigures() {
    error = nil
    distance = nil
    judgement = .due
  }

  /// Compares with the reference at its place for the lane's time; unknown where one of both is not
  /// there. The figure is that of the `judged` points, at t < 1 with the reference's own error,
  /// `resolution`; the distances are those of the particles on show.
  mutating func compare(
    _ solve: Solve, with reference: Solve, at place: (time: Double, scale: Double)?,
    judged: (rms: Double, resolution: Double?)?, resolution: Double?, on space: (any Space)?,
    scratch: inout Batch
  ) {
    // A lane that has just become another has no solve yet: the error of the one before is not its own.
    let isOwn =
      solve.settings.method == settings.method && solve.settings.steps == settings.steps
      && solve.settings.toleranceExponent == settings.toleranceExponent
    guard isOwn, let place, let judged, judged.rms.isFinite, reference.knows(place.time),
      solve.failure == nil, reference.reaches(place.time)
    else {
      error = nil
      return
    }
    if scratch.count != reference.count || scratch.dimension != target.dimension {
      scratch = Batch(dimension: target.dimension, count: reference.count)
    }
    reference.trajectory.position(at: place.time, into: &scratch)
    let count = min(scratch.count, target.count)
    if let space {
      let squares = space.squaredDistances(target.prefix(count), scratch.prefix(count))
      return setError(
        squares.map { $0.squareRoot() }, place: place, judged: judged, resolution: resolution)
    }
    let particles = (0..<count).map { j in
      var square = 0.0
      for i in 0..<target.dimension {
        let difference = target[i, j] - place.scale * scratch[i, j]
        square += difference * difference
      }
      return square.squareRoot()
    }
    setError(particles, place: place, judged: judged, resolution: resolution)
  }

  private mutating func setError(
    _ particles: [Double], place: (time: Double, scale: Double),
    judged: (rms: Double, resolution: Double?), resolution: Double?
  ) {
    // A particle that left the numbers has no distance, and so its lane has none.
    error =
      particles.allSatisfy(\.isFinite)
      ? TimedError(
        place: TimedError.Place(t: t, reference: place.time, scale: place.scale),
        rms: judged.rms, particles: particles, resolution: judged.resolution ?? resolution,
        isExact: judged.resolution != nil) : nil
  }
}
