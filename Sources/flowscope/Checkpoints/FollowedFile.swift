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
    var log: LossLog?
    /// The losses that the files' metadata tell.
    var told = RunningLoss()
  }

  private let path: String
  private let experiment: Experiment
  private let dataset: Dataset
  private let reading: NetworkReading
  private let look = Mutex(Look())

  /// A file whose network, where the file does not say, was trained as `experiment` says; its losses stand in `log`,
  /// or in its metadata.
  init(
    _ path: String, experiment: Experiment, dataset: Dataset,
    reading: NetworkReading = NetworkReading(), losses log: String? = nil
  ) {
    look.withLock { $0.log = log.map(LossLog.init) }
    self.reading = reading
    self.path = path
    self.experiment = experiment
    self.dataset = dataset
  }

  /// What is new since last time; nil where nothing is.
  func next() -> FollowedNews? {
    look.withLock { look in
      let (losses, run) = (look.log?.news(), run(&look))
      let told = run != nil && look.log == nil && !look.told.history.points.isEmpty
      guard run != nil || losses != nil else { return nil }
      return FollowedNews(run: run, losses: losses ?? (told ? look.told.history : nil))
    }
  }

  /// The run that the file holds, if it is another than last time.
  private func run(_ look: inout Look) -> ReceivedRun? {
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
    let run = stored.received(beside: experiment, dataset: dataset, step: look.count)
    if let loss = stored.loss { look.told.note(loss, at: Double(run.state.stepsDone)) }
    return run
  }
}
