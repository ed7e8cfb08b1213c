/// A distribution as the mixture of its classes, p = Σ π_c p_c.
public struct LabelledDistribution: Sendable {
  /// The names of the classes; their numbers are their places here.
  public let names: [String]
  /// The probabilities π_c, of sum 1.
  public let weights: [Double]
  /// The distributions p_c.
  public let parts: [any Distribution]
  /// The class of each point, in their order, where it is one of given points; else nil.
  public private(set) var labels: [Int]?
  private let cumulative: [Double]

  /// The most classes, each an input of a network.
  public static let limit = 256

  /// Classes with different names; weights, all positive, need not be normalised, and are equal where
  /// none are given.
  public init(_ names: [String], weights: [Double]? = nil, _ parts: [any Distribution]) {
    precondition(
      !names.isEmpty && Set(names).count == names.count, "classes have names of their own")
    precondition(names.count <= LabelledDistribution.limit, "too many classes")
    let weights = weights ?? names.map { _ in 1 }
    precondition(
      parts.count == names.count && weights.count == names.count,
      "every class needs a distribution and a weight")
    precondition(parts.allSatisfy { $0.dimension == parts[0].dimension }, "of one dimension")
    precondition(weights.allSatisfy { $0 > 0 && $0.isFinite }, "weights must be positive")
    let total = weights.reduce(0, +)
    self.names = names
    self.weights = weights.map { $0 / total }
    self.parts = parts
    var sum = 0.0
    cumulative = self.weights.map { weight in
      sum += weight
      return sum
    }
  }

  /// The number of classes.
  public var count: Int { names.count }

  /// The dimension d of the points.
  public var dimension: Int { parts[0].dimension }

  /// Overwrites points and labels by independent draws: a class by its weight, a point of it.
  public func sample(into points: inout Batch, labels: inout [Int], using random: inout Random) {
    precondition(labels.count == points.count, "a label for each point")
    var members = [[Int]](repeating: [], count: count)
    for j in labels.indices {
      let u = random.uniform()
      labels[j] = cumulative.firstIndex { u < $0 } ?? count - 1
      members[labels[j]].append(j)
    }
    for (part, places) in zip(parts, members) where !places.isEmpty {
      points.scatter(part.sample(count: places.count, using: &random), to: places)
    }
  }

  /// Points by their labels, as the distribution that they are: every point equally likely. Nil where a
  /// class has no point.
  public init?(_ points: Batch, labels: [Int], names: [String]) {
    precondition(labels.count == points.count, "a label for each point")
    var members = [[Int]](repeating: [], count: names.count)
    for (j, label) in labels.enumerated() { members[label].append(j) }
    guard members.allSatisfy({ !$0.isEmpty }) else { return nil }
    self.init(
      names, weights: members.map { Double($0.count) },
      members.map { PointCloud(points.choosing($0)) })
    self.labels = labels
  }
}

extension Batch {
  /// Writes the points of a batch to so many places.
  mutating func scatter(_ part: Batch, to places: [Int]) {
    for i in 0..<dimension {
      for (k, j) in places.enumerated() { values[i * count + j] = part.values[i * part.count + k] }
    }
  }
}
