import FileFormats
import FlowMatching
import FlowViewer
import Foundation

extension GhostRun {
  /// The longest file of metrics that is read, in bytes.
  private static let limit = 1 << 28

  /// The curves of another run: of a checkpoint of ours, or of a file of metrics, CSV with names in its first line or
  /// a JSON object a line. Fails where the file keeps none.
  static func read(_ path: String, as reading: NetworkReading) throws(FileFailure) -> GhostRun {
    let name = Output.visible(path.split(separator: "/").last.map(String.init) ?? path)
    let source = PeekedSource(try Input.source(path))
    let first = try source.peek(FileKind.byteCount)
    let ghost: GhostRun?
    if FileKind(first) == nil, first.first != nil {
      let text = String(decoding: try source.readAll(limit: limit), as: UTF8.self)
      ghost = GhostRun(course(text), of: nil, named: name)
    } else {
      let stored = try StoredRun(reading: path, as: reading, opening: { _ in source })
      let course = stored.state.map { TrainingCourse($0.history, []) } ?? stored.course
      ghost = course.flatMap { GhostRun($0, of: stored.experiment, named: name) }
    }
    guard let ghost else {
      throw .malformed(
        "it keeps no curve: a checkpoint of flowscope does, and what train --metrics writes")
    }
    return ghost
  }

  /// What rows tell: losses with their average, taken over them where they bring none, and measurements.
  private static func course(_ text: String) -> TrainingCourse {
    var (rows, count) = (MetricsRows(), 0)
    var (own, running) = (LossHistory(), RunningLoss())
    var measurements: [TrainingRun.Measurement] = []
    for line in text.split(whereSeparator: \.isNewline) {
      guard let row = rows.row(of: line) else { continue }
      count += 1
      let step = row.step ?? Double(count)
      if let loss = row.loss {
        running.note(loss, at: step)
        if let average = row.values["average_loss"] {
          own.record(step: max(1, Int(saturating: step)), raw: loss, average: average)
        }
      }
      let (excess, w2) = (row.values["excess_loss"], row.values["w2"])
      if excess != nil || w2 != nil {
        measurements.append(
          .init(step: Int(saturating: step), excess: excess, excessError: nil, w2: w2))
      }
    }
    let history = own.points.isEmpty ? running.history : own
    return TrainingCourse(history, measurements)
  }
}
