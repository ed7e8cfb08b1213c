import FlowMatching

/// How a body stands before the viewer, and how it turns by itself: one for all lanes.
public struct Turning: Sendable, Hashable {
  /// The angle about its axis in degrees: the longitude in the middle of a globe.
  public internal(set) var around: Double
  /// The angle of its axis: the latitude in the middle of a globe, the tilt of a ring.
  public internal(set) var lean: Double
  /// Degrees a second by which it turns while t moves; 0 where it stands.
  public internal(set) var speed: Double
  /// The angles that its axis may have.
  let leanRange: ClosedRange<Double>
  /// How it stood when the film was taken: that is drawn once a solve.
  var atFilm: Standing
  private var waited = 0.0

  /// Where a body stands.
  struct Standing: Sendable, Hashable {
    let around, lean: Double
  }

  /// Seconds between two steps of a body that turns: every cell of it changes with each.
  static let step = 1.0 / 15
  /// Degrees of a press of a key.
  static let stride = 15.0

  init(around: Double, lean: Double, speed: Double, leanRange: ClosedRange<Double>) {
    self.around = around
    self.lean = lean
    self.speed = speed
    self.leanRange = leanRange
    atFilm = Standing(around: around, lean: lean)
  }

  /// The place in the middle of a globe.
  var centre: GeographicPlace { GeographicPlace(longitude: around, latitude: lean) }

  /// The same body as it stood when the film was taken.
  var ofFilm: Turning {
    var turning = self
    (turning.around, turning.lean) = (atFilm.around, atFilm.lean)
    return turning
  }

  /// Turns by hand, in degrees.
  mutating func turn(around degrees: Double, lean leaning: Double) {
    if degrees.isFinite { around = Turning.wrapped(around + degrees) }
    if leaning.isFinite {
      lean = min(leanRange.upperBound, max(leanRange.lowerBound, lean + leaning))
    }
  }

  /// Turns by itself as time goes by; true where it has moved.
  mutating func advance(_ seconds: Double) -> Bool {
    guard speed != 0 else { return false }
    waited += seconds
    guard waited >= Turning.step - 1e-9 else { return false }
    around = Turning.wrapped(around + speed * waited)
    waited = 0
    return true
  }

  /// Stays as it is when a film is taken.
  mutating func takeFilm() { atFilm = Standing(around: around, lean: lean) }

  /// The same angle in [−180, 180).
  private static func wrapped(_ degrees: Double) -> Double {
    degrees - 360 * ((degrees + 180) / 360).rounded(.down)
  }
}
