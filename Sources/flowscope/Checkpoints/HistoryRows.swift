import FlowMatching

extension LossHistory {
  /// The points as a file keeps them, a row each: step, loss, running average.
  var rows: [Double] { points.flatMap { [Double($0.step), $0.raw, $0.average] } }

  /// The history of such rows with what decides what is kept next; nil where it is none that can have been.
  init?(rows: [Double], spacing: Double, next: Int) {
    guard rows.count % 3 == 0 else { return nil }
    let points = stride(from: 0, to: rows.count, by: 3).map { k in
      Point(step: Int(exactly: rows[k]) ?? -1, raw: rows[k + 1], average: rows[k + 2])
    }
    guard points.allSatisfy({ $0.step > 0 }),
      zip(points, points.dropFirst()).allSatisfy({ $0.step < $1.step })
    else { return nil }
    self.init(points: points, spacing: spacing, next: next)
  }
}
