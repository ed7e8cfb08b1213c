/// The objective of a flow of affine layers: L = E[−log p₁(X₁)] over fresh data, in closed form (Dinh
/// et al., 2017, section 3.1).
struct AffineLayersObjective: TrainingObjective {
  private let target: any Distribution
  private let clipNorm: Double
  private var flow: RealNVP<MLP>
  private var likelihood = AffineLayersLikelihood()
  private var gradients: [[Float]]
  private var data: Batch
  private var random: Random

  /// The objective of an experiment without a complaint.
  init(
    _ experiment: Experiment, target: any Distribution, instructionSet: InstructionSet
  ) {
    let complaint = experiment.likelihoodComplaint
    precondition(complaint == nil, complaint ?? "")
    self.target = target
    clipNorm = experiment.likelihood.clip
    let layers = experiment.model.layers ?? 0
    let one = [Float](repeating: 0, count: experiment.shape.parameterCount)
    gradients = [[Float]](repeating: one, count: layers)
    let weights = RealNVPWeights(
      shape: experiment.shape, layers: layers,
      values: [Float](repeating: 0, count: experiment.parameterCount))
    flow = RealNVP(weights, instructionSet: instructionSet)
    data = Batch(dimension: experiment.dimension, count: experiment.batch)
    random = Random(seed: experiment.seed).stream("likelihood data")
  }

  mutating func loss(of weights: [Float], gradient: inout [Float]) -> Double {
    target.sample(into: &data, using: &random)
    flow.copyWeights(from: weights)
    let loss = likelihood.evaluate(&flow, data: data)
    for k in gradients.indices {
      for i in 0..<gradients[k].count { gradients[k][i] = 0 }
    }
    likelihood.addGradient(&flow, to: &gradients)
    var place = 0
    for k in gradients.indices {
      for i in 0..<gradients[k].count { gradient[place + i] = gradients[k][i] }
      place += gradients[k].count
    }
    clip(&gradient, to: clipNorm)
    return loss
  }

  var generators: [String: Random] {
    get { ["likelihood data": random] }
    set { random = newValue["likelihood data"]! }
  }
}
