import FlowMatching
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite("Counting neighbours on a surface")
struct SurfaceGridTests {
  private static let grids: [(SurfaceGrid.Surface, SurfaceGrid)] = [
    (.sphere, SurfaceGrid(.sphere, rows: 48, radii: [0.1, 0.2])),
    (.torus, SurfaceGrid(.torus, rows: 48, radii: [0.2, 0.4])),
  ]

  /// Places of the chart that are uniform by area.
  private func uniform(_ surface: SurfaceGrid.Surface, _ count: Int) -> [SIMD2<Double>] {
    var random = Random(seed: 3)
    return (0..<count).map { _ in
      let (a, b) = (random.uniform(), random.uniform())
      return SIMD2(a, surface == .sphere ? acos(1 - 2 * b) / .pi : b)
    }
  }

  @Test("Uniform points have density 1 everywhere, at the poles as well")
  func uniformIsOne() {
    for (surface, grid) in Self.grids {
      let density = grid.density(uniform(surface, 400_000))
      let mean = density.reduce(0, +) / Float(density.count)
      #expect(abs(mean - 1) < 0.02)
      // A circle of .1 holds a thousand of them: five deviations.
      #expect(density.allSatisfy { abs($0 - 1) < 0.25 })
    }
  }

  @Test("Points that fill half of a surface have density 2 inside and 0 outside")
  func half() {
    for (surface, grid) in Self.grids {
      let places = uniform(surface, 200_000).filter { $0.x < 0.5 }
      let density = grid.density(places)
      let (inside, outside) = (SIMD2(0.25, 0.5), SIMD2(0.75, 0.5))
      #expect(abs(density[grid.cell(inside)] - 2) < 0.3)
      #expect(density[grid.cell(outside)] == 0)
      // The edge at 0 is one with that at 1: half of what is near is outside.
      #expect(abs(density[grid.cell(SIMD2(0.0001, 0.5))] - 1) < 0.35)
    }
  }

  @Test("What is not finite is left out, and nothing has no density")
  func lost() {
    for (_, grid) in Self.grids {
      let density = grid.density([SIMD2(0.3, 0.4), SIMD2(.nan, 0.4)])
      #expect(density.reduce(0, +) > 0)
      #expect(grid.density([]).allSatisfy { $0 == 0 })
    }
  }
}
