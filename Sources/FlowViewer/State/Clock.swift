/// The clock of the ODE: where t is, where it is going, and how fast.
public struct Clock: Sendable, Hashable {
  /// What happens when t reaches 1.
  public enum Mode: String, Codable, Sendable, CaseIterable {
    case once
    case loop
    case pingPong = "ping-pong"
  }

  /// Seconds that one pass takes at speed 1.
  public static let secondsPerPass = 4.0

  /// The time shown, 0…1.
  public internal(set) var t: Double
  /// The time wanted; `t` follows as soon as every lane knows it.
  var wanted: Double
  /// Whether `wanted` is a place that a person asked for, not the next moment of a pass.
  private(set) var isSeeking = false
  /// Whether t moves by itself.
  public internal(set) var isPlaying = false
  /// +1 forward, −1 on the way back of a ping-pong.
  var direction = 1.0
  /// Speed as a factor, 1/16…16.
  public internal(set) var speed = 1.0
  /// What happens at the end.
  public internal(set) var mode = Mode.once

  init(t: Double) {
    self.t = t
    wanted = t
  }

  /// Where t wants to be `dt` seconds later, not yet bounded to 0…1.
  func advanced(by dt: Double) -> Double {
    t + direction * speed * dt / Clock.secondsPerPass
  }

  /// Puts the wanted time somewhere, inside 0…1.
  mutating func seek(_ time: Double) {
    // Steps of .02 and .1 must meet 0.5 exactly, or the frame there would depend on the way.
    let snapped = (time * 1e6).rounded() / 1e6
    wanted = min(1, max(0, snapped))
    isSeeking = true
  }

  /// Puts t where it is known to be; `wanted` stays ahead while the way there is being solved.
  mutating func arrive(at time: Double) {
    t = time
    if t == wanted { isSeeking = false }
  }

  /// Stops at once, or where a seek that is under way ends.
  mutating func pause() {
    isPlaying = false
    if !isSeeking { wanted = t }
  }

  mutating func multiplySpeed(by factor: Double) {
    speed = min(16, max(1 / 16, speed * factor))
  }
}
