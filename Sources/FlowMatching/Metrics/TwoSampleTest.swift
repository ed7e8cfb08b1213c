/// Whether two independent samples of equal size are of one distribution: their energy distance beside
/// what it would be if it did not matter which sample a point is of.
///
/// D² = 2E|X − Y| − E|X − X′| − E|Y − Y′| = −sᵀKs/m² with the distances K of the 2m points and the labels
/// s = ±1. Under the same distribution the labels can be exchanged, so that D of so many random divisions
/// into halves is its noise, and P(p ≤ α) ≤ α for every m (Székely and Rizzo, InterStat 5 (2004), section 3;
/// Phipson and Smyth, 2010, eq. 2). **The samples have to be independent**: of points that are carried from
/// the same starts in two ways `init(paired:)` takes every one in one way only. The whole of both would be
/// nearer to each other than two samples are, and no difference would be found where there is one.
///
/// It works in slices, and the result does not depend on them.
public struct TwoSampleTest: Sendable {
  /// The random divisions into halves, beside the one at hand.
  public static let usualDivisions = 599

  /// What was found.
  public struct Outcome: Sendable, Hashable {
    /// The points of each sample.
    public let count: Int
    /// The energy distance D.
    public let distance: Double
    /// The mean of D over random divisions: what two samples of one distribution are apart.
    public let noise: Double
    /// D of random divisions and of this one, the largest first.
    private let distances: [Double]

    fileprivate init(count: Int, _ distances: [Double]) {
      self.count = count
      distance = distances[0]
      noise = distances.dropFirst().reduce(0, +) / Double(distances.count - 1)
      self.distances = distances.sorted(by: >)
    }

    /// The share of divisions, this one among them, whose D is at least as large.
    public var p: Double {
      Double(distances.count { $0 >= distance }) / Double(distances.count)
    }

    /// Whether so large a distance would come by chance once in 1/`level` times at most.
    public func isDifferent(level: Double) -> Bool { p <= level }

    /// What D may be before it is called different at a level.
    public func limit(level: Double) -> Double {
      distances[min(distances.count - 1, Int(level * Double(distances.count) + 1e-9))]
    }
  }

  /// What was found; nil while it is under way, and for ever where a point is not finite.
  public private(set) var outcome: Outcome?
  /// Whether nothing is left to do.
  public private(set) var isOver = false

  private let points: Batch
  private let divisions: Int
  private var random: Random
  /// The labels, a row a point and a column a division, of which the first is the one at hand.
  private var labels: [Float] = []
  /// Σ s_i s_j K_ij over i > j so far, of each division.
  private var sums: [Double]
  private var row = 1

  /// A test of two independent samples, of which as many points are taken as the smaller has.
  public init(
    _ a: Batch, _ b: Batch, divisions: Int = usualDivisions, random: Random = Random(seed: 0)
  ) {
    precondition(a.dimension == b.dimension, "both samples need the same dimension")
    precondition(divisions > 0, "a test needs another division")
    let m = min(a.count, b.count)
    var points = Batch(dimension: a.dimension, count: 2 * m)
    for i in 0..<a.dimension {
      for j in 0..<m {
        points[i, j] = a[i, j]
        points[i, m + j] = b[i, j]
      }
    }
    self.points = points
    self.divisions = divisions + 1
    self.random = random.stream("divisions")
    sums = [Double](repeating: 0, count: divisions + 1)
    if m < 2 || !points.isFinite { isOver = true }
  }

  /// A test of points that are carried from the same independent starts in two ways, point j of one from
  /// where point j of the other is: of one way the even ones, of the other the odd ones.
  public init(
    paired a: Batch, _ b: Batch, divisions: Int = usualDivisions, random: Random = Random(seed: 0)
  ) {
    precondition(a.hasShape(of: b), "a pair has two points")
    self.init(
      a.everySecond(from: 0), b.everySecond(from: 1), divisions: divisions, random: random)
  }

  /// Works until it is over or at least `budget` distances were spent; returns how many were.
  public mutating func advance(budget: Int) -> Int {
    var spent = 0
    if !isOver, labels.isEmpty {
      draw()
      spent += points.count
    }
    while !isOver && spent < budget {
      work()
      spent += row
      row += 1
      if row == points.count { finish() }
    }
    return spent
  }

  /// Runs to the end.
  public mutating func finished() -> Outcome? {
    while !isOver { _ = advance(budget: .max) }
    return outcome
  }

  /// Draws the divisions: the labels of the one at hand, in random order.
  private mutating func draw() {
    let n = points.count
    labels = [Float](repeating: 0, count: n * divisions)
    var order = (0..<n).map { $0 < n / 2 ? Float(1) : -1 }
    for division in 0..<divisions {
      if division > 0 { order.shuffle(using: &random) }
      for j in 0..<n { labels[j * divisions + division] = order[j] }
    }
  }

  /// The distances of one point to those before it, in every division.
  private mutating func work() {
    let (n, d, i, count) = (points.count, points.dimension, row, divisions)
    var row = [Float](repeating: 0, count: count)
    for j in 0..<i {
      var square = 0.0
      for k in 0..<d {
        let difference = points.values[k * n + i] - points.values[k * n + j]
        square += difference * difference
      }
      let distance = Float(square.squareRoot())
      let start = j * count
      for p in 0..<count { row[p] += distance * labels[start + p] }
    }
    let start = i * count
    for p in 0..<count { sums[p] += Double(labels[start + p] * row[p]) }
  }

  private mutating func finish() {
    let m = Double(points.count / 2)
    let distances = sums.map { max(0, -2 * $0).squareRoot() / m }
    outcome = Outcome(count: points.count / 2, distances)
    isOver = true
    labels = []
  }
}

extension Batch {
  /// Every second point from one on.
  fileprivate func everySecond(from first: Int) -> Batch {
    let places = Array(stride(from: first, to: count, by: 2))
    var half = Batch(dimension: dimension, count: places.count)
    for i in 0..<dimension {
      for (k, j) in places.enumerated() { half[i, k] = self[i, j] }
    }
    return half
  }
}
