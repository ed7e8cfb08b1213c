/// The weights of the cubic Hermite interpolant of a step at one time: x(t) = h₀₀(s)x₀ + h₁₀(s)h u₀ +
/// h₀₁(s)x₁ + h₁₁(s)h u₁, s = (t − t₀)/h.
struct HermiteWeights {
  let start, startSlope, end, endSlope: Double

  init(_ t: Double, from t0: Double, to t1: Double) {
    let step = t1 - t0
    let s = (t - t0) / step
    start = (1 + 2 * s) * (1 - s) * (1 - s)
    end = s * s * (3 - 2 * s)
    startSlope = s * (1 - s) * (1 - s) * step
    endSlope = s * s * (s - 1) * step
  }
}
