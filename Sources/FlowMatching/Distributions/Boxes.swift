#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A mixture of uniform distributions on boxes with sides along the axes, and Gaussian noise.
///
/// X = U + noise·ε, U uniform on box `j` with probability w_j. Without noise, and with weights that
/// are the boxes' volumes, this is the uniform distribution on a union of disjoint boxes.
public struct Boxes: DensityDistribution, Hashable {
  public let dimension: Int
  /// The probabilities w_j of the boxes, normalised to sum 1.
  public let weights: [Double]
  /// The lower corners, `d` coordinates each.
  public let lows: [[Double]]
  /// The upper corners, above the lower ones in every coordinate.
  public let highs: [[Double]]
  /// The standard deviation of the noise, ≥ 0.
  public let noise: Double
  /// The different sides of all boxes along each axis: boxes in one row share theirs.
  let sides: [[Side]]
  /// Which side of its axis box `j` has along axis `k`, at `j·d + k`.
  let sideIndex: [Int]
  private let cumulative: [Double]

  /// An interval on an axis.
  struct Side: Sendable, Hashable {
    let low, high: Double
  }

  /// Boxes of the given probabilities, which need not be normalised; their volumes where nil.
  public init(
    lows: [[Double]], highs: [[Double]], weights: [Double]? = nil, noise: Double = 0
  ) {
    precondition(!lows.isEmpty && lows.count == highs.count, "every box needs two corners")
    let d = lows[0].count
    precondition(d > 0 && (lows + highs).allSatisfy { $0.count == d }, "corners differ in length")
    precondition(
      zip(lows, highs).allSatisfy { zip($0, $1).allSatisfy { $0 < $1 } }, "a box has a volume")
    precondition(noise >= 0, "noise has a standard deviation of 0 or more")
    let volumes = zip(lows, highs).map { zip($0, $1).reduce(1) { $0 * ($1.1 - $1.0) } }
    let shares = weights ?? volumes
    precondition(
      shares.count == lows.count && shares.allSatisfy { $0 > 0 && $0.isFinite },
      "every box needs a positive weight")
    let total = shares.reduce(0, +)
    dimension = d
    self.weights = shares.map { $0 / total }
    self.lows = lows
    self.highs = highs
    self.noise = noise
    var sum = 0.0
    cumulative = self.weights.map { weight in
      sum += weight
      return sum
    }
    var places = [[Side: Int]](repeating: [:], count: d)
    var sides = [[Side]](repeating: [], count: d)
    var index: [Int] = []
    for j in lows.indices {
      for k in 0..<d {
        let side = Side(low: lows[j][k], high: highs[j][k])
        if places[k][side] == nil {
          places[k][side] = sides[k].count
          sides[k].append(side)
        }
        index.append(places[k][side]!)
      }
    }
    self.sides = sides
    sideIndex = index
  }

  /// The centres of the boxes.
  public var centres: [[Double]] {
    zip(lows, highs).map { zip($0, $1).map { 0.5 * ($0 + $1) } }
  }

  public func sample(into points: inout Batch, using random: inout Random) {
    precondition(points.dimension == dimension, "the batch has another dimension")
    let n = points.count
    let hasNoise = noise > 0
    for j in 0..<n {
      let u = random.uniform()
      let box = min(cumulative.firstIndex { u < $0 } ?? weights.count - 1, weights.count - 1)
      for k in 0..<dimension {
        let side = sides[k][sideIndex[box * dimension + k]]
        let inside = side.low + (side.high - side.low) * random.uniform()
        points.values[k * n + j] = hasNoise ? inside + noise * random.normal() : inside
      }
    }
  }

  /// log p(x) in nats; without noise −∞ outside, and a box owns its lower sides, not its upper.
  public func logDensity(_ points: Batch) -> [Double] {
    precondition(points.dimension == dimension, "the batch has another dimension")
    return (0..<points.count).map { j in
      logSumExp(
        weights.indices.map { box in
          var sum = log(weights[box])
          for k in 0..<dimension {
            let side = sides[k][sideIndex[box * dimension + k]]
            let x = points[k, j]
            if noise > 0 {
              let interval = NormalInterval(
                (side.low - x) / noise, (side.high - x) / noise)
              sum += interval.logMeanDensity - log(noise)
            } else {
              sum += x >= side.low && x < side.high ? -log(side.high - side.low) : -.infinity
            }
          }
          return sum
        })
    }
  }
}
