/// What a network is regressed on, and how much each time counts.
///
/// The velocity is Ẋ_t, the target x₁, the source x₀ and the score −x₀/σ_t; the best network is the
/// mean of each given X_t. The score's errors are weighted by σ_t² (Song et al., 2021, eq. 7), so its
/// squared error is E|σ_t s_θ + X₀|², in the units of the source: its variance would grow without
/// bound as σ → 0.
struct RegressionTarget: Sendable, Hashable {
  var prediction = Prediction.velocity
  var path = ConditionalPath.affine
  var scheduler = Scheduler.conditionalOT
  /// The times of training where they are not those of the prediction.
  var interval: ClosedRange<Double>?

  /// Whether `weight` is not always 1.
  var isWeighted: Bool { prediction == .score }

  /// The weight of the loss at time t: σ_t² for the score, else 1.
  func weight(at t: Double) -> Double {
    guard isWeighted else { return 1 }
    let sigma = path.coefficients(scheduler, at: t).sigma
    return sigma * sigma
  }

  /// Moves times on [0, 1) to where `ConvertedField` asks such a network, [0.01, 0.99]; a velocity's
  /// stay.
  func place(_ times: inout [Double]) {
    guard prediction != .velocity || interval != nil else { return }
    let (low, high) = (
      interval?.lowerBound ?? prediction.clamped(0), interval?.upperBound ?? prediction.clamped(1)
    )
    for j in times.indices { times[j] = low + (high - low) * times[j] }
  }

  /// Overwrites `scores` by −x₀/σ_t of every point of the `d×n` batch.
  func scores(of x0: Batch, at times: [Double], into scores: inout Batch) {
    let n = x0.count
    for j in 0..<n {
      let factor = -1 / path.coefficients(scheduler, at: times[j]).sigma
      for k in stride(from: j, to: x0.values.count, by: n) {
        scores.values[k] = factor * x0.values[k]
      }
    }
  }
}
