/// What a network reads of points with classes or observations, a row for each feature: x, its time or both
/// times of a jump, and a row for each class or each observed number.
///
/// The kernels call the last row the time; here it is the last of those.
struct ConditionBlock: Sendable {
  private let told, labels, observations, count: Int
  /// All rows but the last.
  private(set) var rows: [Double]
  /// The last row.
  private(set) var last: [Double]

  /// Room for `count` points; nil for a network that is told points and times alone.
  init?(_ shape: MLPShape, count: Int) {
    guard shape.labels + shape.observations > 0 else { return nil }
    precondition(shape.labels == 0 || shape.observations == 0, "one of both is told")
    told = shape.dimension + shape.times
    labels = shape.labels
    observations = shape.observations
    self.count = count
    rows = [Double](repeating: 0, count: (shape.features - 1) * count)
    last = [Double](repeating: 0, count: count)
  }

  /// Takes what a network without classes reads, all rows but the last and the last, and the points' classes;
  /// one that is not told (nil) has zeros.
  mutating func load(_ points: [Double], _ times: [Double], _ classes: [Int?]) {
    precondition(classes.count == count, "the block has another size")
    load(points, times)
    for k in told * count..<rows.count { rows[k] = 0 }
    for j in 0..<count {
      last[j] = classes[j] == labels - 1 ? 1 : 0
      if let label = classes[j], label < labels - 1 { rows[(told + label) * count + j] = 1 }
    }
  }

  /// Takes the same and what was observed of each point, `m×n`, in the network's units.
  mutating func load(_ points: [Double], _ times: [Double], observed: Batch) {
    precondition(observed.count == count, "the block has another size")
    precondition(observed.dimension == observations, "an observation has a number for each column")
    load(points, times)
    let start = told * count
    for k in 0..<(observations - 1) * count { rows[start + k] = observed.values[k] }
    for j in 0..<count { last[j] = observed.values[(observations - 1) * count + j] }
  }

  private mutating func load(_ points: [Double], _ times: [Double]) {
    precondition(
      points.count + count == told * count && times.count == count, "the block has another size")
    for k in points.indices { rows[k] = points[k] }
    for j in 0..<count { rows[points.count + j] = times[j] }
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
