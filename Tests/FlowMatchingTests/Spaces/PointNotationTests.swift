import Testing

@testable import FlowMatching

@Suite("How files say points of curved spaces")
struct PointNotationTests {
  @Test("numbers become points and the same numbers again, and names notations")
  func roundTrip() throws {
    let cases: [(PointNotation, [[Double]], any Space)] = [
      (.degrees, [[12.5, -33.25], [-179.5, 89], [0, 0]], Sphere()),
      (.vectors, [[0.6, 0, 0.8], [0, -1, 0]], Sphere()),
      (.radians, [[3, -3], [0.25, 1]], Torus()),
      (.angles(period: 360), [[-63, 150], [170, -10]], Torus()),
    ]
    for (notation, rows, space) in cases {
      let numbers = Batch(points: rows)
      let points = try notation.points(numbers)
      #expect(points.dimension == space.coordinates && notation.suits(space))
      let back = notation.numbers(of: points)
      for (a, b) in zip(numbers.values, back.values) { #expect(abs(a - b) < 1e-12) }
      #expect(PointNotation(notation.name) == notation)
      #expect(notation.columns.count == numbers.dimension)
    }
    #expect(PointNotation("angles:0") == nil && PointNotation("angles:nan") == nil)
    #expect(PointNotation("degrees") == nil)
    #expect(PointNotation.all(of: Sphere()).first == .degrees)
    #expect(!PointNotation.degrees.suits(Torus()) && !PointNotation.radians.suits(Sphere()))
  }
}
