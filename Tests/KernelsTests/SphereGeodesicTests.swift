import Testing

@testable import Kernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite("Geodesics of the sphere in bulk")
struct SphereGeodesicTests {
  /// Pairs of unit vectors at angles from 1e-12 to π − 1e-9, one pair twice the same, one opposite.
  static let count = 43

  static func ends() -> (from: [Double], to: [Double], angles: [Double]) {
    var normals = [Double](repeating: 0, count: 6 * count)
    Noise.fillNormals(&normals, seed: 11)
    var (from, to) = (
      [Double](repeating: 0, count: 3 * count), [Double](repeating: 0, count: 3 * count)
    )
    var angles: [Double] = []
    for j in 0..<count {
      func unit(_ v: [Double]) -> [Double] {
        let length = v.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return v.map { $0 / length }
      }
      let x = unit((0..<3).map { normals[$0 * count + j] })
      var e = (3..<6).map { normals[$0 * count + j] }
      let along = (0..<3).reduce(0) { $0 + x[$1] * e[$1] }
      e = unit((0..<3).map { e[$0] - along * x[$0] })
      let angle =
        switch j {
        case 0: 1e-12
        case 1: Double.pi - 1e-9
        case 2: 0.0
        default: Double.pi * (Double(j) - 2.5) / Double(count - 3)
        }
      for i in 0..<3 {
        from[i * count + j] = x[i]
        to[i * count + j] = cos(angle) * x[i] + sin(angle) * e[i]
        if j == 2 { to[i * count + j] = x[i] }
        if j == count - 1 { to[i * count + j] = -x[i] }
      }
      angles.append(angle)
    }
    return (from, to, angles)
  }

  @Test("points and velocities are those of libm, and every instruction set has the same bits")
  func values() {
    let (from, to, angles) = Self.ends()
    let n = Self.count
    let times = (0..<n).map { Double($0) / Double(n - 1) }
    var bits: [[UInt64]] = []
    for set in InstructionSet.available {
      var (points, velocities) = (from, from)
      SphereGeodesics.write(
        from: from, to: to, times: times, points: &points, velocities: &velocities,
        instructionSet: set)
      bits.append((points + velocities).map { $0.isNaN ? 0 : $0.bitPattern })
      #expect(points[n - 1].isNaN && velocities[n - 1].isNaN, "antipodes have no one way")
      for j in 0..<n - 1 {
        let x = (0..<3).map { from[$0 * n + j] }
        let (p, u) = ((0..<3).map { points[$0 * n + j] }, (0..<3).map { velocities[$0 * n + j] })
        func dot(_ a: [Double], _ b: [Double]) -> Double {
          a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
        }
        #expect(abs(dot(p, p) - 1) < 1e-15)
        #expect(abs(dot(u, p)) < 1e-14)
        #expect(abs(dot(u, u).squareRoot() - angles[j]) < 1e-14)
        #expect(abs(dot(x, p) - cos(times[j] * angles[j])) < 1e-14)
      }
      // What is left of the way leads to the end.
      let j = 20
      let rest = (1 - times[j]) * angles[j]
      for i in 0..<3 {
        let end =
          cos(rest) * points[i * n + j] + sin(rest) * velocities[i * n + j] / angles[j]
        #expect(abs(end - to[i * n + j]) < 1e-14)
      }
    }
    #expect(Set(bits).count == 1)
  }

  @Test("one time serves all, and a single point is no whole vector")
  func few() {
    let from = [1.0, 0, 0]
    var (point, velocity) = (from, from)
    SphereGeodesics.write(
      from: from, to: [0, 1, 0], times: [0.5], points: &point, velocities: &velocity)
    let half = 0.5.squareRoot()
    for (a, b) in zip(point, [half, half, 0]) { #expect(abs(a - b) < 1e-15) }
    for (a, b) in zip(velocity, [-half, half, 0]) { #expect(abs(a - .pi / 2 * b) < 1e-15) }
  }
}

extension SphereGeodesicTests {
  @Test("places of the chart are those of atan2, the poles and what is not finite included")
  func places() {
    let (from, _, _) = SphereGeodesicTests.ends()
    let n = from.count / 3
    var points = from
    // Poles, the seam from both sides, and a point that was lost.
    for (j, point) in [
      [0.0, 0, 1], [0, 0, -1], [-1, 0, 0], [-0.6, -1e-12, 0.8], [.nan, 0, 1], [1, 0, 0],
    ].enumerated() {
      for i in 0..<3 { points[i * n + j] = point[i] }
    }
    let places = SphereGeodesics.places(of: points)
    for set in InstructionSet.available {
      let others = SphereGeodesics.places(of: points, instructionSet: set)
      #expect(zip(places, others).allSatisfy { $0 == $1 || $0.x.isNaN && $1.x.isNaN })
    }
    for j in 0..<n {
      let (x, y, z) = (points[j], points[n + j], points[2 * n + j])
      guard x.isFinite else {
        #expect(places[j].x.isNaN)
        continue
      }
      let turns = atan2(y, x) / (2 * .pi)
      #expect(abs(places[j].x - (turns < 0 ? turns + 1 : turns)) < 1e-15)
      #expect(abs(places[j].y - atan2((x * x + y * y).squareRoot(), z) / .pi) < 1e-15)
    }
  }

  @Test("what is seen from a side are two products, and nothing of the other half")
  func view() {
    let (from, _, _) = SphereGeodesicTests.ends()
    let n = from.count / 3
    let picture = SphereGeodesics.view(
      of: from, right: SIMD3(0, 1, 0), up: SIMD3(0, 0, 1), front: SIMD3(1, 0, 0))
    for j in 0..<n {
      let isSeen = from[j] > 0
      #expect(isSeen ? picture[j] == from[n + j] : picture[j].isNaN)
      #expect(isSeen ? picture[n + j] == from[2 * n + j] : picture[n + j].isNaN)
    }
  }

  @Test("sums over neighbours are those by hand, whatever their number")
  func sums() {
    var near = SparseSums()
    let cells = [[0, 3], [1, 2, 3, 4, 0, 2, 1, 4, 3], [], [4], [0, 1, 2, 3]]
    for list in cells { near.append(list, weights: list.indices.map { Float($0 + 1) }) }
    let counts: [Float] = [2, 3, 5, 7, 11]
    let sums = near.sums(of: counts, scale: 0.5)
    for (list, sum) in zip(cells, sums) {
      let wanted = list.enumerated().reduce(Float(0)) {
        $0 + Float($1.offset + 1) * counts[$1.element]
      }
      #expect(sum == 0.5 * wanted)
    }
  }
}
