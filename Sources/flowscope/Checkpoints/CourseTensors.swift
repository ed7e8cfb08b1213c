import FileFormats
import FlowMatching

/// The course of a run beside weights from which nothing is trained on: its losses and measurements, so that
/// their curves are there again.
enum CourseTensors {
  private static let (losses, schedule, measured) = (
    "course.losses", "course.schedule", "course.measurements"
  )

  static func encode(_ course: TrainingCourse) -> [Safetensors.Tensor] {
    let (history, measurements) = (course.history, course.measurements)
    guard !history.points.isEmpty || !measurements.isEmpty else { return [] }
    let pace = history.schedule
    return [
      Safetensors.Tensor(losses, shape: [history.points.count, 3], doubles: history.rows),
      Safetensors.Tensor(schedule, shape: [2], doubles: [pace.spacing, Double(pace.next)]),
      // What is not known is NaN, since a table has no holes.
      Safetensors.Tensor(
        measured, shape: [measurements.count, 4],
        doubles: measurements.flatMap {
          [Double($0.step), $0.excess ?? .nan, $0.excessError ?? .nan, $0.w2 ?? .nan]
        }),
    ]
  }

  /// nil where the file keeps none.
  static func decode(_ file: Safetensors) throws(FileFailure) -> TrainingCourse? {
    guard file.header[losses] != nil else { return nil }
    let flat = try file.doubles(losses)
    let pace = try file.doubles(schedule)
    let table = try file.doubles(measured)
    guard flat.count % 3 == 0, pace.count == 2, table.count % 4 == 0,
      let next = Int(exactly: pace[1])
    else { throw .malformed("the course of its run has another shape") }
    let measurements = stride(from: 0, to: table.count, by: 4).map { k in
      let known = table[k..<(k + 4)].map { $0.isFinite ? $0 : nil }
      return TrainingRun.Measurement(
        step: known[0].flatMap { Int(exactly: $0) } ?? -1, excess: known[1],
        excessError: known[2], w2: known[3])
    }
    guard measurements.allSatisfy({ $0.step >= 0 }),
      zip(measurements, measurements.dropFirst()).allSatisfy({ $0.step < $1.step }),
      let history = LossHistory(rows: flat, spacing: pace[0], next: next)
    else { throw .malformed("the course of its run is impossible") }
    return TrainingCourse(history, measurements)
  }
}
