import Testing

@testable import Kernels

@Suite("Spherical harmonics")
struct SphericalHarmonicsTests {
  /// Seven points of the sphere, which are no multiple of four, one of them a pole.
  private static let points: [[Double]] = [
    [0, 0, -1], [1, 0, 0], [0.6, 0, 0.8], [2.0 / 3, -2.0 / 3, 1.0 / 3], [-0.48, 0.6, -0.64],
    [0, 0.28, 0.96], [-2.0 / 7, 3.0 / 7, 6.0 / 7],
  ]

  private static func rows(_ columns: [[Double]]) -> [Double] {
    columns[0].indices.flatMap { i in columns.map { $0[i] } }
  }

  private func values(_ points: [[Double]]) -> [Double] {
    var values = [Double](repeating: 0, count: 15 * points.count)
    SphericalHarmonics.values(at: Self.rows(points), into: &values)
    return values
  }

  @Test("those of each degree are a vector of length 1, the first is the point itself")
  func lengths() {
    let (values, n) = (values(Self.points), Self.points.count)
    for (j, point) in Self.points.enumerated() {
      for degree in [0..<3, 3..<8, 8..<15] {
        let square = degree.reduce(0) { $0 + values[$1 * n + j] * values[$1 * n + j] }
        #expect(abs(square - 1) < 1e-14)
      }
      for i in 0..<3 { #expect(values[i * n + j] == point[i]) }
    }
  }

  @Test("changes along tangents are those by differences, and as long as √10 tangents")
  func derivatives() {
    let n = Self.points.count
    let velocities = Self.points.map { [0.4 * $0[1], -0.4 * $0[0], 0] }
    var changes = [Double](repeating: 0, count: 15 * n)
    SphericalHarmonics.derivatives(
      at: Self.rows(Self.points), along: Self.rows(velocities), into: &changes)
    // By central differences along the circles that the velocities turn on.
    let h = 1e-5
    func turned(_ angle: Double) -> [Double] {
      values(
        Self.points.map { point in
          let (x, y) = (point[0] + angle * point[1], point[1] - angle * point[0])
          let length = (x * x + y * y + point[2] * point[2]).squareRoot()
          return [x / length, y / length, point[2] / length]
        })
    }
    let (after, before) = (turned(0.4 * h), turned(-0.4 * h))
    for k in 0..<15 * n { #expect(abs(changes[k] - (after[k] - before[k]) / (2 * h)) < 1e-9) }
    for j in 0..<n {
      // Σ (dY v)² = (1 + 3 + 6)|v|².
      let square = (0..<15).reduce(0) { $0 + changes[$1 * n + j] * changes[$1 * n + j] }
      let length = velocities[j].reduce(0) { $0 + $1 * $1 }
      #expect(abs(square - 10 * length) < 1e-13)
    }
  }
}
