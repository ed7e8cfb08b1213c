import FlowMatching
import TerminalCanvas

/// How time runs on the screen: the clock, the steps that wait, and the pictures along the way.
public struct Playback: Sendable {
  public internal(set) var clock: Clock
  /// Steps of the focused lane that wait for their knots.
  var pendingSteps = 0
  /// When the opening replay begins, unless a person touches the clock before.
  var openingEnd: Double? = Playback.rest
  /// Whether the opening is played over and over: until the first key.
  var repeatsOpening = false
  /// Seconds that the opening rests at its end.
  static let rest = 2.5
  var positionsAreCurrent = false
  public internal(set) var filmFrames: [Batch] = []
  var scratch = Batch(dimension: 2, count: 0)

  /// Parked at the end of the flow.
  init() { clock = Clock(t: 1) }

  /// Whether t moves, or is on its way to where somebody wants it.
  var isMoving: Bool {
    clock.isPlaying || clock.wanted != clock.t || pendingSteps != 0
  }
}
