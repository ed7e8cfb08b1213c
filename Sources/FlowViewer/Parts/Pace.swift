import FlowMatching
import TerminalCanvas

/// How much may be computed between two frames, and what the last ones cost.
public struct Pace: Sendable {
  /// Point evaluations spent since the start.
  public internal(set) var evaluationsSpent = 0
  /// Point evaluations that the next tick may spend.
  var evaluationBudget: Int
  /// How fast the network is evaluated here: points per second, at first by its size.
  var evaluationsPerSecond: Double
  public internal(set) var cost = FrameCost()
  public internal(set) var shownCost = FrameCost()
  /// Whether nothing moves, so that no frames are drawn.
  var isIdle = false
  /// Seconds of a tick that solving may take: half of what a key may wait, with room to draw.
  static let sliceSeconds = 0.012

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
}
