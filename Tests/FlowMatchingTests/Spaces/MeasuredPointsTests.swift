import Testing

@testable import FlowMatching

@Suite struct MeasuredPointsTests {
  private func degrees(_ rows: [[Double]]) -> Batch { Batch(points: rows) }

  private func complaint(_ work: () throws -> Batch) -> UnusablePoints? {
    do {
      _ = try work()
      return nil
    } catch { return error as? UnusablePoints }
  }

  @Test("longitude and latitude in degrees become the vectors, and back")
  func geography() throws {
    let places = degrees([
      [0, 0], [90, 0], [-180, 0], [12.5, 90], [-73.98, 40.75], [286.02, 40.75],
    ])
    let points = try Sphere.points(longitudesAndLatitudes: places)
    let expected: [[Double]] = [[1, 0, 0], [0, 1, 0], [-1, 0, 0], [0, 0, 1]]
    for (j, point) in expected.enumerated() { #expect(distance(points.point(j), point) < 1e-15) }
    // 73.98° west is 286.02° east.
    #expect(distance(points.point(4), points.point(5)) < 1e-14)
    let back = Sphere.longitudesAndLatitudes(of: points)
    #expect(distance(back.point(4), [-73.98, 40.75]) < 1e-12)
    #expect(distance(back.point(5), [-73.98, 40.75]) < 1e-12)
    #expect(back[0, 2] == -180)
  }

  @Test("what is out of range is told by row, and swapped columns are recognised")
  func ranges() {
    #expect(
      complaint { try Sphere.points(longitudesAndLatitudes: degrees([[5, 5], [200, 91]])) }
        == .latitude(91, row: 2))
    #expect(
      complaint { try Sphere.points(longitudesAndLatitudes: degrees([[5, 5], [361, 9]])) }
        == .longitude(361, row: 2))
    let swapped = complaint {
      try Sphere.points(longitudesAndLatitudes: degrees([[40.75, -73.98], [-33.9, 151.2]]))
    }
    #expect(swapped == .swapped(latitude: 151.2, row: 2))
    #expect(swapped?.description.contains("longitude first") == true)
    #expect(
      complaint { try Sphere.points(longitudesAndLatitudes: degrees([[1, 2], [.nan, 9]])) }
        == .notFinite(row: 2))
    #expect(
      complaint { try Sphere.points(longitudesAndLatitudes: degrees([[1, 1e6]])) }
        == .latitude(1e6, row: 1))
  }

  @Test("vectors of length 1 as files round them are taken, others are told by row")
  func vectors() throws {
    let points = try Sphere.points(vectors: degrees([[0.667, 0.667, 0.333], [0, 0, -1]]))
    #expect(abs(points.squaredLengths[0] - 1) < 1e-15 && points.point(1) == [0, 0, -1])
    #expect(
      complaint { try Sphere.points(vectors: degrees([[1, 0, 0], [3, 4, 0]])) }
        == .length(5, row: 2))
    #expect(complaint { try Sphere.points(vectors: degrees([[0, 0, 0]])) } == .length(0, row: 1))
    #expect(
      complaint { try Sphere.points(vectors: degrees([[.infinity, 0, 0]])) } == .notFinite(row: 1))
  }

  @Test("angles of a period become radians in [−π, π), and back")
  func angles() throws {
    let points = try Torus.points(
      angles: degrees([[180, -180], [350, 90], [-57, 360]]), period: 360)
    #expect(points[0, 0] == -.pi && points[1, 0] == -.pi)
    #expect(abs(points[0, 1] + .pi / 18) < 1e-15 && abs(points[1, 1] - .pi / 2) < 1e-15)
    let back = Torus.angles(of: points, period: 360)
    #expect(distance(back.point(2), [-57, 0]) < 1e-13 && back[0, 0] == -180)
    #expect(
      complaint { try Torus.points(angles: degrees([[1, 2], [3, -120]]), period: 2 * .pi) }
        == .angle(-120, period: 2 * .pi, row: 2))
    #expect(complaint { try Torus.points(angles: degrees([[1, 2]]), period: 0) } == .period(0))
    #expect(complaint { try Torus.points(angles: degrees([[1, 2]]), period: .nan) } != nil)
    // π as a file rounds it.
    #expect(try Torus.points(angles: degrees([[3.1416, 6.2832]]), period: 2 * .pi).count == 1)
  }
}
