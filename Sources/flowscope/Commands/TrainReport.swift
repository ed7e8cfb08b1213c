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
  /// Its standard error, that of the draws that it is a mean of; nil where it is none.
  let excessLossStandardError: Double?
  /// The excess of flow matching beside it, in nats; nil where none was trained.
  let matchingExcess: Double?
  let w2: Double?
  let w2NoiseFloor: Double?
  /// The observation whose posterior W₂ is of; nil where none was learned, or none is known.
  let w2Given: [Double]?
  /// The share of samples that the data can yield, of letters.
  let shareOnSupport: Double?
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
    excessLossStandardError = finite(last?.excessError)
    matchingExcess = finite(last?.rival?.excess)
    w2 = finite(last?.w2)
    w2NoiseFloor = run.noiseFloor?.mean
    let observed = run.dataset.observedColumns
    w2Given = observed.isEmpty || !run.dataset.isKnownTarget ? nil : observed.usual
    shareOnSupport = finite(last?.supportShare)
    self.stepsPerSecond = stepsPerSecond.rounded()
  }

  enum CodingKeys: CodingKey {
    case dataset, seed, steps, loss, floor, floorStandardError, floorTimes, excessLoss,
      excessLossStandardError, matchingExcess, w2, w2NoiseFloor, w2Given, shareOnSupport,
      stepsPerSecond
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
    try container.encode(excessLossStandardError, forKey: .excessLossStandardError)
    try container.encodeIfPresent(matchingExcess, forKey: .matchingExcess)
    try container.encode(w2, forKey: .w2)
    try container.encode(w2NoiseFloor, forKey: .w2NoiseFloor)
    try container.encodeIfPresent(w2Given, forKey: .w2Given)
    try container.encodeIfPresent(shareOnSupport, forKey: .shareOnSupport)
    try container.encode(stepsPerSecond, forKey: .stepsPerSecond)
  }

  /// The same for people; `name` is what its loss is called.
  func text(loss name: String) -> String {
    let noise =
      (w2NoiseFloor.map { "   noise floor " + TableFigure.text($0, digits: 4) } ?? "")
      + (w2Given.map { "   given " + $0.map { "\($0)" }.joined(separator: ",") } ?? "")
    let line = TrainReport.line
    return "dataset     \(dataset)\nsteps       \(steps)\nseed        \(seed)\n"
      + line(name, loss, "")
      + line("floor", floor, floorNote)
      + line(
        "excess", excessLoss,
        excessLossStandardError.map { String(format: " ± %.2g", $0) } ?? "")
      + (matchingExcess.map { line("matching", $0, "   the excess of its rival") } ?? "")
      + (shareOnSupport.map {
        line("on support", $0, "   of the samples, in \(TrainingRun.letterSteps) steps")
      } ?? line("W2", w2, noise))
      + TableFigure.left("steps/s", 12) + String(format: "%.0f\n", stepsPerSecond)
  }

  /// What stands behind the floor: its standard error, and the times that it belongs to.
  private var floorNote: String {
    let error = floorStandardError.map { $0 > 0 ? String(format: " ± %.2g", $0) : "" } ?? ""
    let crop = floorTimes.map { TrainReport.words($0[0]...$0[1]) }
    return error + (crop ?? "")
  }

  /// Which times a floor belongs to.
  static func words(_ times: ClosedRange<Double>) -> String {
    "   of t from \(times.lowerBound) to \(times.upperBound): over all of [0, 1] it is infinite"
  }

  /// A line of the report.
  static func line(_ name: String, _ value: Double?, _ note: String) -> String {
    TableFigure.left(name, 12) + (value.map { TableFigure.text($0) } ?? "unknown") + note + "\n"
  }
}
