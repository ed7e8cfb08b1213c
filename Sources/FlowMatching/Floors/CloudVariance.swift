#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How uncertain a point of a finite data set is, given ρX₁ + X₀ with X₀ ~ N(0, I), in at most two
/// dimensions.
///
/// The points x₁ are drawn by the chances q of `PointTree`, and what is seen is weighted by p/q, the
/// densities of ρX₁ + X₀ with equal chances and with those: at most 2, so that an outlier, whose few
/// points tell most of the integral, is met often without being counted too often. x₁ and x₀ are those
/// of a randomly shifted Kronecker sequence (Roberts, 2018), evenly spread over both together.
struct CloudVariance: ConditionalVariance {
  let quadrature: FloorQuadrature
  private(set) var work = 0.0
  private let regression: RegressionTarget
  private let dimension: Int
  private let tree: PointTree
  /// q₀ + … + q_j.
  private let cumulative: [Double]
  /// A part so long, in standard deviations of the noise, counts as one place with a spread.
  private let grain: Double
  private let largest: Double
  private var stack: [Int] = []

  /// What drawing itself costs, in points looked at.
  private static let drawing = 20.0
  /// Up to as many points every one counts by itself.
  private static let exactCount = 4096
  /// Below it, ρ times the largest distance, x₁ is as uncertain as without any x, to 1e-4 of itself.
  private static let nothingSeen = 0.01
  /// Beyond it, ρ times the smallest distance, nothing is uncertain: e^(−ρ²δ²/8) < 1e-10, also where
  /// two points of different leaves are four times nearer.
  private static let allSeen = 56.0
  /// Where e^−reach is nothing beside the point itself.
  private static let reach = 32.0
  /// Powers of 1/g, g⁴ = g + 1.
  private static let strides = SIMD3(
    0.819_172_513_396_164_4, 0.671_043_606_703_789_2, 0.549_700_477_901_974_2)

  /// `grain` is 0, every point by itself, for up to 4096 points, unless it is given.
  init(_ points: Batch, _ regression: RegressionTarget, grain: Double? = nil) {
    let tree = PointTree(points)
    self.tree = tree
    self.regression = regression
    dimension = points.dimension
    self.grain = grain ?? (points.count > CloudVariance.exactCount ? 0.2 : 0)
    var sum = 0.0
    cumulative = tree.chances.map {
      sum += $0
      return sum
    }
    let sides = tree.parts[0].high - tree.parts[0].low
    let largest = (sides * sides).sum().squareRoot()
    self.largest = largest
    let smallest = tree.smallestDistance
    // Equal points leave nothing to integrate.
    quadrature = FloorQuadrature(
      regression, low: smallest > 0 ? 1e-6 / largest : 1,
      high: smallest > 0 ? CloudVariance.allSeen / smallest : 1)
  }

  mutating func mean(
    at node: FloorQuadrature.Node, draws: Range<Int>, random: inout Random
  ) -> Double {
    let slope = regression.gaussianShares(at: node.t).slope
    let share = slope * slope / Double(dimension)
    if node.ratio * largest < CloudVariance.nothingSeen { return share * tree.parts[0].spread }
    let shift = SIMD3(random.uniform(), random.uniform(), random.uniform())
    var sum = 0.0
    for k in draws {
      let raw = shift + Double(k + 1) * CloudVariance.strides
      let u = raw - raw.rounded(.down)
      // Box and Muller's normals: smooth in the sequence.
      let radius = (-2 * log(max(0x1p-53, u.y))).squareRoot()
      let angle = 2 * .pi * u.z
      sum += variance(
        around: drawn(u.x), noise: radius * SIMD2(cos(angle), sin(angle)), ratio: node.ratio)
    }
    return share * sum / Double(draws.count)
  }

  /// The first point whose cumulative chance exceeds `u`.
  private func drawn(_ u: Double) -> Int {
    var (low, high) = (0, cumulative.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if cumulative[middle] > u { high = middle } else { low = middle + 1 }
    }
    return low
  }

  /// tr Cov(X₁ | ρX₁ + X₀) p/q where X₁ is that point and X₀ the noise.
  private mutating func variance(around drawn: Int, noise: SIMD2<Double>, ratio: Double) -> Double {
    let (parts, points, chances) = (tree.parts, tree.points, tree.chances)
    let centre = points[drawn]
    let place = centre + noise / ratio
    let half = -0.5 * ratio * ratio
    let cutoff = (noise * noise).sum() + 2 * CloudVariance.reach
    let (limit, coarse) = (cutoff / (ratio * ratio), grain / ratio)
    // Σ w, Σ q w, and the moments as seen from the drawn point.
    var (total, chance, squares, visits) = (0.0, 0.0, 0.0, 0)
    var sums = SIMD2<Double>()
    stack.append(0)
    while let index = stack.popLast() {
      let part = parts[index]
      visits += 1
      if part.extent <= coarse {
        let away = part.mean - place
        let kernel = exp(half * (away * away).sum())
        let weight = Double(part.end - part.first) * kernel
        let offset = part.mean - centre
        total += weight
        chance += part.chance * kernel
        sums += weight * offset
        squares += weight * (part.spread + (offset * offset).sum())
        continue
      }
      let outside = pointwiseMax(
        pointwiseMax(part.low - place, place - part.high), SIMD2<Double>())
      if (outside * outside).sum() > limit { continue }
      if !part.isLeaf {
        stack.append(part.left)
        stack.append(part.right)
        continue
      }
      visits += part.end - part.first
      for j in part.first..<part.end {
        let away = points[j] - place
        let weight = exp(half * (away * away).sum())
        let offset = points[j] - centre
        total += weight
        chance += chances[j] * weight
        sums += weight * offset
        squares += weight * (offset * offset).sum()
      }
    }
    work += Double(visits) + CloudVariance.drawing
    let mean = sums / total
    let ratio = total / (Double(points.count) * chance)
    return max(0, squares / total - (mean * mean).sum()) * ratio
  }
}
