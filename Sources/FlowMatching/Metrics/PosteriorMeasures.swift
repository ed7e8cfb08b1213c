/// How good a learned posterior is: log p of true parameters, samples beside the exact ones, calibration.
public struct PosteriorMeasures: Sendable {
  /// What a flow is measured on.
  public struct Problem: Sendable {
    /// The flow given an observation, m numbers as they were measured.
    public let flow: @Sendable (_ observation: [Double]) -> any Flow
    /// Where it starts.
    public let source: any DensityDistribution
    /// Pairs that training has not seen, the parameters in the network's units.
    public let parameters, observations: Batch
    /// The simulator whose posterior is known; nil where none is.
    public let exact: (any Simulations)?

    public init(
      flow: @escaping @Sendable (_ observation: [Double]) -> any Flow,
      source: any DensityDistribution, parameters: Batch, observations: Batch,
      exact: (any Simulations)?
    ) {
      precondition(parameters.count == observations.count, "an observation for each point")
      self.flow = flow
      self.source = source
      self.parameters = parameters
      self.observations = observations
      self.exact = exact
    }
  }

  /// The classifier's verdict on the samples of one observation.
  public struct Compared: Sendable {
    public let observation: [Double]
    public let accuracy: Estimate
  }

  /// How many observations a classifier judges; they are the same for every run, drawn of the prior predictive.
  public static let observationCount = 10
  /// How many draws of each it judges where there are that many pairs: ten a pair, 500 at least and 4 000 at
  /// most. Whoever asks for few pairs does not wait a minute for the classifier.
  public static func drawCount(pairs: Int) -> Int { min(4000, max(500, 10 * pairs)) }
  /// The most pairs that are ranked, and the draws of each.
  public static let (rankedPairs, rankedDraws) = (500, 99)

  /// Mean log p(θ | x) of the pairs in nats, in the network's units; nil where more than 1 % were lost, or one is
  /// not possible at all: its log p is −∞, and so is the mean.
  public private(set) var logP: Estimate?
  /// The same of the exact posterior, and the mean of the difference pair by pair, exact less learned.
  public private(set) var exactLogP, gap: Estimate?
  /// The pairs that left the numbers on the way.
  public private(set) var lost = 0
  /// What a classifier tells; empty where no exact posterior is known.
  public private(set) var compared: [Compared] = []
  /// The ranks of pairs; of none where a solve broke off.
  public private(set) var calibration: Calibration
  /// Evaluations of the network per draw.
  public private(set) var evaluations = 0

  /// Mean accuracy of the classifier over the observations, with the standard error of its draws; nil where
  /// none was judged.
  public var c2st: Estimate? {
    guard !compared.isEmpty else { return nil }
    let n = Double(compared.count)
    let square = compared.reduce(0) {
      $0 + $1.accuracy.standardError * $1.accuracy.standardError
    }
    return Estimate(
      mean: compared.reduce(0) { $0 + $1.accuracy.mean } / n,
      standardError: square.squareRoot() / n)
  }

  /// Measures by a plan's steps; `progress` hears now and then which share is done, of what.
  public init(
    _ problem: Problem, _ plan: TransportPlan, likelihood: LikelihoodMethod = .usual, seed: UInt64,
    progress: (Double, String) -> Void = { _, _ in }
  ) {
    calibration = Calibration(
      dimension: problem.parameters.dimension, draws: PosteriorMeasures.rankedDraws)
    let random = Random(seed: seed)
    measureDensity(problem, likelihood) { progress(0.4 * $0, "log p") }
    rank(problem, plan, random.stream("calibration")) { progress(0.4 + 0.3 * $0, "calibration") }
    compare(problem, plan) { progress(0.7 + 0.3 * $0, "classifier") }
  }

  private mutating func measureDensity(
    _ problem: Problem, _ method: LikelihoodMethod, _ progress: (Double) -> Void
  ) {
    let count = problem.parameters.count
    let dimension = problem.parameters.dimension
    let divergence = DivergenceMethod.usual(dimension: dimension)
    var random = Random(seed: 0).stream("probes")
    var values: [Double] = []
    for j in 0..<count {
      let probes = divergence.probes(dimension: dimension, count: 1, using: &random)
      let known = problem.flow(problem.observations.point(j)).logDensity(
        of: problem.parameters.points(j..<j + 1), from: problem.source, method, probes: probes,
        progress: { _ in })
      values.append(known.values[0])
      if j % 16 == 0 { progress(Double(j) / Double(count)) }
    }
    let kept = values.indices.filter { values[$0].isFinite }
    lost = count - kept.count
    guard !kept.isEmpty, Double(lost) <= Evaluation.lostLimit * Double(count),
      !values.contains(-.infinity)
    else { return }
    logP = Estimate(of: kept.map { values[$0] })
    guard
      let exact = problem.exact?.logPosterior(
        of: problem.parameters, given: problem.observations)
    else { return }
    exactLogP = Estimate(of: kept.map { exact[$0] })
    gap = Estimate(of: kept.map { exact[$0] - values[$0] })
  }

  private mutating func rank(
    _ problem: Problem, _ plan: TransportPlan, _ random: Random, _ progress: (Double) -> Void
  ) {
    var random = random
    let count = min(problem.parameters.count, PosteriorMeasures.rankedPairs)
    for j in 0..<count {
      let draws = draws(
        problem, problem.observations.point(j), plan, PosteriorMeasures.rankedDraws, &random)
      guard let draws, draws.isFinite else {
        // Those that go well are not any pairs: without the others coverage would flatter.
        calibration = Calibration(dimension: problem.parameters.dimension, draws: calibration.draws)
        return
      }
      calibration.note(problem.parameters.point(j), among: draws)
      if j % 16 == 0 { progress(Double(j) / Double(count)) }
    }
  }

  private mutating func compare(
    _ problem: Problem, _ plan: TransportPlan, _ progress: (Double) -> Void
  ) {
    guard let exact = problem.exact else { return }
    var random = Random(seed: 0).stream("c2st")
    for k in 0..<PosteriorMeasures.observationCount {
      progress(Double(k) / Double(PosteriorMeasures.observationCount))
      var posterior: (any DensityDistribution)?
      var observation: [Double] = []
      // Those that the prior all but excludes are next to never drawn.
      for _ in 0..<100 where posterior == nil {
        observation = exact.sample(count: 1, using: &random).observations.point(0)
        posterior = exact.posterior(of: observation)
      }
      guard let posterior else { return }
      let reference = posterior.sample(
        count: PosteriorMeasures.drawCount(pairs: problem.parameters.count), using: &random)
      guard let learned = draws(problem, observation, plan, reference.count, &random),
        let test = ClassifierTest(learned, reference, random: random.stream("classifier \(k)"))
      else {
        // The mean of those that went well would flatter.
        compared = []
        return
      }
      compared.append(Compared(observation: observation, accuracy: test.accuracy))
    }
  }

  /// Draws of the learned posterior; nil where the solve broke off.
  private mutating func draws(
    _ problem: Problem, _ observation: [Double], _ plan: TransportPlan, _ count: Int,
    _ random: inout Random
  ) -> Batch? {
    let noise = problem.source.sample(count: count, using: &random)
    var transport = problem.flow(observation).transport(noise, as: .points, from: 0, to: 1, plan)
    transport.finish()
    evaluations = max(evaluations, transport.evaluations)
    return transport.status == .finished ? transport.state : nil
  }
}
