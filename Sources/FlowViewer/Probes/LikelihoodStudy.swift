import FlowMatching

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How likely the model finds fresh data: the mean of −log p₁ over samples of the target.
struct LikelihoodStudy: KeyedWork {
  /// Of what: its weights, since other points or another training forget everything.
  struct Key: RenewedKey {
    var weightsStep: Int
  }

  let key: Key
  /// The training step of the weights.
  var weightsStep: Int { key.weightsStep }
  /// The mean of −log p₁ in nats and its standard error, once known.
  private(set) var nll: (mean: Double, error: Double)?
  /// E[log p* − log p₁], the divergence of the model from the target, where it can be told.
  private(set) var divergence: Double?
  private var solve: BackwardDensity
  private let points: Batch
  private let dataset: Dataset
  private static let count = 1024

  init(network: LearnedField, weightsStep: Int, scene: TargetScene, dataset: Dataset) {
    key = Key(weightsStep: weightsStep)
    self.dataset = dataset
    points = scene.sample.prefix(LikelihoodStudy.count)
    solve = BackwardDensity(
      network, source: scene.source, points: points, from: 1, tolerance: BackwardDensity.exact,
      chunkSize: Solve.chunkSizeWithDensity(for: network.weights.shape))
  }

  var isOver: Bool { nll != nil }

  mutating func advance(budget: inout Int) {
    solve.advance(budget: &budget)
    guard solve.isOver, nll == nil else { return }
    let values = solve.values
    let known = values.filter(\.isFinite)
    let n = Double(max(1, known.count))
    let mean = known.reduce(0, +) / n
    let variance = known.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n
    nll = (-mean, (variance / n).squareRoot())
    if let exact = dataset.logDensity(points) {
      // The same points for both densities: most of their scatter cancels.
      let differences = zip(exact, values).map { $0 - $1 }.filter(\.isFinite)
      divergence = differences.reduce(0, +) / Double(max(1, differences.count))
    } else {
      divergence = dataset.entropyFloor.map { -mean - $0 }
    }
  }
}

/// Hutchinson's estimate of log p_t at one point, drawn many times, beside the exact value.
struct HutchinsonStudy: KeyedWork {
  /// What was asked for.
  struct Request: RenewedKey, Hashable {
    let x, y: Double
    let t: Double
    var weightsStep: Int
    var followed = LaneSettings.Followed()
  }

  let request: Request
  var key: Request { request }
  /// log p_t with the exact divergence.
  private(set) var exact: Double?
  /// One estimate a draw.
  private(set) var draws: [Double] = []
  private var single: BackwardDensity
  private var many: BackwardDensity
  static let count = 2048

  init(
    _ request: Request, _ flow: any Flow, source: any Distribution, chunkSize: Int = 32
  ) {
    self.request = request
    single = BackwardDensity(
      flow, source: source, points: Batch(points: [[request.x, request.y]]),
      from: request.t, tolerance: BackwardDensity.exact, chunkSize: chunkSize)
    let n = HutchinsonStudy.count
    let copies = Batch(
      dimension: 2,
      values: [Double](repeating: request.x, count: n) + [Double](repeating: request.y, count: n))
    var random = Random(seed: 0).stream("hutchinson")
    many = BackwardDensity(
      flow, source: source, points: copies, from: request.t, tolerance: BackwardDensity.exact,
      chunkSize: chunkSize,
      probes: DivergenceMethod.gaussian.probes(dimension: 2, count: n, using: &random))
  }

  var isOver: Bool { !draws.isEmpty }

  mutating func advance(budget: inout Int) {
    single.advance(budget: &budget)
    if single.isOver, exact == nil { exact = single.values.first }
    many.advance(budget: &budget)
    if many.isOver, draws.isEmpty { draws = many.values }
  }

  /// The mean and the standard deviation of the estimates of log p: unbiased.
  var mean: (value: Double, deviation: Double) {
    let n = Double(max(1, draws.count))
    let mean = draws.reduce(0, +) / n
    let variance = draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n
    return (mean, variance.squareRoot())
  }

  /// The logarithm of the mean of the estimates of p: biased upwards.
  var logOfMean: Double {
    let greatest = draws.max() ?? 0
    let sum = draws.reduce(0) { $0 + exp($1 - greatest) }
    return greatest + log(sum / Double(max(1, draws.count)))
  }
}

extension BackwardDensity {
  /// p from log p.
  static func density(_ logDensity: Double) -> Double { exp(logDensity) }

  /// log p from p.
  static func logDensity(_ density: Double) -> Double { log(density) }
}
