import FlowMatching
import Testing

@Suite struct StandardisationTests {
  @Test("standardised points have mean 0 and deviation 1, and come back to where they were")
  func roundTrip() throws {
    var random = Random(seed: 3)
    var points = StandardNormal(dimension: 3).sample(count: 500, using: &random)
    for j in 0..<points.count {
      points[0, j] = 1e6 + 1e-2 * points[0, j]
      points[2, j] = -4 * points[2, j] + points[1, j]
    }
    let units = try #require(Standardisation(of: points))
    let scaled = units.applied(to: points)
    for i in 0..<3 {
      let row = (0..<500).map { scaled[i, $0] }
      let mean = row.reduce(0, +) / 500
      #expect(abs(mean) < 1e-6)
      #expect(abs(row.reduce(0) { $0 + $1 * $1 } / 500 - 1) < 1e-6)
    }
    for (a, b) in zip(units.restored(scaled).values, points.values) { #expect(abs(a - b) < 1e-9) }
  }

  @Test("points of one column that does not vary, and numbers that are no deviations, have none")
  func refused() {
    #expect(Standardisation(of: Batch(points: [[1, 2], [1, 3], [1, 4]])) == nil)
    #expect(Standardisation(means: [0, 0], deviations: [1, 0]) == nil)
    #expect(Standardisation(means: [0, 0], deviations: [1, .nan]) == nil)
    #expect(Standardisation(means: [0, .infinity], deviations: [1, 1]) == nil)
    #expect(Standardisation(means: [0], deviations: [1, 1]) == nil)
    #expect(Standardisation(means: [0, 1], deviations: [2, 1]) != nil)
  }
}
