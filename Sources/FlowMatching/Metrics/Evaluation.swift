/// Everything that is measured of a trained field, as one value; what does not apply is nil, and so
/// is what would be no finite number because the solver failed or lost a sample.
///
/// Its property names are the JSON keys of `evaluate`, in snake case. What is a mean over draws has its
/// standard error. Energies and straightness are sums over the dimensions, the field error a mean over
/// them. Of layers in closed form there are no energies: no time runs along them.
public struct Evaluation: Sendable, Hashable {
  /// The number of samples of the model and of the target.
  public let count: Int
  /// Evaluations of the field per sample.
  public let nfe: Int
  /// E[−log p₁(x)] over the target samples that are not lost, in nats; nil for a field without a
  /// divergence, and where more than `lostLimit` of them are lost.
  public private(set) var nll: Estimate?
  /// How many target samples left the numbers on the way to log p; nil where nobody asked for it.
  public private(set) var lost: Int?
  /// How many of the model's samples left the numbers: then nothing is known of what they give.
  public private(set) var lostSamples = 0
  /// The greatest estimated error of log p over these samples, in nats; nil where one has no estimate.
  public private(set) var logPError: Double?
  /// How many of them have an estimate above the bound, or none; nil where the method has none.
  public private(set) var logPAboveBound: Int?
  /// The target's entropy, in nats; nil where it is not known.
  public let entropyFloor: Double?
  /// KL(target‖model) in nats over the same samples as `nll`: from the target's density where it is known, else nll − entropy.
  public private(set) var kl: Estimate?
  /// W₂ between the model's samples and as many of the target, `distanceCount` of each; along the space
  /// where that is curved.
  public let w2: Double?
  /// How many samples W₂ is of: all in the plane; elsewhere, where matchings take n³ steps, 1500 at most.
  public let distanceCount: Int
  /// The share of the model's samples that lie where the target has a density, of a target that has none
  /// where some of the source's samples lie; nil of any other, and where samples were lost.
  public private(set) var shareOnSupport: Estimate?
  /// The same share of the source's samples: what is there by chance.
  public private(set) var sourceShareOnSupport: Estimate?
  /// The mean W₂ of two fresh samples of the target, and its standard deviation over pairs.
  public let w2NoiseFloor, w2NoiseDeviation: Double
  /// The sliced W₂, in the plane over all angles, and how far it may be from that.
  public let slicedW2, slicedW2Error: Double?
  /// The energy distance D of the samples.
  public let energyDistance: Estimate?
  /// The same two distances between fresh samples of the target; nil in the plane, where W₂ is of all
  /// samples, and on curved spaces.
  public let floors: SampleFloors?
  /// How log p was solved for: with the exact divergence, or an estimate of it.
  public private(set) var divergence = DivergenceMethod.exact
  /// How a flow map's samples in the plane fill the bins of the target; nil of other flows.
  public private(set) var histograms: HistogramComparison?
  /// E∫|v|²dt along the model's trajectories.
  public private(set) var pathEnergy: Estimate?
  /// |path energy − W₂²(q₀, q₁)|/W₂²(q₀, q₁), W₂² between samples of source and target, beyond
  /// the plane the known one; nil there where it is not known.
  public private(set) var npe: Estimate?
  /// E∫|v_t − (x₁ − x₀)|²dt.
  public private(set) var straightness: Estimate?
  /// ∫E|u_t(X_t|X₀, X₁)|²dt of the path; nil where its ends are not independent.
  public private(set) var conditionalKineticEnergy: Estimate?
  /// ∫E|u_t(X_t)|²dt of the exact field where it is known, else of the model on the path; nil where
  /// the ends are not independent.
  public private(set) var marginalKineticEnergy: Estimate?
  /// The energies of the model's samples and their weights under the target's exp(−E); nil where no energy is known.
  public private(set) var reweighted: ReweightedSample?
  /// E|v_θ − u*|² on the path; nil where the exact field is not known.
  public private(set) var fieldError: Estimate?

  /// The share of the target's samples that may be lost: a mean over the others says nothing of where
  /// the model fails.
  public static let lostLimit = 0.01

