#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A mixture of products of two distributions on the circle: boards and wrapped Gaussians on the torus.
public struct TorusProducts: DensityDistribution, Hashable {
  /// The probabilities of the components, of sum 1.
  public let weights: [Double]
  /// The distributions of both angles of each component.
  public let factors: [[CircleFactor]]
  private let cumulative: [Double]

  /// Components of the given probabilities, which need not be normalised; all the same where nil.
  public init(_ factors: [[CircleFactor]], weights: [Double]? = nil) {
    let shares = weights ?? factors.map { _ in 1 }
    precondition(
      !factors.isEmpty && factors.allSatisfy { $0.count == 2 }, "a component has two factors")
    precondition(
      shares.count == factors.count && shares.allSatisfy { $0 > 0 && $0.isFinite },
      "every component needs a positive weight")
    let total = shares.reduce(0, +)
    self.weights = shares.map { $0 / total }
    self.factors = factors
    var sum = 0.0
    cumulative = self.weights.map { weight in
      sum += weight
      return sum
    }
  }

  public var dimension: Int { 2 }

  public func sample(into points: inout Batch, using random: inout Random) {
    precondition(points.dimension == 2, "the batch has another dimension")
    for j in 0..<points.count {
      let u = random.uniform()
      let pair = factors[cumulative.firstIndex { u < $0 } ?? factors.count - 1]
      points[0, j] = pair[0].draw(using: &random)
      points[1, j] = pair[1].draw(using: &random)
    }
  }

  /// log p by area.
  public func logDensity(_ points: Batch) -> [Double] {
    precondition(points.dimension == 2, "the batch has another dimension")
    return (0..<points.count).map { j in
      logSumExp(
        weights.indices.map {
          log(weights[$0]) + factors[$0][0].logDensity(points[0, j])
            + factors[$0][1].logDensity(points[1, j])
        })
    }
  }
}

extension TorusProducts {
  /// The dark squares of a board of side `side` whose corners are `corner` + side·(i, j): dark where
  /// i + j is even, i and j from the range.
  public static func board(
    side: Double, corner: (Double, Double), columns: Range<Int>
  ) -> TorusProducts {
    var squares: [[CircleFactor]] = []
    for i in columns {
      for j in columns where (i + j).isMultiple(of: 2) {
        squares.append([
          .arc(low: Torus.wrap(corner.0 + side * Double(i)), length: side),
          .arc(low: Torus.wrap(corner.1 + side * Double(j)), length: side),
        ])
      }
    }
    return TorusProducts(squares)
  }

  /// A mixture of Gaussians with independent angles, wrapped; a standard deviation for each.
  public static func normals(
    means: [[Double]], deviations: [[Double]], weights: [Double]? = nil
  ) -> TorusProducts {
    TorusProducts(
      zip(means, deviations).map { mean, deviation in
        zip(mean, deviation).map { .normal(mean: $0, deviation: $1) }
      }, weights: weights)
  }
}
