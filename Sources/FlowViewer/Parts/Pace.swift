import FlowMatching
import TerminalCanvas

/// How much may be computed between two frames, and what the last ones cost.
public struct Pace: Sendable {
  /// Point evaluations spent since the start.
  public private(set) var evaluationsSpent = 0
  /// Point evaluations that the next tick may spend.
  var evaluationBudget: Int
  /// How fast the network is evaluated here: points per second, at first by its size.
  var evaluationsPerSecond: Double
  public internal(set) var cost = FrameCost()
  public internal(set) var shownCost = FrameCost()
  /// Whether the last slice was used up, so that another one is of use.
  private(set) var isShort = false
  /// When the cost on show is next renewed.
  var nextShownTime = 0.0
  /// Whether nothing moves, so that no frames are drawn.
  var isIdle = false
  /// Seconds of a tick that solving may take: half of what a key may wait, with room to draw.
  static let sliceSeconds = 0.012

  /// Seconds before the next frame in which no further slice begins: slices take not quite what they say.
  static let marginSeconds = 0.003

  /// The pace of a network of so many weights, before frames tell.
  init(weights: Int, _ options: AppState.Options) {
    // As the default network's 9 000 weights on a common processor.
    evaluationsPerSecond = min(3e6, 3e6 * 9000 / Double(weights))
    evaluationBudget = options.evaluationBudget
    if options.adaptsBudget {
      let slice = Int(saturating: evaluationsPerSecond * Pace.sliceSeconds)
      evaluationBudget = min(evaluationBudget, max(1, slice))
    }
  }

  /// Notes what a slice of solving spent of what it might.
  mutating func spend(_ evaluations: Int, of allowance: Int) {
    evaluationsSpent += evaluations
    isShort = evaluations >= max(1, allowance / 2)
  }

  /// Shows what frames cost, four times a second.
  mutating func refresh(at now: Double) {
    guard now >= nextShownTime - 1e-9 else { return }
    shownCost = cost
    nextShownTime = now + 0.25
  }

  /// Fits the next tick to what the last frame cost.
  mutating func receive(_ newer: FrameCost, adapts: Bool) {
    cost = newer
    // Frames with few evaluations say more about the rest of the tick than about the network.
    guard adapts, newer.evaluations >= evaluationBudget / 4, newer.evaluations > 0, newer.solve > 0
    else { return }
    let rate = Double(newer.evaluations) / newer.solve
    evaluationsPerSecond += 0.3 * (rate - evaluationsPerSecond)
    evaluationBudget = max(1, Int(saturating: evaluationsPerSecond * Pace.sliceSeconds))
  }
}
