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
  private let reading: NetworkReading
  private let look = Mutex(Look())

  /// A file whose network, where the file does not say, was trained as `experiment` says.
  init(
    _ path: String, experiment: Experiment, dataset: Dataset,
    reading: NetworkReading = NetworkReading()
  ) {
    self.reading = reading
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
      guard
        let stored = try? StoredRun(
          reading: path, as: reading, otherwise: experiment.activation)
      else { return nil }
      // What lies in another space cannot stand where this one is drawn.
      let own = stored.experiment(beside: experiment)
      guard own.space == experiment.space, own.dimension == experiment.dimension else {
        return nil
      }
      // Rewritten while it was read: it may be a mixture of the two.
      guard POSIXFile.version(of: path) == version else { return nil }
      look.isRead = true
      look.count += 1
      return stored.received(beside: experiment, dataset: dataset, step: look.count)
    }
  }
}
