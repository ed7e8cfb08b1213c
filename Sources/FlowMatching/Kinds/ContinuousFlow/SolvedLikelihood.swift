#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The negative log-likelihood of data under a continuous normalizing flow from N(0, I), solved in
/// equal steps, and its gradient by the weights.
///
/// Data go backward from t = 1 to 0 with the divergence: −log p₁(x) = ½|x₀|² + (d/2) ln 2π + ∫∇·u dt
/// (Chen et al., 2018, theorem 1; Grathwohl et al., 2019, eq. 4). Only the stages' points are kept.
public struct SolvedLikelihood: Sendable {
  /// The explicit method.
  public let tableau: ButcherTableau
  /// The number of its steps from t = 1 to t = 0.
  public let steps: Int
  /// Where the data came from, x₀, `d×n`, after `evaluate`.
  public private(set) var noise: Batch
  /// The points at which the stages of all steps were evaluated.
  private var stages: [Batch] = []
  /// A step's velocities; on the way back the cotangents of its stages' points.
  private var slopes: [Batch] = []
  private var cotangent: Batch
  private var stageCotangent: Batch
  private var divergence: [Double] = []
  private var weights: [Double] = []
  /// ∫∇·u dt of every point.
  private var integral: [Double] = []

  /// A solve of that many steps; memory is taken at the first call.
  public init(_ tableau: ButcherTableau, steps: Int) {
    precondition(steps > 0, "a solve needs a step")
    self.tableau = tableau
    self.steps = steps
    noise = Batch(dimension: 1, count: 0)
    cotangent = noise
    stageCotangent = noise
  }

  private var h: Double { -1 / Double(steps) }

  private func time(_ step: Int, _ stage: Int) -> Double {
    1 + h * (Double(step) + tableau.c[stage])
  }

  /// The mean of −log p₁ in nats over the `d×n` data, with the same probes for all steps or with the
  /// exact divergence.
  public mutating func evaluate(
    _ field: inout some DivergenceField, data: Batch, probes: Batch? = nil
  ) -> Double {
    reserve(data)
    let count = data.count
    for k in 0..<data.values.count { noise.values[k] = data.values[k] }
    for j in 0..<count { integral[j] = 0 }
    for step in 0..<steps {
      for i in 0..<tableau.stages {
        let place = step * tableau.stages + i
        combine(tableau.a[i], into: place)
        let t = Times.shared(time(step, i))
        guard tableau.b[i] != 0 else {
          field.evaluate(stages[place], at: t, into: &slopes[i])
          continue
        }
        if let probes {
          field.evaluate(
            stages[place], at: t, probes: probes, into: &slopes[i], divergence: &divergence)
        } else {
          field.evaluate(stages[place], at: t, into: &slopes[i], divergence: &divergence)
        }
        let factor = -h * tableau.b[i]
        for j in 0..<count { integral[j] += factor * divergence[j] }
      }
      for i in 0..<tableau.stages { accumulate(h * tableau.b[i], slopes[i], into: &noise) }
    }
    var sum = 0.0
    for value in noise.values { sum += 0.5 * value * value }
    for value in integral { sum += value }
    return sum / Double(count) + 0.5 * Double(data.dimension) * log(2 * .pi)
  }

  /// Adds the exact gradient of what `evaluate` has just computed, by going back through its steps.
  public mutating func addGradient<Field: PullbackField>(
    _ field: inout Field, probes: Batch? = nil, to gradient: inout [Field.Weight]
  ) {
    let mean = 1 / Double(noise.count)
    for k in 0..<noise.values.count { cotangent.values[k] = mean * noise.values[k] }
    for step in (0..<steps).reversed() {
      for i in (0..<tableau.stages).reversed() {
        for k in 0..<stageCotangent.values.count { stageCotangent.values[k] = 0 }
        accumulate(h * tableau.b[i], cotangent, into: &stageCotangent)
        for j in i + 1..<max(tableau.stages, i + 1) {
          accumulate(h * tableau.a[j][i], slopes[j], into: &stageCotangent)
        }
        for j in 0..<weights.count { weights[j] = -h * tableau.b[i] * mean }
        field.pullBack(
          stages[step * tableau.stages + i], at: time(step, i), probes: probes,
          velocity: stageCotangent, divergence: tableau.b[i] == 0 ? nil : weights,
          to: &slopes[i], gradient: &gradient)
      }
      for i in 0..<tableau.stages { accumulate(1, slopes[i], into: &cotangent) }
    }
  }

  /// Writes x + h Σ a_ij k_j to a stage's place.
  private mutating func combine(_ row: [Double], into place: Int) {
    for k in 0..<noise.values.count { stages[place].values[k] = noise.values[k] }
    for (j, a) in row.enumerated() { accumulate(h * a, slopes[j], into: &stages[place]) }
  }

  private mutating func reserve(_ data: Batch) {
    precondition(data.count > 0, "a mean needs a point")
    if noise.hasShape(of: data) { return }
    noise = Batch(dimension: data.dimension, count: data.count)
    cotangent = noise
    stageCotangent = noise
    slopes = (0..<tableau.stages).map { _ in Batch(dimension: data.dimension, count: data.count) }
    stages = (0..<steps * tableau.stages).map { _ in
      Batch(dimension: data.dimension, count: data.count)
    }
    divergence = [Double](repeating: 0, count: data.count)
    (weights, integral) = (divergence, divergence)
  }
}

/// sum += factor · terms.
private func accumulate(_ factor: Double, _ terms: Batch, into sum: inout Batch) {
  guard factor != 0 else { return }
  for k in 0..<sum.values.count { sum.values[k] += factor * terms.values[k] }
}
