#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What guidance u_w = u_∅ + w(u_c − u_∅) does, where it has closed forms: between Gaussians.
extension TheoryCheck {
  /// Every check of guidance, by its number.
  public static let guidance: [TheoryCheck] = [
    guidedDeviation, tiltedDeviation, guidedMean, guidedNoise, tiltedFlow,
  ]

  /// The deviations of guidance are those of the class to the power w; relative to the greatest.
  static let guidedDeviation = TheoryCheck(
    37, "guided deviation", "N(0, s_c²), N(0, s_∅²): s = s_c^w s_∅^(1−w)", bound: 1e-8,
    coefficients: [1, 1]
  ) { setting, c in
    GuidedGaussians(setting).worst { gaussians, w in
      let factor = pow(gaussians.class, c[0] * w) * pow(gaussians.all, c[1] * (1 - w))
      return (gaussians.field(w, shift: 0), { _, x in factor * x })
    }
  }

  /// They are not those of the tilt that guidance promises.
  static let tiltedDeviation = TheoryCheck(
    37, "guided deviation, that of the tilt (control)", "s^(−2) = w s_c^(−2) + (1 − w)s_∅^(−2)",
    bound: 1e-2, isControl: true, coefficients: [1]
  ) { setting, c in
    // Of smaller weights a tilt may have no mass.
    GuidedGaussians(setting).worst([1.5, 2, 3]) { gaussians, w in
      (gaussians.field(w, shift: 0), { _, x in c[0] * gaussians.tilt(w) * x })
    }
  }

  /// Between Gaussians of one deviation guidance moves the mean, and does what the tilt promises.
  static let guidedMean = TheoryCheck(
    38, "guided mean of equal deviations", "ψ₁(x) = m_∅ + w(m_c − m_∅) + s x", bound: 1e-8,
    coefficients: [1, 1, 1]
  ) { setting, c in
    GuidedGaussians(setting).worst { gaussians, w in
      (
        gaussians.field(w, shift: 0.7),
        { m, x in c[0] * m + c[1] * w * 0.7 + c[2] * gaussians.class * x }
      )
    }
  }

  /// Noise brings the guided flow to the tilt: at ε = 20 the deviation is its own to 1 in 1 000.
  static let guidedNoise = TheoryCheck(
    39, "noise restores the tilt", "dX = (u_w + εs_w)dt + √(2ε)dW, ε → ∞", bound: 1e-3,
    coefficients: [1, 1, 1]
  ) { setting, c in
    // Where a schedule hurries at its end more noise would be needed.
    let gaussians = GuidedGaussians(setting, .conditionalOT)
    return greatest(
      [1.5, 2, 3].map { w in
        let variance = gaussians.variance(w, noise: 20, c)
        return abs(variance.squareRoot() / gaussians.tilt(w) - 1)
      })
  }

  /// A guided velocity moves no tilts: w s_c + (1 − w)s_∅ is the score of one at each t, and of no p_t.
  static let tiltedFlow = TheoryCheck(
    39, "guided score of a process (control)", "½ d ln σ̃_t²/dt = ∂u_w/∂x", bound: 1e-2,
    isControl: true, coefficients: [1]
  ) { setting, c in
    let gaussians = GuidedGaussians(setting)
    return greatest(
      [0.2, 0.4, 0.6, 0.8].map { t in
        let growth = CentralDifference.derivative { [log(gaussians.tilt(2, at: t + $0))] }[0]
        return abs(growth - c[0] * gaussians.slopes(2, at: t).velocity)
      })
  }

}

/// Two centred Gaussians in the plane, of a class and of all, with deviations by the seed.
struct GuidedGaussians {
  /// The deviations.
  let `class`, all: Double
  private let setting: TheorySetting
  private let scheduler: Scheduler

  init(_ setting: TheorySetting, _ scheduler: Scheduler? = nil) {
    self.setting = setting
    var random = setting.random.stream("guidance")
    `class` = 0.4 + 0.3 * random.uniform()
    all = 0.9 + 0.3 * random.uniform()
    // A schedule that does not begin in the noise has no such closed form.
    self.scheduler =
      scheduler ?? (setting.scheduler.startMismatch == nil ? setting.scheduler : .conditionalOT)
  }

