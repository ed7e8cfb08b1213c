/// How a run has gone so far: its losses, and what was measured of its weights on the way.
public struct TrainingCourse: Sendable {
  /// The losses, thinned.
  public var history: LossHistory
  /// The measurements, in order of step.
  public var measurements: [TrainingRun.Measurement]

  /// A course up to a step: what came after it is left out.
  public init(
    _ history: LossHistory, _ measurements: [TrainingRun.Measurement], upTo step: Int = .max
  ) {
    let points = history.points.filter { $0.step <= step }
    let isWhole = points.count == history.points.count
    self.history =
      isWhole
      ? history
      : LossHistory(points: points, spacing: history.schedule.spacing, next: step + 1) ?? history
    self.measurements = measurements.filter { $0.step <= step }
  }
}

extension TrainingRun.Measurement {
  /// A measurement as a file keeps it.
  public init(step: Int, excess: Double?, excessError: Double?, w2: Double?) {
    self.step = step
    self.excess = excess
    self.excessError = excessError
    self.w2 = w2
  }
}

extension TrainingRun {
  /// Takes over what was measured before, of steps that this run has behind it.
  public mutating func recall(_ earlier: [Measurement]) {
    let first = min(trainer.stepsDone, measurements.first?.step ?? .max)
    measurements = earlier.filter { $0.step < first } + measurements
  }
}
