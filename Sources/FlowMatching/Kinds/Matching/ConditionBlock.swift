/// What a network reads of points with classes or observations, a row for each feature: x, t, and a row for
/// each class or each observed number.
///
/// The kernels call the last row the time; here it is the last of those.
struct ConditionBlock: Sendable {
  private let dimension, labels, observations, count: Int
  /// All rows but the last.
  private(set) var rows: [Double]
  /// The last row.
  private(set) var last: [Double]

  /// Room for `count` points; nil for a network that is told points and times alone.
  init?(_ shape: MLPShape, count: Int) {
    guard shape.labels + shape.observations > 0 else { return nil }
    precondition(shape.labels == 0 || shape.observations == 0, "one of both is told")
    dimension = shape.dimension
    labels = shape.labels
    observations = shape.observations
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

extension ConditionBlock {
  /// Takes points `d×n`, their times and what was observed of each, `m×n`, in the network's units.
  mutating func load(_ x: Batch, _ times: [Double], observed: Batch) {
    precondition(x.count == count && observed.count == count, "the block has another size")
    precondition(observed.dimension == observations, "an observation has a number for each column")
    let coordinates = dimension * count
    for k in 0..<coordinates { rows[k] = x.values[k] }
    for j in 0..<count { rows[coordinates + j] = times[j] }
    let start = coordinates + count
    for k in 0..<(observations - 1) * count { rows[start + k] = observed.values[k] }
    for j in 0..<count { last[j] = observed.values[(observations - 1) * count + j] }
  }
}

extension Experiment {
  /// The simulations that training draws from: those of a data set, or as many of them as it may have; nil
  /// where nothing is observed.
  func simulated(_ dataset: Dataset) -> (any Simulations)? {
    guard !observations.isEmpty, let all = dataset.simulations else { return nil }
    guard simulations > 0 else { return all }
    var random = Random(seed: seed).stream("simulations")
    return SimulationTable(simulations, of: all, using: &random)
  }

  /// The classes of a data set as training takes them; nil where none are told.
  func labelling(of dataset: Dataset) -> TrainingPairs.Labelling? {
    guard !classes.isEmpty, let known = dataset.classes else { return nil }
    return TrainingPairs.Labelling(
      classes: known, dropout: labelDropout, pairsAcross: pairsAcrossClasses)
  }
}