  /// Measures a field with `count` samples by the given solver, or a flow that needs none by its own
  /// transport: such a flow has no path, and so no energies and no field error.
  ///
  /// With `points` these finite ones, at least two, stand for samples of the target, and `count` is
  /// theirs. `progress` hears what is measured and which share of the work is done. Likelihoods have a
  /// method of their own, whatever the solver of the samples, and the given divergence, by default that
  /// which is usual in the dimension. With the same seed the draws are the same for every field.
  public init(
    of field: any VelocityField, _ problem: Problem, _ tableau: ButcherTableau = .midpoint,
    control: StepControl = .fixed(steps: 20), jumps: [Double]? = nil, count: Int = 5000,
    points: Batch? = nil, likelihood: LikelihoodMethod = .usual,
    divergence: DivergenceMethod? = nil, seed: UInt64 = 0,
    progress: (EvaluationStage, Double) -> Void = { _, _ in }
  ) {
    precondition(field.dimension == problem.target.dimension, "the field has another dimension")
    let samples = Samples(from: problem.source, to: problem.target, count, points, seed: seed)
    let flow = field as? any Flow
    var plan = TransportPlan(tableau, control: control)
    plan.jumps = jumps
    if let flow, !flow.traits.needsSolver || jumps != nil {
      var there = flow.transport(samples.x0, as: .points, from: 0, to: 1, plan)
      there.finish { EvaluationStage.samples.tell(progress, $0) }
      self.init(samples, problem.target, end: there.state, nfe: there.evaluations, progress)
      lostSamples = there.lostCount
      if jumps != nil { measureField(field, problem, samples) }
    } else {
      var energy = PathEnergy(field, from: samples.x0, tableau, control: control)
      energy.finish { EvaluationStage.samples.tell(progress, $0) }
      self.init(samples, problem.target, end: energy.end, nfe: energy.evaluations, progress)
      note(energy, problem, samples)
      EvaluationStage.fields.tell(progress, 0)
      measureField(field, problem, samples)
    }
    if let flow, flow.traits.isMap {
      histograms = HistogramComparison(flow, problem, plan, points, random: samples.random)
    }
    guard let source = problem.source as? any DensityDistribution else { return }
    if let flow, problem.target.isOfParticles {
      reweighted = ReweightedSample(of: flow, from: samples.x0, source, plan) {
        EvaluationStage.fields.tell(progress, $0)
      }
    }
    func told(_ share: Double) { EvaluationStage.likelihood.tell(progress, share) }
    let method = divergence ?? .usual(dimension: field.dimension)
    var random = samples.random.stream("probes")
    let probes = method.probes(
      dimension: field.dimension, count: samples.x1.count, using: &random)
    self.divergence = method
    if let flow {
      let known = flow.logDensity(
        of: samples.x1, from: source, likelihood, probes: probes, progress: told)
      note(known, likelihood, samples.x1, problem.target)
    } else if let field = field as? any DivergenceField {
      let known = likelihood(
        field, of: samples.x1, source: source, probes: probes, progress: told)
      note(known, likelihood, samples.x1, problem.target)
    }
  }

  /// What particles on their way say.
  private mutating func note(_ energy: PathEnergy, _ problem: Problem, _ samples: Samples) {
    lostSamples = energy.lostCount
    pathEnergy = energy.pathEnergy?.finite
    // Ways along a curved space have no chord to be held against.
    if problem.target.space == nil {
      straightness = energy.straightness?.finite
      npe =
        problem.target.normalisedEnergy(of: energy, from: problem.source) {
          energy.normalised(to: samples.x1)
        }?.finite
    }
    noteSupport(of: problem, samples.x0, energy.end)
  }

  /// What the velocities on the path say.
  private mutating func measureField(
    _ field: any VelocityField, _ problem: Problem, _ samples: Samples
  ) {
    let target = problem.target.distribution
    var model = field
    var reference = problem.reference ?? field
    let draws = problem.exact?.affordable(10_000) ?? 10_000
    if problem.isIndependent {
      let kinetic = KineticEnergy(
        of: &reference, from: problem.source, to: target, along: problem.path, count: draws,
        random: samples.random)
      conditionalKineticEnergy = kinetic.conditional.finite
      marginalKineticEnergy = kinetic.marginal.finite
    }
    if problem.reference != nil {
      let error = FieldErrorOverTime(
        of: &model, exact: &reference, from: problem.source, to: target, along: problem.path,
        count: draws, dimension: problem.target.space?.dimension, random: samples.random)
      fieldError = error.total.finite
    }
  }

