/// The flow of a learned interpolant: along its drift, or with noise √(2ε) and ε times its score besides.
public struct InterpolantFlow: Flow, ForwardingField {
  public var field: any DivergenceField
  private let score: any ScoreField

  /// The flow of a drift's weights and a denoiser's.
  init(_ weights: FlowWeights, _ noise: InterpolantNoise, instructionSet: InstructionSet) {
    let drift = NetworkField(
      MLP(weights.network(0), instructionSet: instructionSet), predicts: .velocity,
      scheduler: .conditionalOT)
    let denoiser = MLP(weights.network(1), instructionSet: instructionSet)
    field = drift
    score = DenoiserScore(drift, denoiser, noise)
  }

  public var traits: FlowTraits {
    var traits = FlowTraits()
    traits.hasScore = true
    traits.hasConstantNoise = true
    return traits
  }

  public func scoreField(under scheduler: Scheduler) -> any ScoreField { score }
}

/// A drift with the score s = −η/γ of a denoiser η, where γ is not so small that its error is all there is.
struct DenoiserScore: ScoreField {
  private var drift: any DivergenceField
  private var denoiser: MLP
  private let noise: InterpolantNoise

  init(_ drift: any DivergenceField, _ denoiser: MLP, _ noise: InterpolantNoise) {
    (self.drift, self.denoiser, self.noise) = (drift, denoiser, noise)
  }

  var dimension: Int { drift.dimension }
  var regularity: Regularity { drift.regularity }
  var scoreTimes: ClosedRange<Double> { noise.scoreTimes }

  mutating func evaluate(_ x: Batch, at t: Times, into velocity: inout Batch) {
    drift.evaluate(x, at: t, into: &velocity)
  }

  mutating func evaluate(
    _ x: Batch, at t: Times, into velocity: inout Batch, score: inout Batch
  ) {
    drift.evaluate(x, at: t, into: &velocity)
    let held: Times =
      switch t {
      case .shared(let time): .shared(InterpolantNoise.held(time))
      case .each(let times): .each(times.map(InterpolantNoise.held))
      }
    denoiser.evaluate(x, at: held, into: &score)
    let n = x.count
    for j in 0..<n {
      let factor = -1 / noise.path.coefficients(.conditionalOT, at: held[j]).noise
      for k in stride(from: j, to: score.values.count, by: n) { score.values[k] *= factor }
    }
  }
}
