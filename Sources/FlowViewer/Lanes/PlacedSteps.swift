import FlowMatching

/// Where a lane's fixed steps may be placed.
extension LaneSettings {
  /// The most steps of which the best are looked for.
  static let mostBestSteps = 128

  /// Whether it takes fixed steps that a grid may place.
  var isPlaced: Bool { letters == nil && isDeterministic && !isAdaptive }
}
