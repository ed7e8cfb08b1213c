import FlowMatching
import TerminalCanvas

extension TrainingReport {
  /// What stands behind the loss's floor: " ± .003"; nil where it is exact or unknown.
  var floorErrorWords: String? {
    guard lossFloor != nil, let error = lossFloorError, error > 0 else { return nil }
    return " ± " + (error < 0.0005 ? "<.001" : NumberFormat.fixed(error, 3))
  }
}
