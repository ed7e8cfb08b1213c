#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The two moons of simulation-based inference (Greenberg et al., 2019, appendix A.5.4; `two_moons` of
/// sbibm, Lueckmann et al., 2021, T.8).
///
/// θ ~ U[−1, 1]², x = p + (−|θ₁ + θ₂|, θ₂ − θ₁)/√2 with p = (¼ + r cos a, r sin a), r ~ N(0.1, 0.01²),
/// a ~ U(−π/2, π/2). What x says of θ are two crescents, since |θ₁ + θ₂| hides a sign.
public struct TwoMoonsSimulator: Simulations, Hashable {
  /// The mean radius of a crescent, its thickness, and where its centre is.
  static let (radius, thickness, centre) = (0.1, 0.01, 0.25)

  /// The simulator.
  public init() {}

  public var dimension: Int { 2 }

  /// E|θ₁ + θ₂|/√2 is √2/3 and its variance 1/9; E cos a is 2/π.
  public var columns: [ObservedColumn] {
    let (radius, thickness) = (Self.radius, Self.thickness)
    let half = 0.5 * (radius * radius + thickness * thickness)
    let along = radius * 2 / .pi
    return [
      ObservedColumn(
        "x1", mean: Self.centre + along - 2.0.squareRoot() / 3,
        deviation: (half - along * along + 1 / 9.0).squareRoot(), usual: 0),
      ObservedColumn("x2", mean: 0, deviation: (half + 1 / 3.0).squareRoot()),
    ]
  }

  /// A point p of the crescent.
  @inline(__always)
  static func crescent(using random: inout Random) -> SIMD2<Double> {
    let angle = Double.pi * (random.uniform() - 0.5)
    let r = radius + thickness * random.normal()
    return SIMD2(centre + r * cos(angle), r * sin(angle))
  }

  public func sample(
    into parameters: inout Batch, observations: inout Batch, using random: inout Random
  ) {
    precondition(
      parameters.dimension == 2 && observations.dimension == 2
        && parameters.count == observations.count, "both have two numbers, and one each")
    let n = parameters.count
    let root = 0.5.squareRoot()
    for j in 0..<n {
      let (a, b) = (2 * random.uniform() - 1, 2 * random.uniform() - 1)
      let p = Self.crescent(using: &random)
      parameters.values[j] = a
      parameters.values[n + j] = b
      observations.values[j] = p.x - root * abs(a + b)
      observations.values[n + j] = p.y + root * (b - a)
    }
  }

  /// nil of what the prior all but excludes: see `TwoMoonsPosterior.leastMass`.
  public func posterior(of observation: [Double]) -> (any DensityDistribution)? {
    guard observation.count == 2 else { return nil }
    let posterior = TwoMoonsPosterior(given: SIMD2(observation[0], observation[1]))
    return posterior.mass >= TwoMoonsPosterior.leastMass ? posterior : nil
  }

  public func logPosterior(of parameters: Batch, given observations: Batch) -> [Double]? {
    precondition(parameters.count == observations.count, "an observation for each point")
    return (0..<parameters.count).map { j in
      TwoMoonsPosterior(given: SIMD2(observations[0, j], observations[1, j]))
        .logDensity(SIMD2(parameters[0, j], parameters[1, j]))
    }
  }
}
