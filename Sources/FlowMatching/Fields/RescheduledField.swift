/// A trained field under another schedule: the same ends and the same flow between them, at another
/// speed.
///
/// With t = ρ⁻¹(ρ̄(r)) and s = σ̄_r/σ_t, where ρ = α/σ and a bar marks the new schedule,
/// ū_r(x) = (ṡ/s)x + s·ṫ·u_t(x/s) (Lipman et al., 2024, §4.8.2; Pokle et al., 2023). ṫ = D̄/(D s²).
public struct RescheduledField<Base: VelocityField>: VelocityField {
  /// The field that was trained.
  public private(set) var base: Base
  /// The schedule under which it was trained.
  public let original: Scheduler
  /// The schedule under which it is to be followed.
  public let scheduler: Scheduler
  private var scaled: Batch?
  /// One change for all points, or one for each.
  private var changes: [Change] = []

  /// The field `base`, trained under `original`, as a field under `scheduler`.
  public init(_ base: Base, from original: Scheduler, to scheduler: Scheduler) {
    self.base = base
    self.original = original
    self.scheduler = scheduler
  }

  public var dimension: Int { base.dimension }

  public var regularity: Regularity {
    if original == scheduler { return base.regularity }
    return base.regularity.inTime {
      scheduler.time(inverseSignalToNoise: original.coefficients(at: $0).signalToNoise)
    }
  }

  /// Where the old schedule is as noisy as the new one at one time, and what to scale by.
  struct Change: Sendable, Hashable {
    /// The time t of the old schedule.
    let time: Double
    /// dt/dr.
    let timeRate: Double
    /// s.
    let scale: Double
    /// ṡ/s.
    let relativeRate: Double
  }

  /// The change at time `r` of the new schedule.
  ///
  /// Where the old schedule stands still at its start (D = 0), r is at least 1e-6.
  func change(at r: Double) -> Change {
    if original == scheduler { return Change(time: r, timeRate: 1, scale: 1, relativeRate: 0) }
    let rests = original.coefficients(at: 0).determinant == 0
    let new = scheduler.coefficients(at: rests ? max(r, 1e-6) : r)
    let ratio = new.signalToNoise
    let time = original.time(inverseSignalToNoise: ratio)
    let old = original.coefficients(at: time)
    // σ̄/σ and ᾱ/α are one number; each is 0/0 at one end.
    let isNoisy = ratio <= 1
    let scale = isNoisy ? new.sigma / old.sigma : new.alpha / old.alpha
    let timeRate = new.determinant / (old.determinant * scale * scale)
    let relativeRate =
      isNoisy
      ? new.sigmaRate / new.sigma - timeRate * old.sigmaRate / old.sigma
      : new.alphaRate / new.alpha - timeRate * old.alphaRate / old.alpha
    return Change(time: time, timeRate: timeRate, scale: scale, relativeRate: relativeRate)
  }

  public mutating func evaluate(_ x: Batch, at t: Times, into velocity: inout Batch) {
    let times = prepare(x, t)
    base.evaluate(scaled!, at: times, into: &velocity)
    finish(x, &velocity)
  }

  /// Fills `changes`, and `scaled` with x/s; returns the times of the old schedule.
  private mutating func prepare(_ x: Batch, _ t: Times) -> Times {
    changes.removeAll(keepingCapacity: true)
    switch t {
    case .shared(let time): changes.append(change(at: time))
    case .each(let times): for time in times { changes.append(change(at: time)) }
    }
    if scaled == nil || !scaled!.hasShape(of: x) { scaled = x }
    for i in 0..<x.dimension {
      for j in 0..<x.count {
        let k = i * x.count + j
        scaled!.values[k] = x.values[k] / changes[changes.count == 1 ? 0 : j].scale
      }
    }
    return switch t {
    case .shared: .shared(changes[0].time)
    case .each: .each(changes.map(\.time))
    }
  }

  private func finish(_ x: Batch, _ velocity: inout Batch) {
    for i in 0..<x.dimension {
      for j in 0..<x.count {
        let k = i * x.count + j
        let change = changes[changes.count == 1 ? 0 : j]
        velocity.values[k] =
          change.relativeRate * x.values[k] + change.scale * change.timeRate * velocity.values[k]
      }
    }
  }
}

extension Scheduler {
  /// Where the path under this schedule passes what another passes at time `r`: x̄_r = s·x_t, with
  /// t = ρ⁻¹(ρ̄(r)) and s = σ̄_r/σ_t (Lipman et al., 2024, §4.8.2).
  public func place(of r: Double, under other: Scheduler) -> (time: Double, scale: Double) {
    if self == other { return (r, 1) }
    let new = other.coefficients(at: r)
    let time = time(inverseSignalToNoise: new.signalToNoise)
    let old = coefficients(at: time)
    // σ̄/σ and ᾱ/α are one number; each is 0/0 at one end.
    return (time, new.signalToNoise <= 1 ? new.sigma / old.sigma : new.alpha / old.alpha)
  }
}

extension RescheduledField: DivergenceField where Base: DivergenceField {
  public var inDouble: any DivergenceField {
    base.inDouble.rescheduled(from: original, to: scheduler)
  }

  /// ∇·ū = d·ṡ/s + ṫ·∇·u.
  public mutating func evaluate(
    _ x: Batch, at t: Times, into velocity: inout Batch, divergence: inout [Double]
  ) {
    let times = prepare(x, t)
    base.evaluate(scaled!, at: times, into: &velocity, divergence: &divergence)
    finish(x, &velocity)
    for j in 0..<x.count {
      let change = changes[changes.count == 1 ? 0 : j]
      divergence[j] =
        Double(x.dimension) * change.relativeRate + change.timeRate * divergence[j]
    }
  }

  /// εᵀ(∂ū/∂x)ε = |ε|²ṡ/s + ṫ·εᵀ(∂u/∂x)ε.
  public mutating func evaluate(
    _ x: Batch, at t: Times, probes: Batch, into velocity: inout Batch, divergence: inout [Double]
  ) {
    let times = prepare(x, t)
    base.evaluate(scaled!, at: times, probes: probes, into: &velocity, divergence: &divergence)
    finish(x, &velocity)
    for j in 0..<x.count {
      let change = changes[changes.count == 1 ? 0 : j]
      var square = 0.0
      for i in 0..<x.dimension {
        square += probes.values[i * x.count + j] * probes.values[i * x.count + j]
      }
      divergence[j] = square * change.relativeRate + change.timeRate * divergence[j]
    }
  }
}

extension DivergenceField {
  fileprivate func rescheduled(from original: Scheduler, to other: Scheduler) -> any DivergenceField
  {
    RescheduledField<Self>(self, from: original, to: other)
  }
}
