/// The objective of a continuous normalizing flow: L = E[−log p₁(X₁)] over fresh data, whose minimum
/// is their entropy (Chen et al., 2018, section 4; Grathwohl et al., 2019).
struct MaximumLikelihood: TrainingObjective {
  private let target: any Distribution
  private let options: LikelihoodOptions
  private var field: MLP
  private var solve: SolvedLikelihood
  private var data: Batch
  private var dataRandom: Random
  private var probeRandom: Random

  /// The objective of an experiment without a complaint.
  init(_ experiment: Experiment, target: any Distribution, instructionSet: InstructionSet) {
    let complaint = experiment.likelihoodComplaint
    precondition(complaint == nil, complaint ?? "")
    guard let tableau = experiment.likelihood.tableau else {
      preconditionFailure("the method does not exist")
    }
    self.target = target
    options = experiment.likelihood
    solve = SolvedLikelihood(tableau, steps: options.steps)
    let shape = experiment.shape
    let weights = [Float](repeating: 0, count: shape.parameterCount)
    field = MLP(MLPWeights(shape: shape, values: weights), instructionSet: instructionSet)
    data = Batch(dimension: shape.dimension, count: experiment.batch)
    let random = Random(seed: experiment.seed)
    dataRandom = random.stream("likelihood data")
    probeRandom = random.stream("likelihood probes")
  }

  mutating func loss(of weights: [Float], gradient: inout [Float]) -> Double {
    field.copyWeights(from: weights)
    target.sample(into: &data, using: &dataRandom)
    let probes = options.divergence.probes(
      dimension: data.dimension, count: data.count, using: &probeRandom)
    let loss = solve.evaluate(&field, data: data, probes: probes)
    for k in gradient.indices { gradient[k] = 0 }
    switch options.gradient {
    case .discrete:
      solve.addGradient(&field, probes: probes, to: &gradient)
    case .adjoint:
      ContinuousAdjoint(solve.tableau, steps: solve.steps).addGradient(
        &field, noise: solve.noise, probes: probes, to: &gradient)
    }
    clip(&gradient, to: options.clip)
    return loss
  }

  var generators: [String: Random] {
    get { ["likelihood data": dataRandom, "likelihood probes": probeRandom] }
    set {
      dataRandom = newValue["likelihood data"]!
      probeRandom = newValue["likelihood probes"]!
    }
  }
}
