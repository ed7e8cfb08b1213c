import FlowMatching
import TerminalCanvas

/// The run before this one: its curves stand behind those of the new one, so that what a change does is seen.
struct FormerRun: Sendable {
  private let experiment: Experiment
  private let history: LossHistory
  private let measurements: [TrainingRun.Measurement]

  /// nil of a run that had hardly begun.
  init?(_ report: TrainingReport, of experiment: Experiment) {
    guard report.step >= 100, report.history.points.count > 1 else { return nil }
    self.experiment = experiment
    history = report.history
    measurements = report.measurements
  }

  /// The averaged losses, where they are of the same thing: the same data, path and target of the network.
  func losses(beside other: Experiment) -> [ChartSeries] {
    guard isAlike(other), experiment.path == other.path, experiment.loss == other.loss,
      experiment.prediction == other.prediction, experiment.timeDensity == other.timeDensity,
      experiment.timeWeight == other.timeWeight, experiment.scheduler == other.scheduler
    else { return [] }
    return series(
      history.points.map { ChartPoint(x: Double($0.step), y: $0.average) })
  }

  /// The errors of the field, where those are of the same exact one.
  func excesses(beside other: Experiment) -> [ChartSeries] {
    guard isAlike(other), experiment.path == other.path, experiment.scheduler == other.scheduler
    else { return [] }
    return series(
      measurements.compactMap { measurement in
        measurement.excess.map { ChartPoint(x: Double(measurement.step), y: $0) }
      })
  }

  /// The distances to the same data.
  func distances(beside other: Experiment, _ kind: SampleDistance) -> [ChartSeries] {
    guard experiment.dataset == other.dataset, experiment.classes == other.classes else {
      return []
    }
    return series(
      measurements.compactMap { measurement in
        (kind == .w2 ? measurement.w2 : measurement.distances[kind]).map {
          ChartPoint(x: Double(measurement.step), y: $0)
        }
      }.filter(\.y.isFinite))
  }

  private func isAlike(_ other: Experiment) -> Bool {
    experiment.dataset == other.dataset && experiment.source == other.source
      && experiment.objective == other.objective && experiment.classes == other.classes
      && experiment.coupling == other.coupling
  }

  private func series(_ points: [ChartPoint]) -> [ChartSeries] {
    points.isEmpty ? [] : [ChartSeries(points, role: .raw, label: "run before")]
  }
}
