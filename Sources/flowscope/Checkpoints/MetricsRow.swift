import FlowMatching

/// One measurement of a run as files of metrics tell it.
struct MetricsRow: Encodable {
  let step: Int
  let loss, averageLoss, excessLoss, w2: Double?

  /// A measurement that a run has just made.
  init(_ measurement: TrainingRun.Measurement, of run: TrainingRun) {
    step = measurement.step
    loss = run.trainer.lastLoss
    averageLoss = run.trainer.averageLoss
    excessLoss = measurement.excess
    w2 = measurement.w2
  }

  /// The columns after the step, by their names in every format.
  var numbers: [(name: String, value: Double?)] {
    [("loss", loss), ("average_loss", averageLoss), ("excess_loss", excessLoss), ("w2", w2)]
  }

  /// The names of the columns, and a line end.
  static let header = "step,loss,average_loss,excess_loss,w2\n"

  /// A line of CSV, empty where a number is not known.
  var csv: String {
    "\(step)," + numbers.map { $0.value.map { "\($0)" } ?? "" }.joined(separator: ",") + "\n"
  }

  enum CodingKeys: CodingKey {
    case step, loss, averageLoss, excessLoss, w2
  }

  // By hand: an unknown number is null, not a key that is missing, and JSON has no NaN.
  func encode(to encoder: any Encoder) throws {
    func finite(_ value: Double?) -> Double? { value.flatMap { $0.isFinite ? $0 : nil } }
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(step, forKey: .step)
    try container.encode(finite(loss), forKey: .loss)
    try container.encode(finite(averageLoss), forKey: .averageLoss)
    try container.encode(finite(excessLoss), forKey: .excessLoss)
    try container.encode(finite(w2), forKey: .w2)
  }
}