  private func gaussian(_ mean: Double, _ deviation: Double) -> MarginalField {
    MarginalField(
      target: GaussianMixture(
        weights: [1], means: [[mean, mean]], standardDeviation: deviation), scheduler: scheduler)
  }

  /// The mean of all in `field(_:shift:)`.
  private var mean: Double { 0.5 }

  /// The guided field of weight w: without a shift both are centred, else their means are as far apart
  /// and both have the deviation of the class.
  func field(_ w: Double, shift: Double) -> GuidedField {
    GuidedField(
      shift == 0 ? gaussian(0, `class`) : gaussian(mean + shift, `class`),
      awayFrom: shift == 0 ? gaussian(0, all) : gaussian(mean, `class`),
      Guidance(label: nil, weight: w))
  }

  /// The greatest distance of the flow's ends, for several weights, from what is stated of them.
  func worst(
    _ weights: [Double] = [-0.5, 0, 1.5, 2, 3],
    _ statement: (GuidedGaussians, Double) -> (GuidedField, (_ mean: Double, _ x: Double) -> Double)
  ) -> Double {
    var random = setting.random.stream("guidance points")
    let x = StandardNormal(dimension: 2).sample(count: 16, using: &random)
    let residuals = weights.map { w in
      let (field, expected) = statement(self, w)
      var guided: any VelocityField = field
      let end = Integrator.ends(
        &guided, .dop853, control: .adaptive(relative: 1e-11, absolute: 1e-11), from: x, end: 1)
      return greatest(
        zip(end.values, x.values).map { abs($0 - expected(mean, $1)) })
    }
    return greatest(residuals)
  }

  /// The deviation of the tilt p_c^w p_∅^(1−w) of p_t.
  func tilt(_ w: Double, at t: Double = 1) -> Double {
    let c = scheduler.coefficients(at: t)
    func precision(_ s: Double) -> Double { 1 / (c.sigma * c.sigma + c.alpha * c.alpha * s * s) }
    return 1 / (w * precision(`class`) + (1 - w) * precision(all)).squareRoot()
  }

  /// What velocity and score of the guided field are multiples of x by.
  func slopes(_ w: Double, at t: Double) -> (velocity: Double, score: Double) {
    let one = Batch(points: [[1, 0]])
    func slope(_ deviation: Double) -> (Double, Double) {
      var (field, score) = (gaussian(0, deviation), one)
      field.score(one, at: .shared(t), into: &score)
      return (field.velocity(one, at: t)[0, 0], score[0, 0])
    }
    let (own, others) = (slope(`class`), slope(all))
    return (others.0 + w * (own.0 - others.0), others.1 + w * (own.1 - others.1))
  }

  /// The variance at t = 1 of dX = (u_w + εs_w)dt + √(2ε)dW: V′ = 2(∂u + ε∂s)V + 2ε, by RK4; `c` are
  /// the coefficients of u, εs and the noise.
  func variance(_ w: Double, noise: Double, _ c: [Double] = [1, 1, 1]) -> Double {
    let steps = max(400, Int(60 * noise))
    func rate(_ v: Double, _ slopes: (velocity: Double, score: Double)) -> Double {
      2 * (c[0] * slopes.velocity + c[1] * noise * slopes.score) * v + 2 * c[2] * noise
    }
    var v = 1.0
    let h = 1 / Double(steps)
    var before = slopes(w, at: 0)
    for step in 0..<steps {
      let t = Double(step) * h
      let (middle, after) = (slopes(w, at: t + h / 2), slopes(w, at: min(1, t + h)))
      let k1 = rate(v, before)
      let k2 = rate(v + h / 2 * k1, middle)
      let k3 = rate(v + h / 2 * k2, middle)
      let k4 = rate(v + h * k3, after)
      v += h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
      before = after
    }
    return v
  }
}
