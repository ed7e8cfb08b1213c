#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The mixture p_t = (1 − κ)p₀ + κp₁ of two distributions, and the jumps that follow it.
///
/// **Not** the p_t of any flow of this package: between its ends it has points of both, and none on the
/// way from one to the other. It must not be compared with flows or diffusions at any t but 0 and 1.
/// A point leaves at the rate κ̇p₀/p_t, and what leaves is drawn from p₁ (Holderrieth et al., 2024).
public struct TeleportMixture: PlanarDensity {
  /// p₀.
  public let source: any DensityDistribution
  /// p₁.
  public let target: any DensityDistribution
  /// κ_t.
  public let schedule: TokenSchedule

  /// The mixture of two distributions of one dimension.
  public init(
    from source: any DensityDistribution, to target: any DensityDistribution,
    schedule: TokenSchedule = .linear
  ) {
    precondition(source.dimension == target.dimension, "both ends need the same dimension")
    self.source = source
    self.target = target
    self.schedule = schedule
  }

  /// log p_t(x).
  public func logDensity(_ points: Batch, at t: Double) -> [Double] {
    let (first, last) = (log(schedule.complement(t)), log(schedule.kappa(t)))
    return zip(source.logDensity(points), target.logDensity(points)).map {
      logSumExp([first + $0, last + $1])
    }
  }

  /// The rate κ̇p₀/p_t of leaving each point.
  public func rates(_ points: Batch, at t: Double) -> [Double] {
    let slope = schedule.slope(t)
    return zip(source.logDensity(points), logDensity(points, at: t)).map { slope * exp($0 - $1) }
  }

  /// Moves points of p_t to p_end, and returns which of them jumped.
  ///
  /// A point leaves with the probability (κ′ − κ)p₀/p_t: what is left is p_end exactly, however long
  /// the step is.
  public func step(
    _ points: inout Batch, from t: Double, to end: Double, using random: inout Random
  ) -> [Bool] {
    precondition(t >= 0 && t < end && end <= 1, "jumps lead forwards, from 0 to 1")
    let share = schedule.complement(t) - schedule.complement(end)
    let leaving = zip(source.logDensity(points), logDensity(points, at: t)).map {
      share * exp($0 - $1)
    }
    let fresh = target.sample(count: points.count, using: &random)
    return points.replace(by: fresh, leaving.map { random.uniform() < $0 })
  }
}

extension Batch {
  fileprivate mutating func replace(by other: Batch, _ flags: [Bool]) -> [Bool] {
    for i in 0..<dimension {
      for j in 0..<count where flags[j] { values[i * count + j] = other.values[i * count + j] }
    }
    return flags
  }
}
