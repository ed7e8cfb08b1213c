/// Pairs of points that have classes: a coupling within each class, so that a class by itself still starts
/// from the source.
enum ClassPairs {
  /// Pairs point j of `x0` with point j of `x1`, in place, whose class is `labels[j]`.
  ///
  /// Across classes the targets keep their classes as they go to other places. Noise then tells the
  /// class, and flows of one class, which start from all noise, arrive wrong.
  static func pair(
    _ x0: inout Batch, _ x1: inout Batch, _ labels: inout [Int], by coupling: inout any Coupling,
    across: Bool, of count: Int, using random: inout Random
  ) {
    guard across else {
      for label in 0..<count {
        let places = labels.indices.filter { labels[$0] == label }
        guard !places.isEmpty else { continue }
        var (starts, ends) = (x0.choosing(places), x1.choosing(places))
        coupling.pair(&starts, &ends, using: &random)
        x0.scatter(starts, to: places)
        x1.scatter(ends, to: places)
      }
      return
    }
    // A target is known again by its bits; of several at one place each gives its class in turn.
    var known: [[UInt64]: (labels: [Int], next: Int)] = [:]
    for j in labels.indices {
      known[x1.point(j).map(\.bitPattern), default: ([], 0)].labels.append(labels[j])
    }
    coupling.pair(&x0, &x1, using: &random)
    for j in labels.indices {
      let key = x1.point(j).map(\.bitPattern)
      guard var entry = known[key] else { preconditionFailure("a coupling moves no target") }
      labels[j] = entry.labels[entry.next % entry.labels.count]
      entry.next += 1
      known[key] = entry
    }
  }
}
