#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The uniform distribution on the eight dark squares of a 4×4 checkerboard.
///
/// The squares with integer corners (a, b), −2 ≤ a, b < 2, a + b even, scaled: FFJORD's board has
/// scale 2, Meta's 1/0.45. log p = −ln(8·scale²) on a dark square.
public struct Checkerboard: PlanarDistribution, DensityDistribution, Hashable {
  /// The side of a square.
  public let scale: Double

  /// A board on [−2·scale, 2·scale]².
  public init(scale: Double) {
    precondition(scale > 0, "a square has a positive side")
    self.scale = scale
  }

  func draw(using random: inout Random) -> SIMD2<Double> {
    let x = 4 * random.uniform() - 2
    let lower = random.next() >> 63 == 0 ? 0.0 : -2.0
    // The squares of an odd column are one higher.
    let shift = x.rounded(.down).remainder(dividingBy: 2) == 0 ? 0.0 : 1.0
    return scale * SIMD2(x, random.uniform() + lower + shift)
  }

  public func sample(into points: inout Batch, using random: inout Random) {
    fill(&points, using: &random)
  }

  /// log p(x): −ln(8·scale²) on the dark squares, −∞ elsewhere.
  public func logDensity(_ points: Batch) -> [Double] {
    precondition(points.dimension == 2, "the batch has another dimension")
    let inside = -log(8 * scale * scale)
    return (0..<points.count).map { isDark(points[0, $0], points[1, $0]) ? inside : -.infinity }
  }

  /// The centres of the eight dark squares, column after column.
  public var centres: [[Double]] {
    var centres: [[Double]] = []
    for column in -2..<2 {
      for row in -2..<2 where (column + row).isMultiple(of: 2) {
        centres.append([scale * (Double(column) + 0.5), scale * (Double(row) + 0.5)])
      }
    }
    return centres
  }

  private func isDark(_ x: Double, _ y: Double) -> Bool {
    let column = (x / scale).rounded(.down)
    let row = (y / scale).rounded(.down)
    guard column >= -2, column < 2, row >= -2, row < 2 else { return false }
    return (column + row).remainder(dividingBy: 2) == 0
  }
}

extension Checkerboard {
  /// The dark squares as boxes.
  public var boxes: Boxes {
    let half = 0.5 * scale
    return Boxes(
      lows: centres.map { $0.map { $0 - half } }, highs: centres.map { $0.map { $0 + half } })
  }
}
