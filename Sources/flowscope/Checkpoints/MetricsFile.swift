import FileFormats
import FlowMatching

/// The course of a run as CSV: a row for every measurement, appended and handed to the system at
/// once, so that a crash loses none.
struct MetricsFile {
  private let path: String
  private let file: POSIXFile
  private var count = 0

  /// Opens the file, which keeps what it holds; a new one begins with the names of the columns.
  init(_ path: String) throws {
    self.path = path
    do throws(FileFailure) {
      file = path == "-" ? .standardOutput : try POSIXFile(appending: path)
      if file.length == nil {
        try file.write(Array("step,loss,average_loss,excess_loss,w2\n".utf8))
      }
    } catch { throw Failure.file(error, path) }
  }

  /// Appends the measurements that are new.
  mutating func append(_ run: TrainingRun) throws {
    guard run.measurements.count > count else { return }
    let trainer = run.trainer
    for measurement in run.measurements[count...] {
      let numbers = [
        trainer.lastLoss, trainer.averageLoss, measurement.excess, measurement.w2,
      ]
      let fields = numbers.map { $0.map { "\($0)" } ?? "" }
      let text = "\(measurement.step)," + fields.joined(separator: ",") + "\n"
      do { try file.write(Array(text.utf8)) } catch { throw Failure.file(error, path) }
    }
    count = run.measurements.count
  }
}
