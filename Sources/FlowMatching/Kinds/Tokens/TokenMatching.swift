import Kernels

/// Letters that jump, learned by discrete flow matching (Gat et al., 2024; Campbell et al., 2024).
///
/// A network is told all letters of a sequence and the time, and says what letters the data have there.
public struct TokenMatching: FlowKind {
  public let experiment: Experiment

  public init(_ experiment: Experiment) { self.experiment = experiment }

  public static func learns(_ experiment: Experiment) -> Bool { experiment.letters != nil }

  public var complaint: String? {
    guard let letters = experiment.letters, (2...TokenSpace.mostLetters).contains(letters) else {
      return "an alphabet has 2 to \(TokenSpace.mostLetters) letters"
    }
    if !(1...WordList.longest).contains(experiment.dimension) {
      return "a word has 1 to \(WordList.longest) letters"
    }
    if TokenSource(rawValue: experiment.source) == nil {
      return "letters start from mask or uniform, not from “\(experiment.source)”"
    }
    if TokenSchedule(experiment.scheduler) == nil {
      return "letters know the schedules conditional-ot, polynomial-2, polynomial-3 and cosine, "
        + "not \(experiment.scheduler.name)"
    }
    if experiment.loss.ofLetters == nil {
      return "of letters the loss is generalised-kl or cross-entropy, not \(experiment.loss)"
    }
    if experiment.model != .velocity || experiment.objective != .flowMatching {
      return "letters are learned by flow matching alone; leave out the model and the objective"
    }
    if experiment.path != .affine || experiment.coupling != .independent
      || experiment.prediction != .velocity
    {
      return "letters know no path, coupling or prediction; leave out those options"
    }
    return experiment.timeComplaint
  }

  public var shortTitle: String { "letters" }
  public var words: LossWords { .letters }
  public var stepPrice: Int { 1 }
  /// Forward, back to the layers before, and to the weights.
  public var workPerStep: Double { 3 }
  public var evaluationsPerStep: Int { 1 }

  public var traits: FlowTraits {
    var traits = FlowTraits()
    traits.followsPath = false
    if let space = experiment.tokenSpace {
      traits.tokens = FlowTraits.Tokens(space: space, path: experiment.tokenPath)
    }
    return traits
  }

  public func objective(
    from source: any Distribution, to dataset: Dataset, instructionSet: InstructionSet, threads: Int
  ) -> any TrainingObjective {
    TokenObjective(
      tokens(of: dataset), along: experiment.tokenPath, experiment.shape,
      loss: experiment.loss.ofLetters ?? .generalizedKL, batch: experiment.batch,
      random: Random(seed: experiment.seed), instructionSet: instructionSet, threads: threads)
  }

  public func flow(of weights: FlowWeights, instructionSet: InstructionSet) -> any Flow {
    TokenFlow(
      LearnedPosterior(
        weights.shape, along: experiment.tokenPath, weights: weights.values,
        instructionSet: instructionSet), along: experiment.tokenPath)
  }

  /// By quadrature or draws, with the times at which training looks.
  public func lossFloorEstimation(to dataset: Dataset) -> LossFloorEstimation {
    guard let tokens = dataset.tokens else { return LossFloorEstimation(known: nil) }
    let optimum = tokens.optimum(along: experiment.tokenPath, until: TokenObjective.usualEnd)
    let least = experiment.loss == .crossEntropy ? optimum.crossEntropy : optimum.generalizedKL
    // Two quadratures that agree to the last digits have no error to tell.
    let isExact = least.standardError < 1e-9 * abs(least.mean)
    return LossFloorEstimation(
      known: isExact ? Estimate(mean: least.mean, standardError: 0) : least)
  }

  public func excessMeasure(to dataset: Dataset) -> (any ExcessMeasure)? {
    guard let tokens = dataset.tokens, let loss = experiment.loss.ofLetters else { return nil }
    return TokenExcessMeasure(
      of: tokens, along: experiment.tokenPath, loss, seed: experiment.seed)
  }

  private func tokens(of dataset: Dataset) -> any TokenDistribution {
    guard let tokens = dataset.tokens else { preconditionFailure("the data are no letters") }
    return tokens
  }
}

extension TokenObjective: TrainingObjective {}

/// How far the loss of a learned posterior is above the least one, on fixed draws, in nats a letter.
struct TokenExcessMeasure: ExcessMeasure {
  private let draws: TokenExcess
  private let loss: TokenLoss

  /// The draws of a data set.
  init(of tokens: any TokenDistribution, along path: TokenPath, _ loss: TokenLoss, seed: UInt64) {
    draws = TokenExcess(of: tokens, along: path, count: 2048, seed: seed)
    self.loss = loss
  }

  func measure(_ learned: LearnedField) -> Excess {
    guard let posterior = learned.posterior else {
      return Excess(value: .nan, standardError: nil)
    }
    let estimate = draws.excess(of: posterior, loss)
    return Excess(value: estimate.mean, standardError: estimate.standardError)
  }
}

extension LossWords {
  /// Those of a posterior of letters.
  static let letters = LossWords(
    name: "loss", excess: "above least", unknownExcess: "the least loss of these data is not known",
    unknownField: "the exact posterior of these data is not known",
    floor: "the exact posterior's loss", briefFloor: "exact")
}

extension Loss {
  /// What it is of letters; nil for errors of points.
  public var ofLetters: TokenLoss? {
    switch self {
    case .generalisedKL: .generalizedKL
    case .crossEntropy: .crossEntropy
    default: nil
    }
  }
}
