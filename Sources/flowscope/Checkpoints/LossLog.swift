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
  private var columns: Columns?
  private var rows = 0
  private var average = RunningLoss()

  /// What the columns are called, the likeliest names first.
  static let steps = ["step", "global_step", "iteration", "iter", "steps", "epoch"]
  static let losses = [
    "loss", "train_loss", "train/loss", "training_loss", "train_loss_step", "loss_step",
    "train/loss_step", "train_loss_epoch",
  ]

  /// The longest line that is read.
  private static let lineLimit = 1 << 16

  private struct Columns {
    let step: Int?
    let loss: Int
  }

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
      let line = String(decoding: bytes[start..<end], as: UTF8.self)
      take(line.trimmingCharacters(in: .whitespacesAndNewlines))
      start = end + 1
    }
    rest = Array(bytes[start...])
    if rest.count > LossLog.lineLimit { rest = [] }
  }

  private mutating func take(_ line: String) {
    guard !line.isEmpty else { return }
    if line.hasPrefix("{") { return takeJSON(line) }
    let fields = line.split(separator: ",", omittingEmptySubsequences: false).map {
      $0.trimmingCharacters(in: .whitespaces).trimmingCharacters(in: ["\""])
    }
    guard let columns else {
      self.columns = LossLog.columns(fields)
      return
    }
    rows += 1
    guard columns.loss < fields.count, let loss = Double(fields[columns.loss]) else { return }
    let step = columns.step.flatMap { $0 < fields.count ? Double(fields[$0]) : nil }
    average.note(loss, at: step ?? Double(rows))
  }

  private mutating func takeJSON(_ line: String) {
    guard let object = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
    else { return }
    rows += 1
    let names = object.keys.sorted()
    guard
      let key = LossLog.losses.first(where: names.contains) ?? names.first(where: LossLog.isLoss),
      let loss = object[key] as? Double
    else { return }
    let step = LossLog.steps.first(where: names.contains).flatMap { object[$0] as? Double }
    average.note(loss, at: step ?? Double(rows))
  }

  private static func columns(_ names: [String]) -> Columns? {
    let loss =
      losses.lazy.compactMap(names.firstIndex(of:)).first ?? names.firstIndex(where: isLoss)
    guard let loss else { return nil }
    return Columns(
      step: steps.lazy.compactMap(names.firstIndex(of:)).first, loss: loss)
  }

  /// Whether a name may be that of a training loss.
  private static func isLoss(_ name: String) -> Bool {
    let name = name.lowercased()
    return name.contains("loss")
      && !["val", "test", "floor", "excess"].contains(where: name.contains)
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
