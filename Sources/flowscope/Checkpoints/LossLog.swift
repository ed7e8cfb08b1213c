import FileFormats
import FlowMatching
import Foundation

/// The losses that another program writes, read on from where they ended: CSV with names in its first line, or a JSON
/// object a line.
///
/// Of a row without a loss, as Lightning writes for its validation, nothing is taken; of one without a step its number
/// is its step. A file that is written anew is read anew.
struct LossLog {
  private let path: String
  private var file: POSIXFile?
  private var version: POSIXFile.Version?
  private var beginning: [UInt8] = []
  private var rest: [UInt8] = []
  private var rows = MetricsRows()
  private var count = 0
  private var average = RunningLoss()

  /// The longest line that is read.
  private static let lineLimit = 1 << 16

  init(_ path: String) { self.path = path }

  /// All losses so far, where some are new.
  mutating func news() -> LossHistory? {
    guard let now = POSIXFile.version(of: path), now != version else { return nil }
    // A program that writes its whole file anew may have named another column.
    let first = LossLog.beginning(of: path)
    let isSame = (version.map { now.isGrown(from: $0) } ?? false) && first == beginning
    if !isSame { self = LossLog(path) }
    (version, beginning) = (now, first)
    guard let file = file ?? (try? POSIXFile(reading: path, onlyRegular: true)) else {
      version = nil
      return nil
    }
    self.file = file
    let before = average.history.points.last
    while let piece = try? file.read(1 << 18), !piece.isEmpty { take(piece) }
    return average.history.points.last == before ? nil : average.history
  }

  /// What a file begins with, so far as that is written.
  private static func beginning(of path: String) -> [UInt8] {
    guard let bytes = try? POSIXFile(reading: path, onlyRegular: true).read(4096) else { return [] }
    return Array(bytes.prefix { $0 != 0x0a })
  }

  private mutating func take(_ piece: [UInt8]) {
    let bytes = rest + piece
    var start = 0
    while let end = bytes[start...].firstIndex(of: 0x0a) {
      take(String(decoding: bytes[start..<end], as: UTF8.self))
      start = end + 1
    }
    rest = Array(bytes[start...])
    if rest.count > LossLog.lineLimit { rest = [] }
  }

  private mutating func take(_ line: String) {
    guard let row = rows.row(of: line) else { return }
    count += 1
    if let loss = row.loss { average.note(loss, at: row.step ?? Double(count)) }
  }
}

/// Losses with their running average, of decay 0.99 a step as the viewer's own.
struct RunningLoss {
  private(set) var history = LossHistory()
  private var (sum, weight) = (0.0, 0.0)
  private var last = 0

  /// Takes the loss at a step, which comes after those before; another is passed over.
  mutating func note(_ loss: Double, at step: Double) {
    guard loss.isFinite, step.isFinite, step >= 0, step < 1e12 else { return }
    // Programs count from 0, the first point lies at 1.
    let step = max(1, Int(saturating: step))
    guard step > last else { return }
    let decay = pow(0.99, Double(step - last))
    last = step
    sum = decay * sum + (1 - decay) * loss
    weight = decay * weight + (1 - decay)
    history.record(step: step, raw: loss, average: sum / weight)
  }
}
