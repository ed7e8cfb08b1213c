import FileFormats
import FlowMatching
import Foundation

/// The course of a run as CSV or as lines of JSON: a row for every measurement, appended and handed to
/// the system at once, so that a crash loses none.
struct MetricsFile {
  /// How a row is written.
  enum Format {
    case csv, jsonLines

    /// As the name of a file says.
    init(_ path: String) { self = path.lowercased().hasSuffix(".jsonl") ? .jsonLines : .csv }

    /// What every file begins with.
    var beginning: String {
      switch self {
      case .csv: String(MetricsRow.header.dropLast())
      case .jsonLines: "{\"average_loss\":"
      }
    }

    /// What stands before the first row.
    var header: String { self == .csv ? MetricsRow.header : "" }

    func line(_ row: MetricsRow) throws -> String {
      self == .csv ? row.csv : try Output.jsonText(row).text + "\n"
    }

    /// The step of a row; nil where it is torn or another's.
    func step(of row: ArraySlice<UInt8>) -> Int? {
      guard row.last == 0x0a else { return nil }
      switch self {
      case .csv:
        let fields = row.split(separator: 0x2c, omittingEmptySubsequences: false)
        return fields.count == 5 ? Int(String(decoding: fields[0], as: UTF8.self)) : nil
      case .jsonLines:
        struct Row: Decodable { let step: Int }
        return try? JSONDecoder().decode(Row.self, from: Data(row)).step
      }
    }
  }

  private let path: String
  private let format: Format
  private let file: POSIXFile
  private var count = 0

  /// Opens the file of a new run, or of one that goes on after a step: then it keeps its rows up to
  /// there, since those behind it are measured again.
  ///
  /// Nobody else may append to it meanwhile.
  init(_ path: String, overwrite: OverwriteOptions, resumedAt step: Int?) throws {
    let place =
      step == nil
      ? try overwrite.place(path, option: "--metrics", ways: ["--resume goes on with it"]) : path
    self.path = place
    format = Format(place)
    do throws(FileFailure) {
      file = place == "-" ? .standardOutput : try POSIXFile(appending: place)
      guard place == "-" || POSIXFile.isSpecial(place) || file.lock() else {
        throw .cannotCreate("another process writes it")
      }
      if let length = file.length {
        let rows = try POSIXFile(reading: place).readAll(limit: 1 << 30)
        guard rows.starts(with: Array(format.beginning.utf8)) else {
          throw .cannotCreate("it holds something else than metrics")
        }
        let kept = step.map { MetricsFile.kept(rows, upTo: $0, format) } ?? 0
        if kept < length { try file.truncate(to: kept) }
        if kept > 0 { return }
      }
      try file.write(Array(format.header.utf8))
    } catch { throw Failure.file(error, place) }
  }

  /// How many bytes belong to the rows before the last ones that lie behind a step or are torn.
  static func kept(_ bytes: [UInt8], upTo step: Int, _ format: Format = .csv) -> Int {
    var end = bytes.count
    while end > 0 {
      let start = bytes[..<(end - 1)].lastIndex(of: 0x0a).map { $0 + 1 } ?? 0
      // The names of the columns are a row that stays.
      if start == 0 && format == .csv { return end }
      if let reached = format.step(of: bytes[start..<end]), reached <= step { return end }
      end = start
    }
    return 0
  }

  /// Appends the measurements that are new.
  mutating func append(_ run: TrainingRun) throws {
    guard run.measurements.count > count else { return }
    for measurement in run.measurements[count...] {
      let line = try format.line(MetricsRow(measurement, of: run))
      do { try file.write(Array(line.utf8)) } catch { throw Failure.file(error, path) }
    }
    count = run.measurements.count
  }
}
