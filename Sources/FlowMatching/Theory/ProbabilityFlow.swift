extension TheoryCheck {
  /// The variance-preserving path's velocity is the probability flow of its diffusion (Song et al.,
  /// 2021, eq. 13), whatever the setting's scheduler; relative to 1 + |u|.
  static let probabilityFlow = TheoryCheck(
    5, "probability flow of the VP diffusion", "u = ½β(1−t)(x + s), β(τ) = b + (B−b)τ",
    bound: 1e-11, coefficients: [0.5, 1, 1, 0.1, 20]
  ) { setting, c in
    guard var exact = setting.dataset.exactField(scheduler: .variancePreserving) else {
      return .nan
    }
    let diffusion = TheorySetting(
      dataset: setting.dataset, scheduler: .variancePreserving, seed: setting.random.seed)
    var random = setting.random.stream("probability flow")
    var worst = 0.0
    for t in setting.times(16, 0.02, 0.98, using: &random) {
      guard let x = diffusion?.points(8, at: t, using: &random) else { return .nan }
      var score = x
      exact.score(x, at: .shared(t), into: &score)
      let velocity = exact.velocity(x, at: t)
      let beta = c[3] + (c[4] - c[3]) * (1 - t)
      for k in x.values.indices {
        let flow = c[0] * beta * (c[1] * x.values[k] + c[2] * score.values[k])
        worst = worse(worst, abs(velocity.values[k] - flow) / (1 + abs(velocity.values[k])))
      }
    }
    return worst
  }
}
