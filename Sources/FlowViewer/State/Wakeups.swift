/// When the viewer is to wake up next. Whatever moves by itself answers for itself, beside what it does:
/// seconds from now, 0 for the next frame, nil while it rests.
extension AppState {
  /// Who is asked.
  private static let delays: [KeyPath<AppState, Double?> & Sendable] = [
    \.playbackDelay, \.laneDelay, \.studyDelay, \.distanceDelay, \.numbersDelay, \.followDelay,
    \.sayingDelay, \.readingDelay, \.theoryDelay, \.fieldDelay, \.errorCurveDelay, \.densityDelay,
    \.likelihoodDelay, \.hutchinsonDelay, \.carrierDelay, \.warpDelay, \.inspectionDelay,
  ]

  /// The seconds until the next tick has something to do; nil when nothing moves at all.
  public var nextDeadline: Double? {
    AppState.delays.compactMap { self[keyPath: $0] }.min().map { max(0, $0) }
  }
}
