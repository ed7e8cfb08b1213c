/// What a network reads of points with classes, a row for each feature: x, t, and a row for each class.
///
/// The kernels call the last row the time; here it is the last class's.
struct LabelBlock: Sendable {
  private let dimension, labels, count: Int
  /// All rows but the last.
  private(set) var rows: [Double]
  /// The last row.
  private(set) var last: [Double]

  /// Room for `count` points; nil for a network that is told no classes.
  init?(_ shape: MLPShape, count: Int) {
    guard shape.labels > 0 else { return nil }
    dimension = shape.dimension
    labels = shape.labels
    self.count = count
    rows = [Double](repeating: 0, count: (shape.features - 1) * count)
    last = [Double](repeating: 0, count: count)
  }

  /// Takes points `d×n`, their times and their classes; a class that is not told (nil) has zeros.
  mutating func load(_ x: Batch, _ times: [Double], _ told: [Int?]) {
    precondition(x.count == count && told.count == count, "the block has another size")
    let coordinates = dimension * count
    for k in 0..<coordinates { rows[k] = x.values[k] }
    for j in 0..<count { rows[coordinates + j] = times[j] }
    for k in coordinates + count..<rows.count { rows[k] = 0 }
    for j in 0..<count {
      last[j] = told[j] == labels - 1 ? 1 : 0
      if let label = told[j], label < labels - 1 {
        rows[coordinates + (1 + label) * count + j] = 1
      }
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
