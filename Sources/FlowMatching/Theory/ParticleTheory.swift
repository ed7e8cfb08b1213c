#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What symmetry and weights promise of four particles in the plane.
extension TheoryCheck {
  /// Every check of particles, by its number.
  public static let particles: [TheoryCheck] = [
    equivariance, plainNetwork, pairDivergence, virial, repairedEnergy, plainEnergy,
  ]

  /// Forces of pairs turn, mirror and renumber with the molecule; relative to the greatest.
  static let equivariance = TheoryCheck(
    45, "equivariant forces", "v(gx) = g·v(x), Σ v_i = 0, with messages between pairs",
    bound: 1e-10, coefficients: [1, 1]
  ) { setting, c in
    let field = PrecisePairField(ParticleCase(setting).pairs)
    return ParticleCase(setting).equivariance(of: field, c)
  }

  /// A network of coordinates without its mean does not.
  static let plainNetwork = TheoryCheck(
    45, "network without symmetry (control)", "the same of a network of coordinates",
    bound: 1e-2, isControl: true, coefficients: [1, 1]
  ) { setting, c in
    let field = MeanFreeField(PreciseMLP(ParticleCase(setting).coordinates))
    return ParticleCase(setting).equivariance(of: field, c)
  }

  /// The divergence by six tangents is what differences say; relative to the greatest.
  static let pairDivergence = TheoryCheck(
    46, "divergence of forces", "∇·v = Σ_e 4φ_e + Σ_ef c_ef ∂φ_e/∂s_f (w_e·w_f)/s_f", bound: 1e-6,
    coefficients: [1, 1]
  ) { setting, c in
    let (particles, step) = (ParticleCase(setting), 1e-5)
    var field = PrecisePairField(particles.pairs)
    let x = particles.points
    var (v, divergence) = (x, [Double](repeating: 0, count: x.count))
    field.evaluate(x, at: .shared(0.4), into: &v, divergence: &divergence)
    var traces = divergence.map { c[0] * $0 }
    for i in 0..<x.dimension {
      let up = particles.velocity(field, x.moved(i, by: step))
      let down = particles.velocity(field, x.moved(i, by: -step))
      for j in traces.indices { traces[j] -= c[1] * (up[i, j] - down[i, j]) / (2 * step) }
    }
    return greatest(traces.map(abs)) / greatest(divergence.map(abs))
  }

  /// Draws of exp(−E) have as much virial as degrees of freedom.
  static let virial = TheoryCheck(
    47, "virial of the draws", "E[x·∇E] = 6 under exp(−E)", coefficients: [1, 6]
  ) { setting, c in
    var random = setting.random.stream("virial")
    let x = DoubleWells().sample(count: 2000, using: &random)
    var gradient = x
    DoubleWells.gradient(x, into: &gradient)
    return (0..<x.count).map { j in
      (0..<x.dimension).reduce(-c[1]) { $0 + c[0] * x[$1, j] * gradient[$1, j] }
    }
  }

  /// Weights make averages right of draws of another density: of energies ¼|x|² from N(0, 4I), whose mean is
  /// 3 and whose log Z is 3 ln 4π; in standard errors.
  static let repairedEnergy = TheoryCheck(
    48, "weights of samples", "Σ w E/Σ w = 3, log Σ w/n = 3 ln 4π, w = exp(−E)/p", bound: 5,
    coefficients: [3, 3]
  ) { setting, c in
    guard let sample = ParticleCase(setting).weighted else { return .nan }
    let (energy, partition) = (sample.reweightedEnergy, sample.logPartition)
    return greatest([
      abs(energy.mean - c[0]) / energy.standardError,
      abs(partition.mean - c[1] * log(4 * .pi)) / partition.standardError,
    ])
  }

  /// Without weights they are those of the other density.
  static let plainEnergy = TheoryCheck(
    48, "samples without weights (control)", "Σ E/n = 3", bound: 5, isControl: true,
    coefficients: [3]
  ) { setting, c in
    guard let sample = ParticleCase(setting).weighted else { return .nan }
    return abs(sample.meanEnergy.mean - c[0]) / sample.meanEnergy.standardError
  }
}

/// What the checks of particles are tried on.
private struct ParticleCase {
  let pairs, coordinates: MLPWeights
  let points: Batch
  private let random: Random

  init(_ setting: TheorySetting) {
    random = setting.random.stream("particles")
    var weights = random.stream("weights")
    pairs = MLPWeights(
      shape: MLPShape(
        pairs: PairShape(hasMessages: true), widths: [24, 24, 24], activation: .silu),
      using: &weights)
    coordinates = MLPWeights(
      shape: MLPShape(dimension: 8, widths: [24, 24, 24], activation: .silu), using: &weights)
    var draws = random.stream("points")
    points = MeanFreeNormal.doubleWells.sample(count: 32, using: &draws)
  }

  func velocity(_ field: some VelocityField, _ x: Batch) -> Batch {
    var (field, velocity) = (field, x)
    field.evaluate(x, at: .shared(0.4), into: &velocity)
    return velocity
  }

  /// A motion: renumbered, mirrored, turned, and moved by a shift.
  private func moved(_ x: Batch, by shift: Double) -> Batch {
    var moved = x
    let turn = SIMD2(0.6, 0.8)
    for (i, from) in [2, 0, 3, 1].enumerated() {
      for j in 0..<x.count {
        let (u, v) = (x[2 * from, j], -x[2 * from + 1, j])
        moved[2 * i, j] = turn.x * u - turn.y * v + shift
        moved[2 * i + 1, j] = turn.y * u + turn.x * v - 2 * shift
      }
    }
    return moved
  }

  /// The greatest |c₀v(gx) − c₁g·v(x)| and |Σ v_i|, relative to the greatest velocity.
  func equivariance(of field: some VelocityField, _ c: [Double]) -> Double {
    let v = velocity(field, points)
    let (there, back) = (velocity(field, moved(points, by: 0.5)), moved(v, by: 0))
    var differences = there.values.indices.map {
      abs(c[0] * there.values[$0] - c[1] * back.values[$0])
    }
    for j in 0..<v.count {
      for axis in 0..<2 { differences.append(abs((0..<4).reduce(0) { $0 + v[2 * $1 + axis, j] })) }
    }
    return greatest(differences) / greatest(v.values.map(abs))
  }

  /// Draws from N(0, 4I) with the energies ¼|x|², whose own density is that of N(0, 2I).
  var weighted: ReweightedSample? {
    var draws = random.stream("weighted")
    let prior = MeanFreeNormal.doubleWells
    let x = prior.sample(count: 4000, using: &draws)
    return ReweightedSample(
      energies: x.squaredLengths.map { 0.25 * $0 }, logDensities: prior.logDensity(x))
  }
}
