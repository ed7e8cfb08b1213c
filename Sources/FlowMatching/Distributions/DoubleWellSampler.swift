#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Independent draws of four particles by rejection: every proposal is a new molecule altogether, so that no
/// chain has to find its way between wells and nothing has to be burnt in.
///
/// Three particles are placed about the first in random directions at distances of the density ∝ r·exp(−u(r));
/// the other three pairs accept with exp(−Σ(u − min u)), one after the other, so that most proposals end at the
/// first. Directions are random, so that every orientation is as likely; then the mean is taken out.
public struct DoubleWellSampler: Sendable {
  /// The proposals so far, and how many of them were accepted.
  public private(set) var proposals = 0, accepted = 0

  public init() {}

  /// Where distances end: exp(−u) is below 1e-280 beyond.
  private static let longest = 9.5
  private static let cells = 1024
  private static let cellWidth = longest / Double(cells)

  /// The least and the greatest of r·exp(−u(r) + min u) in every cell, and the running sum of the greatest, by
  /// which a cell is drawn: within it a distance is taken or refused by its own density, so that no table
  /// rounds it.
  private struct Table: Sendable {
    var least: [Double] = []
    var greatest: [Double] = []
    var sums: [Double] = []
    /// For every 1/4096 of the sum of the bounds the first cell that reaches into it.
    var starts: [Int32] = []

    init() {
      // Turning points of the logarithm lie between points of a cell, where it hardly bends: 2 % are far more
      // than it rises there.
      let fine = 64
      var sum = 0.0
      for cell in 0..<cells {
        let densities = (0...fine).map { k -> Double in
          let r = (Double(cell) + Double(k) / Double(fine)) * cellWidth
          return r * exp(DoubleWells.pairFloor - DoubleWells.pairEnergy(r))
        }
        least.append(0.98 * densities.reduce(.infinity, min))
        greatest.append(1.02 * densities.reduce(0, max))
        sum += greatest[cell]
        sums.append(sum)
      }
      var cell = 0
      for k in 0..<4096 {
        while cell < cells - 1 && sums[cell] <= Double(k) / 4096 * sum { cell += 1 }
        starts.append(Int32(cell))
      }
    }
  }

  private static let shared = Table()
  private let table = DoubleWellSampler.shared

  /// A distance of the density ∝ r·exp(−u(r)).
  private func distance(_ random: inout Random) -> Double {
    let last = DoubleWellSampler.cells - 1
    while true {
      let place = random.uniform()
      var cell = Int(table.starts[Int(place * 4096)])
      let target = place * table.sums[last]
      while cell < last && table.sums[cell] <= target { cell += 1 }
      let r = (Double(cell) + random.uniform()) * DoubleWellSampler.cellWidth
      let height = random.uniform() * table.greatest[cell]
      if height < table.least[cell]
        || height < r * exp(DoubleWells.pairFloor - DoubleWells.pairEnergy(r))
      {
        return r
      }
    }
  }

  /// Whether a pair is accepted.
  private func accepts(_ distance: Double, _ random: inout Random) -> Bool {
    let excess = DoubleWells.pairEnergy(distance) - DoubleWells.pairFloor
    return excess < 40 && random.uniform() < exp(-excess)
  }

  /// The places of the other three particles of a molecule whose first lies in the origin.
  private mutating func molecule(
    _ random: inout Random
  ) -> (SIMD2<Double>, SIMD2<Double>, SIMD2<Double>) {
    while true {
      proposals += 1
      // Two of them, of which the angle between alone counts for their own distance.
      let (p, q) = (distance(&random), distance(&random))
      let opening = 2 * .pi * random.uniform()
      guard accepts(max(p * p + q * q - 2 * p * q * cos(opening), 0).squareRoot(), &random) else {
        continue
      }
      let (turn, r) = (2 * .pi * random.uniform(), distance(&random))
      let angle = 2 * .pi * random.uniform()
      let a = p * SIMD2(cos(turn), sin(turn))
      let b = q * SIMD2(cos(turn + opening), sin(turn + opening))
      let c = r * SIMD2(cos(angle), sin(angle))
      let (ac, bc) = (a - c, b - c)
      guard accepts((ac * ac).sum().squareRoot(), &random),
        accepts((bc * bc).sum().squareRoot(), &random)
      else { continue }
      accepted += 1
      return (a, b, c)
    }
  }

  /// Overwrites every point of an 8×n batch by a molecule of mean 0.
  public mutating func sample(into points: inout Batch, using random: inout Random) {
    precondition(
      points.dimension == 2 * DoubleWells.particles, "four particles have eight coordinates")
    let n = points.count
    for j in 0..<n {
      let (a, b, c) = molecule(&random)
      let mean = 0.25 * (a + b + c)
      for (i, place) in [SIMD2(0, 0), a, b, c].enumerated() {
        let centred = place - mean
        points.values[2 * i * n + j] = centred.x
        points.values[(2 * i + 1) * n + j] = centred.y
      }
    }
  }

  /// log ∫exp(−E) over the points of mean 0, by the share of proposals that were accepted.
  ///
  /// With y_i = x_i − x_1 the 6-dimensional volume of the points of mean 0 is that of y divided by 4 (√4 for each
  /// coordinate), and the proposals have the density exp(−u(r₁) − u(r₂) − u(r₃))/(2πR)³, R = ∫r·exp(−u)dr.
  public var logPartition: Estimate {
    let share = Double(accepted) / Double(max(proposals, 1))
    let nodes = GaussLegendre(64)
    var radial = 0.0
    for cell in 0..<38 {
      for (node, weight) in zip(nodes.nodes, nodes.weights) {
        let r = (Double(cell) + node) * 0.25
        radial += 0.25 * weight * r * exp(-DoubleWells.pairEnergy(r))
      }
    }
    return Estimate(
      mean: log(share) + 3 * log(2 * .pi * radial) - 3 * DoubleWells.pairFloor - log(4),
      standardError: ((1 - share) / Double(max(accepted, 1))).squareRoot())
  }
}
