import Testing

@testable import FlowMatching

@Suite struct TrajectoryTests {
  /// The exact turning of two points, recorded at equal steps over [0, 2].
  private func recorded(
    steps: Int, memoryLimit: Int = .max, through last: Int? = nil, backwards: Bool = false
  ) -> Trajectory {
    var trajectory = Trajectory(dimension: 2, count: 2, memoryLimit: memoryLimit)
    for i in 0...(last ?? steps) {
      let fraction = Double(i) / Double(steps)
      trajectory.append(knot(at: 2 * (backwards ? 1 - fraction : fraction)), evaluations: 4 * i)
    }
    return trajectory
  }

  private func knot(at t: Double) -> Knot {
    let x = Batch(points: [[cosine(t), sine(t)], [2 * cosine(t), 2 * sine(t)]])
    let velocity = Batch(points: [[-sine(t), cosine(t)], [-2 * sine(t), 2 * cosine(t)]])
    return Knot(t: t, x: x, velocity: velocity)
  }

  private func position(_ trajectory: Trajectory, _ t: Double) -> Batch {
    var points = Batch(dimension: 2, count: 2)
    trajectory.position(at: t, into: &points)
    return points
  }

  @Test("at a knot the look-up is the knot, to the bit of its Float32", arguments: [false, true])
  func exactAtKnots(backwards: Bool) {
    let trajectory = recorded(steps: 7, backwards: backwards)
    #expect(trajectory.times.count == 8 && trajectory.evaluations.last == 28)
    for (index, t) in trajectory.times.enumerated() {
      let expected = knot(at: t).x.values.map { Double(Float($0)) }
      #expect(position(trajectory, t).values == expected)
      var points = Batch(dimension: 2, count: 2)
      trajectory.position(knot: index, into: &points)
      #expect(points.values == expected)
    }
  }

  @Test("between knots the look-up depends on the two around it alone: same bits later")
  func stableBetweenKnots() {
    let early = recorded(steps: 10, through: 4)
    let late = recorded(steps: 10)
    for t in [0.05, 0.2, 0.31, 0.6, 0.79] { #expect(position(early, t) == position(late, t)) }
  }

  @Test("times outside what is recorded are clamped to it", arguments: [false, true])
  func clamped(backwards: Bool) {
    let trajectory = recorded(steps: 5, backwards: backwards)
    #expect(position(trajectory, -1) == position(trajectory, 0))
    #expect(position(trajectory, 7) == position(trajectory, 2))
    let one = recorded(steps: 5, through: 0)
    #expect(position(one, 0.7) == position(one, 0))
  }

  @Test("the interpolant is of order 4 between knots", arguments: [false, true])
  func interpolationOrder(backwards: Bool) {
    func worst(_ steps: Int) -> Double {
      let trajectory = recorded(steps: steps, backwards: backwards)
      return stride(from: 0.0, through: 2, by: 0.01).map { t in
        distance(position(trajectory, t).point(1), knot(at: t).x.point(1))
      }.max()!
    }
    let order = logarithm(worst(3) / worst(6)) / logarithm(2)
    #expect(abs(order - 4) < 0.15, "order \(order)")
  }

  @Test("beyond the memory limit knots are thinned evenly, the first and the last kept")
  func thinning() {
    let bytesPerKnot = 2 * 4 * 2 * 2
    let limit = 20 * bytesPerKnot
    for steps in [19, 20, 100, 257] {
      let trajectory = recorded(steps: steps, memoryLimit: limit)
      #expect(trajectory.bytes <= limit)
      #expect(trajectory.isThinned == (steps >= 20))
      #expect(trajectory.times.first == 0 && trajectory.times.last == 2)
      #expect(trajectory.evaluations.count == trajectory.times.count)
      if steps >= 20 { #expect(trajectory.bytes >= limit / 2 - bytesPerKnot) }
      // Every gap but the last is the same.
      let gaps = zip(trajectory.times.dropFirst(), trajectory.times).map { $0 - $1 }
      #expect(gaps.dropLast().allSatisfy { abs($0 - gaps[0]) < 1e-12 })
      #expect(gaps.last! <= gaps[0] + 1e-12)
      for (index, t) in trajectory.times.enumerated() {
        #expect(trajectory.evaluations[index] == 4 * Int((t / 2 * Double(steps)).rounded()))
        #expect(position(trajectory, t).values == knot(at: t).x.values.map { Double(Float($0)) })
      }
    }
    let tiny = recorded(steps: 9, memoryLimit: 1)
    #expect(tiny.times == [0, 2] && tiny.isThinned)
  }

  @Test("a knot at the time of the last one is not recorded twice")
  func sameTime() {
    var trajectory = recorded(steps: 4)
    trajectory.append(knot(at: 2), evaluations: 99)
    #expect(trajectory.times.count == 5 && trajectory.evaluations.last == 16)
  }

  @Test("a solve that is recorded knot by knot is looked up at its end, exactly in Float32")
  func recordsSolve() {
    var field: any VelocityField = KnownProblem.rotation.field
    var integrator = Integrator(
      .dormandPrince, control: .adaptive(relative: 1e-6, absolute: 1e-6),
      from: Batch(points: [[1, 0]]))
    var trajectory = Trajectory(dimension: 2, count: 1, memoryLimit: .max)
    while integrator.status == .running {
      _ = integrator.advance(&field, budget: 1)
      if integrator.isKnotReady {
        trajectory.append(integrator.knot, evaluations: integrator.evaluations)
      }
    }
    #expect(trajectory.times.count == integrator.stepsAccepted + 1)
    var end = Batch(dimension: 2, count: 1)
    trajectory.position(at: 1, into: &end)
    #expect(end.values == integrator.knot.x.values.map { Double(Float($0)) })
    trajectory.position(at: 0.37, into: &end)
    #expect(distance(end.point(0), [cosine(0.37), sine(0.37)]) < 2e-3)
  }
}