  /// Counts the samples that lie where the target has a density.
  private mutating func noteSupport(of problem: Problem, _ x0: Batch, _ end: Batch?) {
    func share(_ points: Batch) -> Estimate? {
      guard points.isFinite, let known = problem.target.logDensity(points) else { return nil }
      return Estimate(of: known.map { $0 > -.infinity ? 1 : 0 })
    }
    guard let chance = share(x0), chance.mean < 1, let end else { return }
    sourceShareOnSupport = chance
    shareOnSupport = share(end)
  }

  /// Takes in log p of the target's samples.
  private mutating func note(
    _ known: LikelihoodValues, _ method: LikelihoodMethod, _ points: Batch, _ target: Dataset
  ) {
    noteLogP(known.values, points, target)
    if case .within(let bound) = method {
      logPError = known.worstError
      logPAboveBound = known.count(above: bound)
    }
  }

  /// NLL and KL by log p of the target's samples, of those that have one.
  private mutating func noteLogP(_ values: [Double], _ points: Batch, _ target: Dataset) {
    let kept = values.indices.filter { values[$0].isFinite }
    let lost = values.count - kept.count
    self.lost = lost
    guard !kept.isEmpty, Double(lost) <= Evaluation.lostLimit * Double(values.count) else { return }
    nll = Estimate(of: kept.map { -values[$0] }).finite
    let exact = target.logDensity(points)
    kl =
      exact.flatMap { exact in Estimate(of: kept.map { exact[$0] - values[$0] }).finite }
      ?? excessEntropy
  }

  /// What is known without the model but its samples and what they cost.
  private init(
    _ samples: Samples, _ target: Dataset, end: Batch?, nfe: Int,
    _ progress: (EvaluationStage, Double) -> Void
  ) {
    let x1 = samples.x1
    EvaluationStage.distances.tell(progress, 0)
    count = x1.count
    self.nfe = nfe
    let space = target.space
    let compared = space == nil && x1.dimension <= 2 ? count : min(count, 1500)
    distanceCount = compared
    w2 = end.map { Wasserstein.w2($0.prefix(compared), x1.prefix(compared), on: space) }.finite
    // Both are of flat space.
    let flat = space == nil ? end : nil
    let sliced = SlicedWasserstein(dimension: x1.dimension, random: samples.random)
    let slices = flat.map { sliced.measure($0, x1) }
    slicedW2 = slices.map(\.distance).finite
    slicedW2Error = slices.map(\.error).finite
    energyDistance = flat.map { EnergyDistance.estimate($0, x1) }?.finite
    var pairs = samples.random.stream("noise floor")
    floors =
      space == nil && x1.dimension != 2
      ? SampleFloors(of: target.distribution, sliced, count: count, random: samples.random) : nil
    let floor = Wasserstein.noiseFloor(
      of: target.distribution, on: space, count: compared, using: &pairs
    ) {
      EvaluationStage.noiseFloor.tell(progress, $0)
    }
    w2NoiseFloor = floor.mean
    w2NoiseDeviation = floor.deviation
    entropyFloor = target.entropyFloor
  }

  /// The KL divergence where only the entropy of the target is known.
  private var excessEntropy: Estimate? {
    guard let nll, let entropyFloor else { return nil }
    return Estimate(mean: nll.mean - entropyFloor, standardError: nll.standardError)
  }
}

/// The draws of an evaluation: the same for every model.
private struct Samples {
  let x0, x1: Batch
  let random: Random

  init(
    from source: any Distribution, to target: Dataset, _ count: Int, _ points: Batch?, seed: UInt64
  ) {
    let count = points?.count ?? count
    precondition(count > 1, "an evaluation needs two samples")
    random = Random(seed: seed).stream("evaluation")
    var (sources, targets) = (random.stream("source"), random.stream("target"))
    x0 = source.sample(count: count, using: &sources)
    x1 = points ?? target.distribution.sample(count: count, using: &targets)
  }
}

extension Double? {
  /// The number, or nil where it is not finite.
  fileprivate var finite: Double? { flatMap { $0.isFinite ? $0 : nil } }
}
