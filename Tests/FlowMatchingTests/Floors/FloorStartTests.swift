import FlowMatching
import Testing

/// VP starts at α(0) = 0.0066, not at 0: what would be learned before counts for wide data.
@Suite("The floor of a path that starts late")
struct FloorStartTests {
  @Test(
    "N(0, 1) → N(0, s²) under VP is ∫D²s²/(σ²+ α²s²) dt from t = 0, 1.7 % less than from α = 0 on",
    arguments: [30.0])
  func wide(s: Double) {
    let scheduler = Scheduler.variancePreserving
    let target = GaussianMixture(weights: [1], means: [[0]], standardDeviation: s)
    let integral = gaussianFloor(scheduler, s, parts: 100_000)
    let floor = LossFloor.of(target: target, scheduler: scheduler)
    // The largest σ̇ cuts the last 1e-5 short.
    #expect(abs(floor - integral) < 5e-3 * integral, "\(floor), \(integral)")
  }
}

/// ∫D²s²/(σ² + α²s²) dt over [0, 1], the floor of N(0, 1) → N(m, s²) for every m, by the midpoint rule
/// on parts that shrink towards t = 1.
func gaussianFloor(_ scheduler: Scheduler, _ s: Double, parts: Int) -> Double {
  var integral = 0.0
  for k in 0..<parts {
    let v = (Double(k) + 0.5) / Double(parts)
    let c = scheduler.coefficients(at: 1 - v * v * v)
    let d = c.determinant
    integral +=
      d * d * s * s / (c.sigma * c.sigma + c.alpha * c.alpha * s * s) * 3 * v * v / Double(parts)
  }
  return integral
}
