#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Which path leads from x₀ to x₁; checkpoints save it by name and noise scale.
///
/// Every one is X_t = α x₁ + σ x₀ + γ ε with the velocity α̇ x₁ + σ̇ x₀ + γ̇ ε, which is the general
/// u = (σ̇/σ)(x − μ) + μ̇ of a Gaussian path N(μ_t, σ_t²I) (Lipman et al., 2023, theorem 3).
public enum ConditionalPath: Hashable, Sendable {
  /// X_t = α x₁ + σ x₀ under a scheduler.
  case affine
  /// Lipman's Gaussian path: α = t, σ = 1 − (1 − σ_min)t (Lipman et al., 2023, eq. 22). Needs a
  /// Gaussian source.
  case lipman(sigmaMin: Double)
  /// I-CFM: the affine path with noise of constant standard deviation γ = σ (Tong et al., 2024,
  /// eq. 14, under conditional OT).
  case noisy(sigma: Double)
  /// SB-CFM: the Brownian bridge, γ = σ√(t(1−t)) (Tong et al., 2024, eq. 18). A Schrödinger bridge
  /// where pairs come from entropic optimal transport with regularisation 2σ².
  case schroedingerBridge(sigma: Double)
  /// X_t = cos(πt/2) x₀ + sin(πt/2) x₁, "VP" in torchcfm (Albergo and Vanden-Eijnden, 2023).
  case trigonometric

  /// The noise of an interpolant, γ = σ sin²(πt), under conditional OT (Albergo et al., 2023).
  case sineBridge(sigma: Double)
  /// The same with γ = σ t(1 − t).
  case productBridge(sigma: Double)
  /// The mirror interpolant X_t = x₁ + γz with a bridge's γ = σ√(t(1−t)): from the data to noisy data and
  /// back, wherever x₀ is (Albergo et al., 2023, section 3.3).
  case mirrorBridge(sigma: Double)

  /// Every path, with the noise scale that its paper or library uses by default.
  public static let all: [ConditionalPath] = [
    .affine, .lipman(sigmaMin: 1e-4), .noisy(sigma: 0.1), .schroedingerBridge(sigma: 1),
    .trigonometric,
  ]

  /// Those that are paths of an interpolant alone, see `InterpolantNoise`.
  static let interpolants: [ConditionalPath] = [
    .sineBridge(sigma: 1), .productBridge(sigma: 1), .mirrorBridge(sigma: 1),
  ]

  /// The name on the command line and in files.
  public var name: String {
    switch self {
    case .affine: "affine"
    case .lipman: "lipman"
    case .noisy: "i-cfm"
    case .schroedingerBridge: "sb-cfm"
    case .trigonometric: "trigonometric"
    case .sineBridge: "sine-bridge"
    case .productBridge: "product-bridge"
    case .mirrorBridge: "mirror-bridge"
    }
  }

  /// The name on the screen.
  public var title: String {
    switch self {
    case .affine: "affine"
    case .lipman: "Lipman"
    case .noisy: "I-CFM"
    case .schroedingerBridge: "SB-CFM"
    case .trigonometric: "trigonometric"
    case .sineBridge: "sine bridge"
    case .productBridge: "product bridge"
    case .mirrorBridge: "mirror"
    }
  }

  /// The formula, in one line.
  public var formula: String {
    switch self {
    case .affine: "α x₁ + σ x₀ under the scheduler"
    case .lipman: "t x₁ + (1 − (1 − σ_min)t) x₀; needs a Gaussian source"
    case .noisy: "α x₁ + σ x₀ + noise of constant standard deviation"
    case .schroedingerBridge: "t x₁ + (1 − t) x₀ + σ√(t(1−t)) noise, a Brownian bridge"
    case .trigonometric: "sin(πt/2) x₁ + cos(πt/2) x₀"
    case .sineBridge: "t x₁ + (1 − t) x₀ + σ sin²(πt) noise"
    case .productBridge: "t x₁ + (1 − t) x₀ + σ t(1 − t) noise"
    case .mirrorBridge: "x₁ + σ√(t(1−t)) noise: from the data to the data"
    }
  }

  /// σ_min of Lipman's path, or the scale σ of the path's own noise; nil where it has no number.
  public var noiseScale: Double? {
    switch self {
    case .affine, .trigonometric: nil
    case .lipman(let sigma), .noisy(let sigma), .schroedingerBridge(let sigma),
      .sineBridge(let sigma), .productBridge(let sigma), .mirrorBridge(let sigma):
      sigma
    }
  }

  /// Whether X_t has noise besides its two ends.
  public var hasNoise: Bool {
    switch self {
    case .affine, .lipman, .trigonometric: false
    case .noisy(let sigma), .schroedingerBridge(let sigma), .sineBridge(let sigma),
      .productBridge(let sigma), .mirrorBridge(let sigma):
      sigma > 0
    }
  }

  /// Whether X_t does not depend on x₀, so that a flow along it starts from the data.
  public var startsFromData: Bool {
    if case .mirrorBridge = self { true } else { false }
  }

