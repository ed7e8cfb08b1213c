import Kernels

/// The flow matching loss of four particles, L = E|v_θ(X_t, t) − (X₁ − X₀)|², the mean over batch and
/// coordinates, where v is made of forces between pairs or of a network of coordinates.
struct ParticleObjective: TrainingObjective {
  private enum Learner: Sendable {
    case pairs(PairKernel)
    case coordinates(DenseNetwork)
  }

  private var learner: Learner
  private let pool: WorkerPool?
  private var pairs: TrainingPairs
  private var inputs = PairInputs()

  /// The objective of an experiment without a complaint.
  init(
    _ experiment: Experiment, from source: any Distribution, to dataset: Dataset,
    instructionSet: InstructionSet, threads: Int
  ) {
    let isShared: Bool
    if experiment.shape.pairs != nil {
      let kernel = PairKernel(experiment.shape, instructionSet: instructionSet)
      isShared = kernel.sharesGradient(count: experiment.batch)
      learner = .pairs(kernel)
    } else {
      let network = DenseNetwork(experiment.shape, instructionSet: instructionSet)
      isShared = network.sharesGradient(count: experiment.batch)
      learner = .coordinates(network)
    }
    pool = threads > 1 && isShared ? WorkerPool(threads: threads) : nil
    pairs = TrainingPairs(
      from: source,
      to: dataset.isOfParticles ? DoubleWells.trainingSet : dataset.distribution,
      along: experiment.path.path(under: experiment.scheduler),
      coupledBy: experiment.coupling.coupling(instructionSet: instructionSet, pairs: nil),
      regressing: experiment.regression, density: experiment.timeDensity, count: experiment.batch,
      random: Random(seed: experiment.seed), threads: threads)
  }

  var threads: Int { max(pool?.threads ?? 1, pairs.threads) }

  var generators: [String: Random] {
    get { pairs.generators }
    set { pairs.generators = newValue }
  }

  mutating func loss(of weights: [Float], gradient: inout [Float]) -> Double {
    pairs.draw()
    let target = pairs.targets.values
    let scale = 1 / Double(target.count)
    switch learner {
    case .pairs(var kernel):
      // Taken out, its memory is nobody else's.
      learner = .coordinates(ParticleObjective.none)
      inputs.load(pairs.sample.x, at: .each(pairs.times), slopes: false)
      let sum = kernel.squaredErrorGradient(
        weights: weights, features: inputs.features, ways: inputs.ways, target: target,
        scale: scale, gradient: &gradient, pool: pool)
      learner = .pairs(kernel)
      return scale * sum
    case .coordinates(var network):
      learner = .coordinates(ParticleObjective.none)
      let sum = network.squaredErrorGradient(
        weights: weights, points: pairs.sample.x.values, times: pairs.times, target: target,
        scale: scale, gradient: &gradient, pool: pool)
      learner = .coordinates(network)
      return scale * sum
    }
  }

  /// Stands in while a learner is at work.
  private static let none = DenseNetwork(
    features: 2, hiddenWidths: [], outputs: 1, nonlinearity: .relu, instructionSet: .baseline)
}
