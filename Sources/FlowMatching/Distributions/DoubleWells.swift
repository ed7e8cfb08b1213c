#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Four particles in the plane between which every pair has two wells: DW-4 (Köhler, Klein and Noé, 2020, eq. 23).
///
/// E(x) = Σ_{i<j} u(d_ij), u(d) = 0.9(d − 4)⁴ − 4(d − 4)², at the temperature 1. Points are 8×n: the x and y of
/// one particle after the other. E is the same under translation, rotation, mirroring and permutation, so that
/// exp(−E) is a density on the points of mean 0 alone, which have 6 degrees of freedom.
public struct DoubleWells: Distribution {
  /// The number of particles.
  public static let particles = 4
  /// The number of pairs.
  public static let pairs = 6
  /// The place of both wells, the least energy of a pair, and that energy.
  public static let wells = (near: 4 - (20.0 / 9).squareRoot(), far: 4 + (20.0 / 9).squareRoot())
  static let pairFloor = -40.0 / 9

  /// ⟨E⟩ and log Z on the points of mean 0, of 200 000 independent draws; their sum is the entropy.
  public static let meanEnergy = Estimate(mean: -22.5478, standardError: 0.0043)
  public static let logPartition = Estimate(mean: 29.6686, standardError: 0.0022)

  public init() {}

  public var dimension: Int { 2 * DoubleWells.particles }

  /// The energy of a pair at a distance.
  public static func pairEnergy(_ distance: Double) -> Double {
    let square = (distance - 4) * (distance - 4)
    return (0.9 * square - 4) * square
  }

  /// Its derivative by the distance.
  static func pairForce(_ distance: Double) -> Double {
    let shift = distance - 4
    return (3.6 * shift * shift - 8) * shift
  }

  /// The energy of every point of an 8×n batch.
  public static func energies(_ points: Batch) -> [Double] {
    precondition(points.dimension == 2 * particles, "four particles have eight coordinates")
    let (x, n) = (points.values, points.count)
    var sums = [Double](repeating: 0, count: n)
    for pair in ParticlePairs.all {
      for j in 0..<n {
        let dx = x[2 * pair.0 * n + j] - x[2 * pair.1 * n + j]
        let dy = x[(2 * pair.0 + 1) * n + j] - x[(2 * pair.1 + 1) * n + j]
        sums[j] += pairEnergy((dx * dx + dy * dy).squareRoot())
      }
    }
    return sums
  }

  /// Writes ∇E, 8×n; where two particles lie in one place, they do not push each other.
  public static func gradient(_ points: Batch, into gradient: inout Batch) {
    precondition(points.dimension == 2 * particles, "four particles have eight coordinates")
    precondition(gradient.hasShape(of: points), "a gradient for each point")
    let (x, n) = (points.values, points.count)
    for k in gradient.values.indices { gradient.values[k] = 0 }
    for pair in ParticlePairs.all {
      for j in 0..<n {
        let dx = x[2 * pair.0 * n + j] - x[2 * pair.1 * n + j]
        let dy = x[(2 * pair.0 + 1) * n + j] - x[(2 * pair.1 + 1) * n + j]
        let distance = (dx * dx + dy * dy).squareRoot()
        let force = distance > 0 ? pairForce(distance) / distance : 0
        gradient.values[2 * pair.0 * n + j] += force * dx
        gradient.values[2 * pair.1 * n + j] -= force * dx
        gradient.values[(2 * pair.0 + 1) * n + j] += force * dy
        gradient.values[(2 * pair.1 + 1) * n + j] -= force * dy
      }
    }
  }

  /// The molecules that training draws from, over and over: 65 536 of a stream of their own, about three
  /// seconds' work, so that a batch costs nothing. Whatever is measured is measured on fresh ones.
  static let trainingSet: PointCloud = {
    var random = Random(seed: 4).stream("double wells")
    return PointCloud(DoubleWells().sample(count: 65_536, using: &random))
  }()

  public func sample(into points: inout Batch, using random: inout Random) {
    var sampler = DoubleWellSampler()
    sampler.sample(into: &points, using: &random)
  }
}

/// The pairs of four particles in the order of the kernels.
enum ParticlePairs {
  static let all = [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]
}
