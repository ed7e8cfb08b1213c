import FileFormats
import FlowMatching
import FlowViewer
import Synchronization

/// A checkpoint that another program rewrites, looked at by its size, its time and its inode.
///
/// A file that is not there yet, or half written, is passed over until it is whole.
final class FollowedFile: Sendable {
  private struct Look {
    var version: POSIXFile.Version?
    var isRead = false
    var count = 0
  }

  private let path: String
  private let experiment: Experiment
  private let dataset: Dataset
  private let look = Mutex(Look())

  /// A file whose network, where the file does not say, was trained as `experiment` says.
  init(_ path: String, experiment: Experiment, dataset: Dataset) {
    self.path = path
    self.experiment = experiment
    self.dataset = dataset
  }

  /// The run that the file holds, if it is another than last time.
  func next() -> ReceivedRun? {
    look.withLock { look in
      guard let version = POSIXFile.version(of: path) else { return nil }
      if version == look.version && look.isRead { return nil }
      look.version = version
      look.isRead = false
      guard let file = try? Safetensors(reading: Input.source(path)),
        let checkpoint = try? Checkpoint(
          file, activation: nil, otherwise: experiment.activation)
      else { return nil }
      // Rewritten while it was read: it may be a mixture of the two.
      guard POSIXFile.version(of: path) == version else { return nil }
      look.isRead = true
      look.count += 1
      return checkpoint.received(beside: experiment, dataset: dataset, step: look.count)
    }
  }
}

extension Checkpoint {
  /// What the viewer shows of it; a foreign network has no step but its count, and is judged by the
  /// given data set.
  func received(beside experiment: Experiment, dataset: Dataset, step count: Int) -> ReceivedRun {
    guard let own = self.experiment else {
      var foreign = experiment
      foreign.widths = weights.shape.widths
      foreign.activation = weights.shape.activation
      // What cannot be trained by likelihood can be looked at all the same.
      if foreign.likelihoodComplaint != nil { foreign.objective = .flowMatching }
      return ReceivedRun(
        experiment: foreign, dataset: dataset, weights: weights, step: step ?? count)
    }
    let target = withGiven(dataset)
    guard let state else {
      return ReceivedRun(experiment: own, dataset: target, weights: weights, step: step ?? count)
    }
    return ReceivedRun(experiment: own, dataset: target, state: state)
  }
}
