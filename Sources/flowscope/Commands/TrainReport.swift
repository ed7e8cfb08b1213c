import FlowMatching
import Foundation

/// What a training run without a screen reached.
struct TrainReport: Encodable {
  let dataset: String
  let seed: UInt64
  let steps: Int
  let loss: Double?
  let floor: Double?
  /// The standard error of `floor`, 0 where that is exact.
  let floorStandardError: Double?
  /// The first and the last t that `floor` belongs to, where over all of them it would be infinite.
  let floorTimes: [Double]?
  let excessLoss: Double?
  /// The excess of flow matching beside it, in nats; nil where none was trained.
  let matchingExcess: Double?
  let w2: Double?
  let w2NoiseFloor: Double?
  let stepsPerSecond: Double

  init(_ run: TrainingRun, stepsPerSecond: Double) {
    let last = run.measurements.last
    func finite(_ value: Double?) -> Double? { value.flatMap { $0.isFinite ? $0 : nil } }
    dataset = run.dataset.name
    seed = run.trainer.experiment.seed
    steps = run.trainer.stepsDone
    loss = finite(run.trainer.averageLoss)
    floor = run.lossFloor
    floorStandardError = run.lossFloorError
    floorTimes = run.lossFloorCrop.map { [$0.lowerBound, $0.upperBound] }
    excessLoss = finite(last?.excess)
    matchingExcess = finite(last?.rival?.excess)
    w2 = finite(last?.w2)
    w2NoiseFloor = run.noiseFloor?.mean
    self.stepsPerSecond = stepsPerSecond.rounded()
  }

  enum CodingKeys: CodingKey {
    case dataset, seed, steps, loss, floor, floorStandardError, floorTimes, excessLoss,
      matchingExcess, w2, w2NoiseFloor, stepsPerSecond
  }

  // By hand: an unknown number is null, not a key that is missing.
  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(dataset, forKey: .dataset)
    try container.encode(seed, forKey: .seed)
    try container.encode(steps, forKey: .steps)
    try container.encode(loss, forKey: .loss)
    try container.encode(floor, forKey: .floor)
    try container.encode(floorStandardError, forKey: .floorStandardError)
    try container.encodeIfPresent(floorTimes, forKey: .floorTimes)
    try container.encode(excessLoss, forKey: .excessLoss)
    try container.encodeIfPresent(matchingExcess, forKey: .matchingExcess)
    try container.encode(w2, forKey: .w2)
    try container.encode(w2NoiseFloor, forKey: .w2NoiseFloor)
    try container.encode(stepsPerSecond, forKey: .stepsPerSecond)
  }

  /// The same for people; `isLikelihood` says what the loss is.
  func text(isLikelihood: Bool) -> String {
    let noise = w2NoiseFloor.map { String(format: "   noise floor %.3f", $0) } ?? ""
    let line = TrainReport.line
    return "dataset     \(dataset)\nsteps       \(steps)\nseed        \(seed)\n"
      + line(isLikelihood ? "NLL" : "loss", loss, 4, "")
      + line("floor", floor, 4, floorNote)
      + line("excess", excessLoss, 4, "")
      + (matchingExcess.map { line("matching", $0, 4, "   the excess of its rival") } ?? "")
      + line("W2", w2, 3, noise)
      + line("steps/s", stepsPerSecond, 0, "")
  }

  /// What stands behind the floor: its standard error, and the times that it belongs to.
  private var floorNote: String {
    let error = floorStandardError.map { $0 > 0 ? String(format: " ± %.2g", $0) : "" } ?? ""
    let crop = floorTimes.map { "   of t from \($0[0]) to \($0[1]): over all of [0, 1] it is infinite" }
    return error + (crop ?? "")
  }

  /// A line of the report.
  static func line(_ name: String, _ value: Double?, _ decimals: Int, _ note: String) -> String {
    let text = value.map { String(format: "%.\(decimals)f", $0) } ?? "unknown"
    return name.padding(toLength: 12, withPad: " ", startingAt: 0) + text + note + "\n"
  }
}
