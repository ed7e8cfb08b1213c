/// What a network reads of points with classes, a row for each feature: x, its time or both times of a jump,
/// and a row for each class.
///
/// The kernels call the last row the time; here it is the last class's.
struct LabelBlock: Sendable {
  private let told, labels, count: Int
  /// All rows but the last.
  private(set) var rows: [Double]
  /// The last row.
  private(set) var last: [Double]

  /// Room for `count` points; nil for a network that is told no classes.
  init?(_ shape: MLPShape, count: Int) {
    guard shape.labels > 0 else { return nil }
    told = shape.dimension + shape.times
    labels = shape.labels
    self.count = count
    rows = [Double](repeating: 0, count: (shape.features - 1) * count)
    last = [Double](repeating: 0, count: count)
  }

  /// Takes what a network without classes reads, all rows but the last and the last, and the points' classes;
  /// one that is not told (nil) has zeros.
  mutating func load(_ points: [Double], _ times: [Double], _ classes: [Int?]) {
    precondition(
      points.count + count == told * count && times.count == count && classes.count == count,
      "the block has another size")
    for k in points.indices { rows[k] = points[k] }
    for j in 0..<count { rows[points.count + j] = times[j] }
    for k in told * count..<rows.count { rows[k] = 0 }
    for j in 0..<count {
      last[j] = classes[j] == labels - 1 ? 1 : 0
      if let label = classes[j], label < labels - 1 { rows[(told + label) * count + j] = 1 }
    }
  }
}

extension Experiment {
  /// The classes of a data set as training takes them; nil where none are told.
  func labelling(of dataset: Dataset) -> TrainingPairs.Labelling? {
    guard !classes.isEmpty, let known = dataset.classes else { return nil }
    return TrainingPairs.Labelling(
      classes: known, dropout: labelDropout, pairsAcross: pairsAcrossClasses)
  }
}
