import FlowMatching
import TerminalCanvas

/// The first ten seconds of a newcomer: the name comes out of noise, then one part of the screen after the
/// other lights up, each with one sentence. Any key ends it for good.
public struct Introduction: Sendable {
  /// What is lit, with the sentence about it.
  enum Scene: Int, CaseIterable, Sendable {
    case name, loss, particles, distance, keys

    /// Seconds after the beginning at which it is over.
    var end: Double { [2.5, 4.6, 6.8, 8.4, 10][rawValue] }

    /// Seconds after the beginning at which it begins.
    var start: Double { Scene(rawValue: rawValue - 1)?.end ?? 0 }

    var caption: String {
      switch self {
      case .name: "Every dot starts as noise and follows one field. Watch."
      case .loss: "A small network learns that field now. Its error falls →"
      case .particles: "The grey discs are the goal. The field brings the dots."
      case .distance: "How far the dots are from the goal: W₂ falls as well →"
      case .keys: "Your turn: space plays, ← → turn time, ? lists keys."
      }
    }

    /// Whether the sentence names the keys of a row of the hints.
    func names(_ binding: KeyBinding) -> Bool {
      self == .keys && ["space", "← →", "?"].contains(binding.label)
    }

    /// The panes that it is about.
    var panes: [PaneName] {
      switch self {
      case .name, .keys: []
      case .loss: [.loss]
      case .particles: [.plot]
      case .distance: [.distance]
      }
    }
  }

  /// The smallest screen that it comes on.
  static let smallest = Size(columns: 100, rows: 30)
  /// The particles that write the name, and those of them whose whole way is drawn.
  static let particles = 2600
  static let ways = 90
  /// Seconds that the name takes to appear.
  private static let flight = 2.0

  /// Seconds since it began.
  private(set) var elapsed = 0.0
  /// The exact flow of N(0, I) to the name: nothing is learned for it.
  private(set) var solve: Solve

  /// Whether a screen has room for it.
  public static func fits(_ size: Size) -> Bool {
    size.columns >= smallest.columns && size.rows >= smallest.rows
  }

  init(seed: UInt64) {
    var random = Random(seed: seed).stream("introduction")
    var noise = Batch(dimension: 2, count: Introduction.particles)
    StandardNormal(dimension: 2).sample(into: &noise, using: &random)
    solve = Solve(
      SolvedFlow(MarginalField(target: NameInDots.mixture)), weightsStep: 0,
      settings: LaneSettings(.midpoint, steps: 40), noise: noise, memoryLimit: 32 << 20)
  }

  /// What is lit now; nil when it is over.
  var scene: Scene? { Scene.allCases.first { elapsed < $0.end } }

  /// The time of the name's flow, 0…1.
  var t: Double { min(1, elapsed / Introduction.flight) }

  /// How much of the sentence is to be seen, 0…1: it comes in .2 s and goes in .4.
  var strength: Double {
    guard let scene else { return 0 }
    return min(1, (elapsed - scene.start) / 0.2, (scene.end - elapsed) / 0.4)
  }

  /// Lets time go by, and solves as far as it is shown.
  mutating func advance(by seconds: Double) {
    elapsed += seconds
    var budget = 1 << 20
    solve.advance(to: t, budget: &budget)
  }
}

extension AppState {
  /// Begins it where it was asked for and there is room.
  mutating func introduce() {
    guard options.introduces, !options.reducedMotion, fitsIntroduction else { return }
    introduction = Introduction(seed: experiment.seed)
  }

  /// Ends it for good; what was pressed then does what it always does.
  mutating func endIntroduction() {
    guard introduction != nil else { return }
    introduction = nil
    revision += 1
  }

  /// Soon while it plays.
  var introductionDelay: Double? { introduction == nil ? nil : 0 }

  private var fitsIntroduction: Bool { Introduction.fits(window.size) }

  /// Goes on with it, at a moment's notice to its end.
  mutating func advanceIntroduction(by seconds: Double) {
    guard introduction != nil else { return }
    introduction?.advance(by: seconds)
    if introduction?.scene == nil || !fitsIntroduction { introduction = nil }
    revision += 1
  }
}
