/// A k-d tree of points in the plane: halves at the median of their wider coordinate, with the count,
/// the mean and the spread of every part. O(n log n).
struct PointTree: Sendable {
  /// Some of the points, and its two halves; none for a leaf.
  struct Part: Sendable {
    var first, end: Int
    var left = 0
    var right = 0
    /// The box around them.
    var low = SIMD2<Double>(repeating: .infinity)
    var high = SIMD2<Double>(repeating: -.infinity)
    var mean = SIMD2<Double>()
    /// The sum of their variances.
    var spread = 0.0
    /// The sum of their chances.
    var chance = 0.0
    /// The longer side of the box.
    var extent: Double { max(high.x - low.x, high.y - low.y) }
    var isLeaf: Bool { left == 0 }
  }

  /// The points part by part, around their mean: sums of squares then keep their digits however far
  /// from 0 the points are.
  private(set) var points: [SIMD2<Double>]
  /// How likely each is to be drawn, of sum 1: half of it the same for all, half as the point stands
  /// alone, Σ extent/count of the parts that it is in. An outlier, and a small group, are drawn often.
  private(set) var chances: [Double] = []
  private(set) var parts: [Part] = []
  private static let leafSize = 8

  /// The tree of at least one point in one or two dimensions; the second coordinate of the first is 0.
  init(_ batch: Batch) {
    let n = batch.count
    precondition(n > 0 && batch.dimension <= 2, "a tree needs points of the line or the plane")
    let isPlane = batch.dimension == 2
    points = (0..<n).map {
      SIMD2(batch.values[$0], isPlane ? batch.values[n + $0] : 0)
    }
    // In shares: a sum could overflow.
    let mean = points.reduce(SIMD2()) { $0 + $1 / Double(n) }
    for j in 0..<n { points[j] -= mean }
    chances = [Double](repeating: 0, count: n)
    _ = build(0, n, solitude: 0)
    let total = chances.reduce(0, +)
    for j in 0..<n {
      chances[j] = 0.5 / Double(n) * (1 + (total > 0 ? chances[j] / total * Double(n) : 1))
    }
    for k in parts.indices {
      parts[k].chance = chances[parts[k].first..<parts[k].end].reduce(0, +)
    }
  }

  private mutating func build(_ first: Int, _ end: Int, solitude: Double) -> Int {
    let index = parts.count
    var part = Part(first: first, end: end)
    let share = 1 / Double(end - first)
    var sum = SIMD2<Double>()
    for j in first..<end {
      part.low = pointwiseMin(part.low, points[j])
      part.high = pointwiseMax(part.high, points[j])
      sum += points[j]
    }
    part.mean = sum * share
    var squares = SIMD2<Double>()
    for j in first..<end { squares += (points[j] - part.mean) * (points[j] - part.mean) }
    part.spread = squares.sum() * share
    parts.append(part)
    let solitude = solitude + part.extent * share
    // Equal points are one place, however many.
    guard end - first > PointTree.leafSize, part.extent > 0 else {
      for j in first..<end { chances[j] = solitude }
      return index
    }
    let sides = part.high - part.low
    let middle = (first + end) / 2
    select(middle, first, end - 1, along: sides.x >= sides.y ? 0 : 1)
    let left = build(first, middle, solitude: solitude)
    let right = build(middle, end, solitude: solitude)
    (parts[index].left, parts[index].right) = (left, right)
    return index
  }

  /// Hoare's selection: nothing before `k` is greater than what is from there on.
  private mutating func select(_ k: Int, _ first: Int, _ last: Int, along i: Int) {
    var (low, high) = (first, last)
    while low < high {
      let (a, b, c) = (points[low][i], points[(low + high) / 2][i], points[high][i])
      let pivot = max(min(a, b), min(max(a, b), c))
      var (p, q) = (low, high)
      while p <= q {
        while points[p][i] < pivot { p += 1 }
        while points[q][i] > pivot { q -= 1 }
        if p <= q {
          points.swapAt(p, q)
          p += 1
          q -= 1
        }
      }
      if k <= q { high = q } else if k >= p { low = p } else { return }
    }
  }

  /// The least distance between two different points of a leaf, 0 where all points are one place; two
  /// neighbours of different leaves may be nearer.
  var smallestDistance: Double {
    var best = Double.infinity
    for part in parts where part.extent > 0 && part.isLeaf {
      for p in part.first..<part.end {
        for q in (p + 1)..<max(p + 1, part.end) {
          let difference = points[q] - points[p]
          let square = (difference * difference).sum()
          if square > 0 { best = min(best, square) }
        }
      }
    }
    // Where every leaf is one place, the boxes of their parents are what is left to tell by.
    if best == .infinity {
      for part in parts where part.extent > 0 { best = min(best, part.extent * part.extent) }
    }
    return best.isFinite ? best.squareRoot() : 0
  }
}
