import FileFormats
import FlowMatching
import Foundation

/// What a checkpoint tells in a list of runs; what is not known of it is nil.
struct RunSummary {
  /// The data set that it learned; nil where the file is no checkpoint of this program.
  private(set) var dataset: String?
  private(set) var steps: Int?
  /// The average loss of the run at that step.
  private(set) var loss: Double?
  private(set) var excess: Double?
  private(set) var w2: Double?
  /// Whether it learned points of mean 0 and deviation 1, in whose units its numbers are.
  private(set) var isStandardised = false

  /// Reads a file; `measuring` tells excess and W2 of its weights as `train` does after the last step:
  /// by the same draws, so that they are the same numbers.
  init(_ path: String, measuring: Bool) throws(FileFailure) {
    // The header tells whose it is. Nobody asked for that file by name: it must not be one that waits
    // for a writer.
    let header = try SafetensorsHeader(reading: POSIXFile(reading: path, onlyRegular: true))
    guard header.metadata["experiment"] != nil else { return }
    let stored = try StoredRun(reading: path)
    guard let experiment = stored.experiment, let target = try stored.dataset() else { return }
    dataset = experiment.dataset
    steps = stored.step
    isStandardised = stored.units.data != nil
    if let state = stored.state, state.stepsDone == stored.step, state.lossWeight > 0 {
      loss = RunSummary.finite(state.lossSum / state.lossWeight)
    }
    if measuring { try measure(stored, experiment, target) }
  }

  /// Measures the file's own weights: those of a state beside them may be of another step.
  private mutating func measure(
    _ stored: StoredRun, _ experiment: Experiment, _ target: Dataset
  ) throws(FileFailure) {
    var run = TrainingRun(experiment, dataset: target, measuresDistance: false)
    var state = stored.state ?? run.trainer.state
    state.average = stored.weights.values
    state.stepsDone = stored.step ?? state.stepsDone
    do throws(UnsuitableState) { try run.restore(state) } catch {
      throw .malformed("training cannot go on from it: \(error)")
    }
    run.measureNow()
    excess = RunSummary.finite(run.measurements.last?.excess)
    w2 = RunSummary.finite(run.measurements.last?.w2)
  }

  private static func finite(_ value: Double?) -> Double? {
    value.flatMap { $0.isFinite ? $0 : nil }
  }
}
