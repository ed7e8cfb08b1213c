import FlowMatching
import TerminalCanvas

extension TrainingReport {
  /// What stands behind the loss's floor: " ± .003"; nil where it is exact or unknown.
  var floorErrorWords: String? {
    guard lossFloor != nil, let error = lossFloorError, error > 0 else { return nil }
    return " ± " + NumberFormat.significant(error, 1)
  }

  /// The times that the floor belongs to, where over all of them it would be infinite: "t ≥ 0.001".
  var floorCropWords: String? {
    guard lossFloor != nil, let crop = lossFloorCrop else { return nil }
    let (first, last) = (NumberFormat.axis(crop.lowerBound), NumberFormat.axis(crop.upperBound))
    return crop.lowerBound == 0
      ? "t ≤ \(last)" : crop.upperBound == 1 ? "t ≥ \(first)" : "t \(first) to \(last)"
  }
}
