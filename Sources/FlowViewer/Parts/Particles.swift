import FlowMatching
import TerminalCanvas

/// What is carried: the noise on show, and the particles that a person has picked or tagged.
public struct Particles: Sendable {
  public internal(set) var noiseIndex = 0
  public internal(set) var noise: Batch
  /// The noise that the particles on show came from; the new one's are still being solved.
  var shownNoise: Batch
  /// The number that a person chose; nil follows the size of the screen.
  var chosenCount: Int?
  /// The particle that is followed, counted in the noise.
  public internal(set) var picked: Int?
  /// The group of particles that keeps its colour, counted in the noise, ascending.
  public internal(set) var tagged: [Int] = []
  var inspection: Inspection?
  var shownInspection: Inspection?

  /// The first noise.
  init(_ noise: Batch, chosenCount: Int?) {
    self.noise = noise
    shownNoise = noise
    self.chosenCount = chosenCount
  }
}
