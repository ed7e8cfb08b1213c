import FlowMatching
import TerminalCanvas

/// A run whose curves stand behind those of the one on show, so that what a change does is seen: the run before it,
/// or that of a file.
public struct GhostRun: Sendable {
  /// What its curves are called.
  public let name: String
  /// What it trained; nil where its file does not say.
  private let experiment: Experiment?
  private let history: LossHistory
  private let measurements: [TrainingRun.Measurement]

  /// The course of a run; nil where it has no curve.
  public init?(_ course: TrainingCourse, of experiment: Experiment?, named name: String) {
    guard course.history.points.count > 1 || course.measurements.count > 1 else { return nil }
    self.name = name
    self.experiment = experiment
    (history, measurements) = (course.history, course.measurements)
  }

  /// The run before; nil of one that had hardly begun.
  init?(_ report: TrainingReport, of experiment: Experiment) {
    guard report.step >= 100, report.history.points.count > 1 else { return nil }
    self.init(
      TrainingCourse(report.history, report.measurements), of: experiment, named: "run before")
  }

  /// Why no curve of it can stand behind those of an experiment; nil where one can.
  public func complaint(beside other: Experiment) -> String? {
    guard let experiment else { return nil }
    let hasSome =
      !losses(beside: other).isEmpty || !excesses(beside: other).isEmpty
      || !distances(beside: other, .w2).isEmpty
    if hasSome { return nil }
    return experiment.dataset == other.dataset
      ? "its losses are of another path, coupling or target of the network"
      : "it learned \(experiment.dataset), not \(other.dataset)"
  }

  /// The averaged losses, where they are of the same thing: the same data, path and target of the network.
  func losses(beside other: Experiment) -> [ChartSeries] {
    guard learnsTheSameField(as: other), hasTheSameLoss(as: other) else { return [] }
    return series(history.points.map { ChartPoint(x: Double($0.step), y: $0.average) })
  }

  /// The errors of the field, where those are of the same exact one.
  func excesses(beside other: Experiment) -> [ChartSeries] {
    guard learnsTheSameField(as: other) else { return [] }
    return series(
      measurements.compactMap { measurement in
        measurement.excess.map { ChartPoint(x: Double(measurement.step), y: $0) }
      })
  }

  /// The distances to the same data.
  func distances(beside other: Experiment, _ kind: SampleDistance) -> [ChartSeries] {
    guard hasTheSameData(as: other) else { return [] }
    return series(
      measurements.compactMap { measurement in
        (kind == .w2 ? measurement.w2 : measurement.distances[kind]).map {
          ChartPoint(x: Double(measurement.step), y: $0)
        }
      }.filter(\.y.isFinite))
  }

  /// Who lays curves behind says that they can be compared where their file does not.
  private func hasTheSameData(as other: Experiment) -> Bool {
    guard let experiment else { return true }
    return experiment.dataset == other.dataset && experiment.classes == other.classes
  }

  private func learnsTheSameField(as other: Experiment) -> Bool {
    guard let experiment else { return true }
    return hasTheSameData(as: other) && experiment.source == other.source
      && experiment.objective == other.objective && experiment.coupling == other.coupling
      && experiment.path == other.path && experiment.scheduler == other.scheduler
  }

  private func hasTheSameLoss(as other: Experiment) -> Bool {
    guard let experiment else { return true }
    return experiment.loss == other.loss && experiment.prediction == other.prediction
      && experiment.timeDensity == other.timeDensity && experiment.timeWeight == other.timeWeight
  }

  /// A curve; none of a single point.
  private func series(_ points: [ChartPoint]) -> [ChartSeries] {
    points.count < 2 ? [] : [ChartSeries(points, role: .raw, label: name)]
  }
}
