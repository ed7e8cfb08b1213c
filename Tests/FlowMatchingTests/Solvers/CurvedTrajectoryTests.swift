import Testing

@testable import FlowMatching

@Suite("Trajectories on a curved space")
struct CurvedTrajectoryTests {
  /// A rotation about the z axis by 2 in the time from 0 to 1, in four knots.
  private func rotation(on space: (any Space)?) -> Trajectory {
    var trajectory = Trajectory(dimension: 4, count: 1, memoryLimit: 1 << 20, on: space)
    for k in 0...3 {
      let t = Double(k) / 3
      let (x, y) = (circle(2 * t).cosine, circle(2 * t).sine)
      let knot = Knot(
        t: t, x: Batch(points: [[0.6 * x, 0.6 * y, 0.8, 5]]),
        velocity: Batch(points: [[-1.2 * y, 1.2 * x, 0, 0]]))
      trajectory.append(knot, evaluations: k)
    }
    return trajectory
  }

  private func circle(_ angle: Double) -> (cosine: Double, sine: Double) {
    let point = GeographicPlace(longitude: angle * 180 / .pi, latitude: 0).vector
    return (point.x, point.y)
  }

  @Test("positions between knots lie on the sphere, where the cubic would leave it by 1e-4")
  func settled() {
    for (space, bound) in [(Sphere() as (any Space)?, 1e-12), (nil, .infinity)] {
      let trajectory = rotation(on: space)
      var worst = 0.0
      for t in [0.1, 0.17, 0.5, 0.61, 0.9] {
        var all = Batch(dimension: 4, count: 1)
        var first = all
        trajectory.position(at: t, into: &all)
        trajectory.positionOfFirst(at: t, into: &first)
        #expect(all == first && abs(all[3, 0] - 5) < 1e-6, "a further row stays")
        worst = max(worst, abs(Sphere.length(all[vector: 0]) - 1))
        let wanted = circle(2 * t)
        #expect(abs(all[0, 0] - 0.6 * wanted.cosine) < 1e-3)
        #expect(abs(all[1, 0] - 0.6 * wanted.sine) < 1e-3)
      }
      #expect(worst < bound && (space != nil || worst > 1e-5), "\(worst)")
    }
  }
}
