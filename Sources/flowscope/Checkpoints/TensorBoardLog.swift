import FileFormats
import FlowMatching
import Foundation

/// The course of a run as TensorBoard reads it: an event file in a folder, a record for every
/// measurement, handed to the system at once.
///
/// A run that goes on begins another file, which says from which step on the earlier ones no longer
/// count; nothing that is there is changed.
struct TensorBoardLog {
  private let path: String
  private let lock: RunLock
  /// The first step that earlier files no longer tell; nil where there are none.
  private let firstStep: Int?
  private var file: POSIXFile?
  private var count = 0

  /// Makes the folder, if need be, and makes sure that the file can be written and that nobody else
  /// writes there; a new run in a folder that has events is refused as a file that exists is.
  init(_ folder: String, overwrite: OverwriteOptions, resumedAt step: Int?) throws {
    var place = folder
    if step == nil, TensorBoardLog.hasEvents(in: folder) {
      place = try overwrite.instead(
        of: folder, option: "--tensorboard", ways: ["--resume goes on in it"],
        forced: TensorBoardLog.forced)
    }
    let earlier = TensorBoardLog.files(in: place)
    firstStep = step.map { $0 + 1 } ?? (earlier.isEmpty ? nil : 0)
    // TensorBoard reads files in the order of their names: this one is the last.
    let last = earlier.compactMap(TensorBoardLog.second).max() ?? 0
    let name = TensorBoardEvents.fileName(
      wallTime: max(Date.now.timeIntervalSince1970, Double(last) + 1), host: "flowscope",
      process: ProcessInfo.processInfo.processIdentifier)
    path = place + "/" + name
    do throws(FileFailure) {
      try POSIXFile.makeDirectory(place)
      lock = try RunLock(on: place + "/events", holder: CheckpointFile.holder)
      try AtomicFile.check(path)
    } catch { throw Failure.file(error, place) }
  }

  /// Begins the file.
  mutating func begin() throws {
    let time = Date.now.timeIntervalSince1970
    var start = TensorBoardEvents.version(wallTime: time)
    if let firstStep { start += TensorBoardEvents.sessionStart(wallTime: time, step: firstStep) }
    do throws(FileFailure) {
      file = try POSIXFile(appending: path)
      try file?.write(start)
    } catch { throw Failure.file(error, path) }
  }

  /// Appends the measurements that are new, each number that is known.
  mutating func append(_ run: TrainingRun) throws {
    guard run.measurements.count > count else { return }
    for measurement in run.measurements[count...] {
      let row = MetricsRow(measurement, of: run)
      let numbers = row.numbers + [(name: "floor", value: run.lossFloor)]
      let record = TensorBoardEvents.scalars(
        numbers.compactMap { name, value in value.map { (tag: name, value: $0) } },
        wallTime: Date.now.timeIntervalSince1970, step: row.step)
      do { try file?.write(record) } catch { throw Failure.file(error, path) }
    }
    count = run.measurements.count
  }

  /// What --force does with a folder that has events.
  static let forced = "--force begins anew in it"

  /// Whether a run has written there.
  static func hasEvents(in folder: String) -> Bool { !files(in: folder).isEmpty }

  private static let prefix = "events.out.tfevents."

  /// The names of the event files in a folder.
  private static func files(in folder: String) -> [String] {
    POSIXFile.names(in: folder).filter { $0.hasPrefix(prefix) }
  }

  /// The second in the name of an event file.
  private static func second(_ name: String) -> Int? {
    Int(name.dropFirst(prefix.count).prefix { $0 != "." }).flatMap { $0 < 1 << 40 ? $0 : nil }
  }
}
