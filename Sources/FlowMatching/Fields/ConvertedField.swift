/// The velocity of a network that predicts something else: u_t(x) = a(t) x + b(t) v_θ(x, t).
///
/// A prediction other than the velocity is converted, and the network asked, at a time between
/// 0.01 and 0.99 (`Prediction.clamped`): at the ends the conversion divides by α or σ.
public struct ConvertedField<Base: VelocityField>: VelocityField {
  /// What predicts.
  public private(set) var network: Base
  /// What is predicted.
  public let prediction: Prediction
  /// The path on which it was trained.
  public let path: ConditionalPath
  /// The schedule of that path.
  public let scheduler: Scheduler

  /// The field of `network`, which predicts about X_t on the path under the scheduler.
  public init(
    _ network: Base, predicts prediction: Prediction, scheduler: Scheduler,
    path: ConditionalPath = .affine
  ) {
    precondition(
      prediction == .velocity || !path.hasNoise, "only a path without noise can be converted")
    self.network = network
    self.prediction = prediction
    self.scheduler = scheduler
    self.path = path
  }

  public var dimension: Int { network.dimension }

  /// That of the network; a prediction that is converted has kinks where the conversion stands still.
  public var regularity: Regularity {
    prediction == .velocity
      ? network.regularity
      : network.regularity.adding([Prediction.margin, 1 - Prediction.margin])
  }

  public mutating func evaluate(_ x: Batch, at t: Times, into velocity: inout Batch) {
    network.evaluate(x, at: clamped(t), into: &velocity)
    convert(x, at: t, &velocity)
  }

  private func clamped(_ t: Times) -> Times {
    guard prediction != .velocity else { return t }
    return switch t {
    case .shared(let time): .shared(prediction.clamped(time))
    case .each(let times): .each(times.map(prediction.clamped))
    }
  }

  private func coefficients(at t: Double) -> Prediction.Combination {
    prediction.velocityCoefficients(path.coefficients(scheduler, at: prediction.clamped(t)))
  }

  private func convert(_ x: Batch, at t: Times, _ velocity: inout Batch) {
    guard prediction != .velocity else { return }
    let n = x.count
    var c = coefficients(at: n > 0 ? t[0] : 0)
    for j in 0..<n {
      if case .each(let times) = t { c = coefficients(at: times[j]) }
      for i in 0..<x.dimension {
        let k = i * n + j
        velocity.values[k] = c.x * x.values[k] + c.other * velocity.values[k]
      }
    }
  }
}

extension ConvertedField: DivergenceField where Base: DivergenceField {
  public var inDouble: any DivergenceField {
    network.inDouble.converted(like: self)
  }

  /// ∇·u = d·a(t) + b(t)·∇·v_θ.
  public mutating func evaluate(
    _ x: Batch, at t: Times, into velocity: inout Batch, divergence: inout [Double]
  ) {
    network.evaluate(x, at: clamped(t), into: &velocity, divergence: &divergence)
    guard prediction != .velocity else { return }
    convert(x, at: t, &velocity)
    for j in 0..<x.count {
      let c = coefficients(at: t[j])
      divergence[j] = Double(x.dimension) * c.x + c.other * divergence[j]
    }
  }

  /// εᵀ(∂u/∂x)ε = a(t)|ε|² + b(t)·εᵀ(∂v_θ/∂x)ε.
  public mutating func evaluate(
    _ x: Batch, at t: Times, probes: Batch, into velocity: inout Batch, divergence: inout [Double]
  ) {
    network.evaluate(x, at: clamped(t), probes: probes, into: &velocity, divergence: &divergence)
    guard prediction != .velocity else { return }
    convert(x, at: t, &velocity)
    let n = x.count
    for j in 0..<n {
      let c = coefficients(at: t[j])
      var square = 0.0
      for i in 0..<x.dimension { square += probes.values[i * n + j] * probes.values[i * n + j] }
      divergence[j] = c.x * square + c.other * divergence[j]
    }
  }
}

extension DivergenceField {
  /// What this field predicts, converted as another's prediction is.
  fileprivate func converted<Other>(like other: ConvertedField<Other>) -> any DivergenceField {
    ConvertedField<Self>(
      self, predicts: other.prediction, scheduler: other.scheduler, path: other.path)
  }
}
