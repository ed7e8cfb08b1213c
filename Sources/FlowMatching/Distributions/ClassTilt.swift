#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What guidance of weight w promises of a class: the tilt p_c^w p^(1−w), normalised.
///
/// The guided flow does not arrive there; only noise on the way draws it near.
public struct ClassTilt: Sendable {
  /// The weight w.
  public let weight: Double
  private let part, whole: any DensityDistribution

  /// The tilt of a class; nil where a density is not known, and of none.
  public init?(
    _ classes: LabelledDistribution, of whole: any Distribution, label: Int, weight: Double
  ) {
    guard let part = classes.parts[label] as? any DensityDistribution,
      let whole = whole as? any DensityDistribution
    else { return nil }
    self.part = part
    self.whole = whole
    self.weight = weight
  }

  /// ln of p_c^w p^(1−w), which is not normalised; −∞ where the class is not.
  public func logValue(_ points: Batch) -> [Double] {
    zip(part.logDensity(points), whole.logDensity(points)).map { own, all in
      weight == 1 ? own : own == -.infinity ? -.infinity : weight * own + (1 - weight) * all
    }
  }

  /// The mean, and the deviation along a direction.
  public struct Moments: Sendable, Hashable {
    public let mean: [Double]
    public let deviation: Double
  }

  /// The moments of a tilt in the plane, by a grid of `side`² points around `draws` of its class, which
  /// holds all of it for w ≥ 1; nil where it cannot be normalised there.
  public func moments(around draws: Batch, along axis: [Double], side: Int = 160) -> Moments? {
    precondition(draws.dimension == 2 && axis.count == 2, "a tilt in the plane")
    guard let box = Standardisation(of: draws) else { return nil }
    var points = Batch(dimension: 2, count: side * side)
    for k in 0..<side * side {
      for (i, place) in [k % side, k / side].enumerated() {
        let u = (Double(place) + 0.5) / Double(side) - 0.5
        points[i, k] = box.means[i] + 9 * u * box.deviations[i]
      }
    }
    let values = logValue(points)
    guard let largest = values.max(), largest.isFinite else { return nil }
    let shares = values.map { exp($0 - largest) }
    let total = shares.reduce(0, +)
    let mean = (0..<2).map { i in
      shares.indices.reduce(0) { $0 + shares[$1] * points[i, $1] } / total
    }
    let square = shares.indices.reduce(0) { sum, k in
      let along = axis[0] * (points[0, k] - mean[0]) + axis[1] * (points[1, k] - mean[1])
      return sum + shares[k] * along * along
    }
    guard total.isFinite, square.isFinite else { return nil }
    return Moments(mean: mean, deviation: (square / total).squareRoot())
  }
}
