#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The sliced 2-Wasserstein distance between samples of equal size.
///
/// SW₂² is the mean over all directions θ of W₂² between the projections θ·x, which sorting solves
/// (Bonneel et al., J. Math. Imaging Vision 51 (2015), eq. 4). At most W₂/√d, and O(n log n) a direction
/// where W₂ itself costs O(n²) and more. In the plane the mean is an integral over angles, by
/// quadrature; in more dimensions it is estimated from random directions.
public struct SlicedWasserstein: Sendable, Hashable {
  /// A distance, with how far it may be from the mean over all directions.
  public struct Measurement: Sendable, Hashable {
    /// SW₂, the root; NaN where a point is not finite.
    public let distance: Double
    /// In the plane what the last doubling of the angles changed, which is more than what is left;
    /// the standard error over random directions elsewhere; 0 in one dimension.
    public let error: Double
  }

  /// The directions, unit vectors, `d×k`; nil for all of the plane.
  public let directions: Batch?

  /// Doublings of the angles end where they change SW₂² by no more than this share of it.
  private static let tolerance = 1e-4
  /// The fewest angles and the most.
  private static let angles = 32...4096

  /// The distance along the given directions, `d×k`, k ≥ 1, which are unit vectors.
  public init(directions: Batch) { self.init(given: directions) }

  private init(given directions: Batch?) {
    precondition(directions?.count != 0, "a slice needs a direction")
    self.directions = directions
  }

  /// Along the only direction of one dimension, all of two, and elsewhere `count` that are uniform on
  /// the sphere.
  ///
  /// They are drawn from the stream's own "directions", so that a seed fixes them whatever else was
  /// drawn.
  public init(dimension: Int, count: Int = 128, random: Random) {
    if dimension == 2 {
      self.init(given: nil)
      return
    }
    if dimension == 1 {
      self.init(directions: Batch(points: [[1]]))
      return
    }
    var random = random.stream("directions")
    var normals = StandardNormal(dimension: dimension).sample(count: count, using: &random)
    for j in 0..<count {
      var square = 0.0
      for i in 0..<dimension { square += normals[i, j] * normals[i, j] }
      for i in 0..<dimension { normals[i, j] /= square.squareRoot() }
    }
    self.init(directions: normals)
  }

  /// SW₂ of two `d×n` samples, the root; 0 for empty ones, NaN where a point is not finite.
  public func distance(_ a: Batch, _ b: Batch) -> Double { measure(a, b).distance }

  /// SW₂ of two `d×n` samples with its error.
  public func measure(_ a: Batch, _ b: Batch) -> Measurement {
    precondition(a.hasShape(of: b), "SW₂ needs samples of equal shape")
    precondition(a.dimension == directions?.dimension ?? 2, "the directions have another dimension")
    guard a.isFinite, b.isFinite else { return Measurement(distance: .nan, error: .nan) }
    if a.count == 0 { return Measurement(distance: 0, error: 0) }
    var slice = Slice(a, b)
    guard let directions else { return SlicedWasserstein.overAllAngles(&slice) }
    let squares = Estimate(
      of: (0..<directions.count).map { slice.square(along: directions.point($0)) })
    return Measurement(square: squares.mean, error: squares.standardError)
  }

  /// (1/π)∫₀^π W₂²(θ)dθ by the trapezoidal rule of a periodic function, with twice as many angles
  /// until nothing changes.
  ///
  /// W₂²(θ) has a kink wherever two projections change places: the error falls as the square of the
  /// spacing, and so a doubling changes three times what is left.
  private static func overAllAngles(_ slice: inout Slice) -> Measurement {
    func sum(_ count: Int, offset: Double) -> Double {
      (0..<count).reduce(0) { sum, k in
        let angle = Double.pi * (Double(k) + offset) / Double(count)
        return sum + slice.square(along: [cos(angle), sin(angle)])
      }
    }
    var count = angles.lowerBound
    var total = sum(count, offset: 0)
    var before = Double.infinity
    while true {
      let last = total / Double(count)
      total += sum(count, offset: 0.5)
      count *= 2
      let square = total / Double(count)
      // One change may be small by chance; the next to last says what to expect of it.
      let change = max(abs(square - last), before / 4)
      if change <= tolerance * square || count >= angles.upperBound {
        return Measurement(square: square, error: change)
      }
      before = abs(square - last)
    }
  }
}

extension SlicedWasserstein.Measurement {
  /// The root of a square with its error, which is the root's error where both vanish.
  fileprivate init(square: Double, error: Double) {
    distance = square.squareRoot()
    self.error = square > 0 ? min(0.5 * error / distance, error.squareRoot()) : error.squareRoot()
  }
}

/// The projections of two samples on one line after the other.
private struct Slice {
  private let a, b: Batch
  private var p, q: [Double]

  init(_ a: Batch, _ b: Batch) {
    (self.a, self.b) = (a, b)
    p = [Double](repeating: 0, count: a.count)
    q = p
  }

  /// W₂² of the projections on a unit vector.
  mutating func square(along direction: [Double]) -> Double {
    Slice.project(a, on: direction, into: &p)
    Slice.project(b, on: direction, into: &q)
    var sum = 0.0
    for j in p.indices { sum += (p[j] - q[j]) * (p[j] - q[j]) }
    return sum / Double(p.count)
  }

  /// The sorted projections.
  private static func project(
    _ x: Batch, on direction: [Double], into values: inout [Double]
  ) {
    for j in 0..<x.count {
      var sum = 0.0
      for i in 0..<x.dimension { sum += direction[i] * x.values[i * x.count + j] }
      values[j] = sum
    }
    values.sort()
  }
}
