import FileFormats
import FlowMatching

/// The course of a run as CSV: a row for every measurement, appended and handed to the system at
/// once, so that a crash loses none.
struct MetricsFile {
  private let path: String
  private let file: POSIXFile
  private var count = 0

  private static let header = "step,loss,average_loss,excess_loss,w2"

  /// Opens the file of a new run, which begins with the names of the columns, or of one that goes on
  /// after a step: then it keeps its rows up to there, since those behind it are measured again.
  ///
  /// Nobody else may append to it meanwhile.
  init(_ path: String, overwrite: OverwriteOptions, resumedAt step: Int?) throws {
    let place =
      step == nil
      ? try overwrite.place(path, option: "--metrics", ways: ["--resume goes on with it"]) : path
    self.path = place
    do throws(FileFailure) {
      file = place == "-" ? .standardOutput : try POSIXFile(appending: place)
      guard place == "-" || POSIXFile.isSpecial(place) || file.lock() else {
        throw .cannotCreate("another process writes it")
      }
      if let length = file.length {
        let rows = try POSIXFile(reading: place).readAll(limit: 1 << 30)
        guard rows.starts(with: Array(MetricsFile.header.utf8)) else {
          throw .cannotCreate("it holds something else than metrics")
        }
        let kept = step.map { MetricsFile.kept(rows, upTo: $0) } ?? 0
        if kept < length { try file.truncate(to: kept) }
        if kept > 0 { return }
      }
      try file.write(Array((MetricsFile.header + "\n").utf8))
    } catch { throw Failure.file(error, place) }
  }

  /// How many bytes belong to the rows before the last ones that lie behind a step or are torn.
  static func kept(_ bytes: [UInt8], upTo step: Int) -> Int {
    var end = bytes.count
    while end > 0 {
      let start = bytes[..<(end - 1)].lastIndex(of: 0x0a).map { $0 + 1 } ?? 0
      let row = bytes[start..<end]
      let fields = row.split(separator: 0x2c, omittingEmptySubsequences: false)
      let first = Int(String(decoding: fields[0], as: UTF8.self))
      // The names of the columns are a row that stays.
      if start == 0 { return end }
      if row.last == 0x0a, fields.count == 5, let first, first <= step { return end }
      end = start
    }
    return 0
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