  /// Whether the path is defined for every scheduler; the others bring a schedule of their own.
  public var takesScheduler: Bool {
    switch self {
    case .affine, .noisy: true
    case .lipman, .schroedingerBridge, .trigonometric, .sineBridge, .productBridge, .mirrorBridge:
      false
    }
  }

  /// The path of that name with its usual noise scale, or with the given one, finite and ≥ 0.
  ///
  /// Throws `UnknownName`, which suggests the nearest.
  public static func named(
    _ name: String, noiseScale: Double? = nil
  ) throws(UnknownName) -> ConditionalPath {
    guard let path = (all + interpolants).first(where: { $0.name == name }) else {
      throw UnknownName(kind: "path", name: name, among: all.map(\.name))
    }
    return noiseScale.map(path.with) ?? path
  }

  /// All coefficients at `t` in [0, 1]; the scheduler counts where `takesScheduler`.
  ///
  /// The bridge's γ̇ is infinite at both ends, where it keeps its value from 1e-5 inside; γγ̇ is exact.
  public func coefficients(_ scheduler: Scheduler, at t: Double) -> PathCoefficients {
    switch self {
    case .affine: return scheduler.coefficients(at: t)
    case .trigonometric: return Scheduler.cosine.coefficients(at: t)
    case .lipman(let sigmaMin):
      return PathCoefficients(
        alpha: t, sigma: 1 - (1 - sigmaMin) * t, alphaRate: 1, sigmaRate: sigmaMin - 1)
    case .noisy(let sigma):
      var c = scheduler.coefficients(at: t)
      c.noise = sigma
      return c
    case .schroedingerBridge(let sigma):
      var c = Scheduler.conditionalOT.coefficients(at: t)
      let inside = min(max(t, Scheduler.endMargin), 1 - Scheduler.endMargin)
      c.noise = sigma * (t * (1 - t)).squareRoot()
      c.noiseRate = sigma * (0.5 - inside) / (inside * (1 - inside)).squareRoot()
      c.noiseProduct = sigma * sigma * (0.5 - t)
      return c
    case .sineBridge(let sigma):
      var c = Scheduler.conditionalOT.coefficients(at: t)
      // sin of the nearer end: nothing at t = 1 to the bit.
      let sine = sin(.pi * min(t, 1 - t))
      c.noise = sigma * sine * sine
      c.noiseRate = sigma * .pi * sin(2 * .pi * t)
      c.noiseProduct = c.noise * c.noiseRate
      return c
    case .mirrorBridge(let sigma):
      var c = ConditionalPath.schroedingerBridge(sigma: sigma).coefficients(scheduler, at: t)
      (c.alpha, c.alphaRate, c.sigma, c.sigmaRate, c.sigmaProduct) = (1, 0, 0, 0, 0)
      return c
    case .productBridge(let sigma):
      var c = Scheduler.conditionalOT.coefficients(at: t)
      c.noise = sigma * t * (1 - t)
      c.noiseRate = sigma * (1 - 2 * t)
      c.noiseProduct = c.noise * c.noiseRate
      return c
    }
  }

  /// The path as something that can be sampled.
  public func path(under scheduler: Scheduler = .conditionalOT) -> any ProbabilityPath {
    takesScheduler && !hasNoise
      ? AffinePath(scheduler: scheduler) : NoisyPath(path: self, scheduler: scheduler)
  }
}

extension ConditionalPath: Codable {
  private enum CodingKeys: String, CodingKey { case name, sigma }

  /// Decodes a name and, where the path has one, its number; the usual one where it is missing.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let name = try container.decode(String.self, forKey: .name)
    let sigma = try container.decodeIfPresent(Double.self, forKey: .sigma)
    guard sigma.map({ $0 >= 0 && $0.isFinite }) ?? true else {
      throw DecodingError.dataCorruptedError(
        forKey: .sigma, in: container, debugDescription: "a noise scale is 0 or a positive number")
    }
    do { self = try ConditionalPath.named(name, noiseScale: sigma) } catch {
      throw DecodingError.dataCorruptedError(
        forKey: .name, in: container, debugDescription: error.description)
    }
  }

  /// Encodes the name and the number.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    try container.encodeIfPresent(noiseScale, forKey: .sigma)
  }
}

extension ConditionalPath: NumberedChoice {
  public static let kind = "path"

  public static var unlisted: [ConditionalPath] { interpolants }

  public var number: Double? { noiseScale }

  public func with(number: Double) -> ConditionalPath {
    switch self {
    case .affine, .trigonometric: self
    case .lipman: .lipman(sigmaMin: number)
    case .noisy: .noisy(sigma: number)
    case .schroedingerBridge: .schroedingerBridge(sigma: number)
    case .sineBridge: .sineBridge(sigma: number)
    case .productBridge: .productBridge(sigma: number)
    case .mirrorBridge: .mirrorBridge(sigma: number)
    }
  }
}
