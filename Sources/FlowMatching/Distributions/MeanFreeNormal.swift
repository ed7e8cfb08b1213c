#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Particles in the plane from N(0, s²I) whose mean is taken out: a Gaussian on the points of mean 0.
///
/// Points are 2N×n, the x and y of one particle after the other; densities are by the 2(N − 1)-dimensional volume
/// of the points of mean 0 (Köhler, Klein and Noé, 2020, section 4).
public struct MeanFreeNormal: DensityDistribution, Hashable {
  /// The number of particles N.
  public let particles: Int
  /// The standard deviation s.
  public let deviation: Double

  /// Two particles at least, and a positive deviation.
  public init(particles: Int, deviation: Double) {
    precondition(particles > 1 && deviation > 0, "two particles at least, and a deviation")
    self.particles = particles
    self.deviation = deviation
  }

  /// The particles of DW-4 as in Klein, Krämer and Noé (2023), though wider: their wells reach further than 1.
  public static let doubleWells = MeanFreeNormal(particles: DoubleWells.particles, deviation: 2)

  public var dimension: Int { 2 * particles }

  public func sample(into points: inout Batch, using random: inout Random) {
    precondition(points.dimension == dimension, "the batch has another dimension")
    random.fillNormals(&points.values)
    for k in points.values.indices { points.values[k] *= deviation }
    points.takeOutMean(particles: particles)
  }

  /// log p(x) = −|x − x̄|²/2s² − (N − 1) ln 2πs²: molecules count as they lie about their mean x̄.
  public func logDensity(_ points: Batch) -> [Double] {
    precondition(points.dimension == dimension, "the batch has another dimension")
    let constant = -Double(particles - 1) * log(2 * .pi * deviation * deviation)
    var centred = points
    centred.takeOutMean(particles: particles)
    return centred.squaredLengths.map { constant - 0.5 * $0 / (deviation * deviation) }
  }
}

extension Batch {
  /// Takes the mean of the particles out of every point, the x and y of one after the other.
  mutating func takeOutMean(particles: Int) {
    let n = count
    for axis in 0..<2 {
      for j in 0..<n {
        var mean = 0.0
        for i in 0..<particles { mean += values[(2 * i + axis) * n + j] }
        mean /= Double(particles)
        for i in 0..<particles { values[(2 * i + axis) * n + j] -= mean }
      }
    }
  }
}
