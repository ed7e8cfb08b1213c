/// What the nearest of other points says: of whom a sample is, of which class, and whether it is a copy.
public enum NearestNeighbours {
  /// The place in `others`, with the distance, of the nearest to each of `points`, both `d×n`; of the same
  /// batch never the point itself. The first of several as near.
  public static func nearest(
    to points: Batch, among others: Batch, excludingSelf: Bool = false
  ) -> [(place: Int, distance: Double)] {
    precondition(points.dimension == others.dimension, "both are of one space")
    precondition(others.count > (excludingSelf ? 1 : 0), "there is no neighbour")
    let d = points.dimension
    func rows(_ batch: Batch) -> [Double] {
      (0..<batch.count).flatMap { j in (0..<d).map { batch[$0, j] } }
    }
    let (rest, own) = (rows(others), rows(points))
    return (0..<points.count).map { j in
      var (best, least) = (0, Double.infinity)
      for k in 0..<others.count where !(excludingSelf && k == j) {
        var sum = 0.0
        for i in 0..<d {
          let difference = rest[k * d + i] - own[j * d + i]
          sum += difference * difference
        }
        if sum < least { (best, least) = (k, sum) }
      }
      return (best, least.squareRoot())
    }
  }

  /// The accuracy of the 1-nearest-neighbour two-sample test: the share of all points of two samples whose
  /// nearest other point is of their own sample; ½ where both are of one distribution and as large, 1 where
  /// they lie apart, below ½ where one copies the other (Lopez-Paz and Oquab, 2017).
  public static func twoSampleAccuracy(_ a: Batch, _ b: Batch) -> Double {
    var both = Batch(dimension: a.dimension, count: a.count + b.count)
    both.scatter(a, to: Array(0..<a.count))
    both.scatter(b, to: Array(a.count..<both.count))
    let found = nearest(to: both, among: both, excludingSelf: true)
    let faithful = found.indices.count { ($0 < a.count) == (found[$0].place < a.count) }
    return Double(faithful) / Double(max(1, both.count))
  }

  /// The share of points whose nearest of the labelled ones has the label that they should have.
  public static func shareRight(
    _ points: Batch, _ wanted: [Int], among known: Batch, _ labels: [Int]
  ) -> Double {
    precondition(wanted.count == points.count && labels.count == known.count, "a label for each")
    let found = nearest(to: points, among: known)
    return Double(found.indices.count { labels[found[$0].place] == wanted[$0] })
      / Double(max(1, points.count))
  }

  /// The mean distance of points to the nearest of others.
  public static func meanDistance(to points: Batch, among others: Batch) -> Double {
    nearest(to: points, among: others).reduce(0) { $0 + $1.distance } / Double(max(1, points.count))
  }
}

extension Batch {
  /// √ of the sum of the variances of all coordinates, 1/n.
  public var totalDeviation: Double {
    var sum = 0.0
    for i in 0..<dimension {
      let row = values[i * count..<(i + 1) * count]
      let mean = row.reduce(0, +) / Double(count)
      sum += row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)
    }
    return sum.squareRoot()
  }
}
