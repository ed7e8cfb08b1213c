#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A resumable computation of a model's density p₁ at the nodes of a quadrature over a curved space, and
/// of ∫p₁ dA, which is 1 for every field: what is missing is the quadrature's coarseness or the solver's
/// error. Work is cut as in `Integrator`.
public struct SpaceDensity: Sendable {
  /// The nodes and their weights.
  public let rule: SpaceQuadrature
  private var likelihood: LogLikelihood

  /// A computation that has not begun, with about `resolution` nodes along a half circle.
  public init(
    _ field: any DivergenceField, source: any DensityDistribution, on space: any Space,
    resolution: Int, _ tableau: ButcherTableau = .rk4, control: StepControl = .fixed(steps: 20),
    divergence: DivergenceMethod = .exact, random: Random = Random(seed: 0)
  ) {
    rule = space.quadrature(resolution: resolution)
    likelihood = LogLikelihood(
      field, of: rule.nodes, source: source, tableau, control: control, divergence: divergence,
      random: random)
  }

  /// The same with steps for each node of its own, by a tolerance.
  public init(
    _ field: any DivergenceField, source: any DensityDistribution, on space: any Space,
    resolution: Int, _ tableau: ButcherTableau = .dormandPrince, tolerance: Double
  ) {
    rule = space.quadrature(resolution: resolution)
    likelihood = LogLikelihood(
      field, of: rule.nodes, source: source, tableau, tolerance: tolerance, evaluationLimit: 4000)
  }

  /// Where the computation stands.
  public var status: Integrator.Status { likelihood.status }

  /// How far it has got, from 0 to 1.
  public var progress: Double { likelihood.progress }

  /// Works for about `budget` evaluations at points, at least one unit; returns how many it spent.
  public mutating func advance(budget: Int) -> Int { likelihood.advance(budget: budget) }

  /// Runs to the end or to a failure.
  public mutating func finish() { likelihood.finish() }

  /// log p₁ by area in nats at the nodes; nil unless finished.
  public var logDensity: [Double]? { likelihood.values }

  /// ∫p₁ dA; nil unless finished, NaN where a node was lost.
  public var integral: Double? { logDensity.map { rule.integrate($0.map { exp($0) }) } }
}
