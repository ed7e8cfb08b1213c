/// When the viewer is to wake up next. Whatever moves by itself answers for itself, beside what it does:
/// seconds from now, 0 for the next frame, nil while it rests.
extension AppState {
  /// Who is asked.
  private static let delays: [@Sendable (AppState) -> Double?] = [
    { $0.playbackDelay }, { $0.laneDelay }, { $0.studyDelay }, { $0.distanceDelay },
    { $0.numbersDelay }, { $0.followDelay },
    { $0.sayingDelay }, { $0.readingDelay }, { $0.theoryDelay }, { $0.fieldDelay },
    { $0.errorCurveDelay }, { $0.densityDelay },
    { $0.likelihoodDelay }, { $0.hutchinsonDelay }, { $0.carrierDelay }, { $0.warpDelay },
    { $0.inspectionDelay }, { $0.spaceDelay }, { $0.spaceViewDelay }, { $0.wordsDelay },
    { $0.pictureDelay },
    { $0.marginalDelay }, { $0.processDelay }, { $0.guidanceDelay },
    { $0.calibrationDelay }, { $0.residualDelay }, { $0.noiseDelay }, { $0.gridDelay },
    { $0.moleculeDelay }, { $0.transportDelay }, { $0.introductionDelay }, { $0.tourDelay },
    { $0.worldDelay },
  ]

  /// The seconds until the next tick has something to do; nil when nothing moves at all.
  public var nextDeadline: Double? {
    AppState.delays.compactMap { $0(self) }.min().map { max(0, $0) }
  }

  /// Whether the time between two frames is of use: something is being solved while nothing moves, and no
  /// training is under way that would go without a core for it. Dragging in the exact world needs every
  /// frame to be on time.
  var hasSpareWork: Bool {
    pace.isShort && isParked && !isInWorld && options.adaptsBudget
      && training.report.status != .training
  }

  /// How much of the seconds until the next frame is of use for solving, half a frame's slice at most, so that
  /// a key waits as little; nil where there is no need, or hardly any time.
  func spareSlice(of left: Double) -> Double? {
    guard hasSpareWork, left >= 2 * Pace.marginSeconds else { return nil }
    return min(left - Pace.marginSeconds, Pace.sliceSeconds / 2)
  }
}
