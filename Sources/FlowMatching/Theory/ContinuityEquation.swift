#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension TheoryCheck {
  /// The field moves the density: relative to the largest |∂_t p|.
  static let continuity = TheoryCheck(
    1, "continuity equation", "∂_t p + ∇·(pu) = 0", bound: 1e-7, rounding: 4e-12,
    coefficients: [1, 1]
  ) { setting, c in
    Continuity(setting, stream: "continuity").residual(c[0], c[1]) { $0.velocity }
  }

  /// There is no unique velocity: the score turned by 90° moves nothing.
  static let rotatedScore = TheoryCheck(
    15, "no unique velocity", "∂_t p + ∇·(p(u + R₉₀s)) = 0", bound: 1e-7, rounding: 4e-12,
    coefficients: [1, 1, 1, -1]
  ) { setting, c in
    // c[2] and c[3] are the entries of R₉₀: (s₀, s₁) → (−s₁, s₀).
    Continuity(setting, stream: "rotated score").residual(c[0], c[1]) { point in
      var velocity = point.velocity
      for j in 0..<velocity.count {
        velocity[0, j] += c[3] * point.score[1, j]
        velocity[1, j] += c[2] * point.score[0, j]
      }
      return velocity
    }
  }

  /// Unturned, the score does move the density.
  static let addedScore = TheoryCheck(
    15, "score as velocity (control)", "∂_t p + ∇·(p(u + s)) = 0", bound: 1e-2, isControl: true,
    coefficients: [1, 1]
  ) { setting, c in
    Continuity(setting, stream: "added score").residual(c[0], c[1]) { point in
      var velocity = point.velocity
      // As fast as the field itself where the data are far, so that it can be told from rounding.
      for k in velocity.values.indices {
        velocity.values[k] += setting.reach * point.score.values[k]
      }
      return velocity
    }
  }
}

/// What the continuity equation is made of, on draws of X_t at a few times.
struct Continuity {
  /// The exact velocity and score of some points.
  struct Values {
    let velocity, score: Batch
  }

  private let setting: TheorySetting
  private var random: Random

  init(_ setting: TheorySetting, stream: String) {
    self.setting = setting
    random = setting.random.stream(stream)
  }

  /// The largest |a·∂_t p + b·∇·(pv)| relative to the largest |∂_t p|, v from velocity and score.
  func residual(_ a: Double, _ b: Double, _ field: (Values) -> Batch) -> Double {
    var random = random
    var (worst, largest) = (0.0, 0.0)
    for t in setting.times(4, 0.1, 0.9, using: &random) {
      let x = setting.points(8, at: t, using: &random)
      let rate = CentralDifference.derivative(step: CentralDifference.step / setting.reach) {
        density(x, t + $0)
      }
      var sum = rate.map { a * $0 }
      for i in 0..<x.dimension {
        let slope = CentralDifference.derivative { shift in
          let moved = x.moved(i, by: shift)
          return zip(density(moved, t), field(values(moved, t)).row(i)).map { $0 * $1 }
        }
        for j in sum.indices { sum[j] += b * slope[j] }
      }
      worst = sum.reduce(worst) { worse($0, abs($1)) }
      largest = rate.reduce(largest) { worse($0, abs($1)) }
    }
    return worst / largest
  }

  private func density(_ x: Batch, _ t: Double) -> [Double] {
    var exact = setting.exact
    return exact.logDensity(x, at: .shared(t)).map { exp($0) }
  }

  private func values(_ x: Batch, _ t: Double) -> Values {
    var (exact, score) = (setting.exact, x)
    exact.score(x, at: .shared(t), into: &score)
    return Values(velocity: setting.exact.velocity(x, at: t), score: score)
  }
}
