/// The letters of a sequence as a network reads and answers them: each of `positions` letters is one-hot
/// among `states`, and has `letters` logits.
public struct LetterShape: Codable, Hashable, Sendable {
  /// The letters of a sequence, the states of each, and those that have logits.
  public let positions, states, letters: Int

  /// Sequences of so many letters.
  public init(positions: Int, states: Int, letters: Int) {
    precondition(positions > 0 && letters > 0 && letters <= states, "a letter is a state")
    self.positions = positions
    self.states = states
    self.letters = letters
  }

  /// What is told of the time behind the letters: t, sin πt, cos πt.
  static let numbers = 3
}

/// The pairs of four particles as a network reads them: the same layers for each, with messages between them or
/// without. It answers a number for a pair, see `PairKernel`.
public struct PairShape: Codable, Hashable, Sendable {
  /// Whether a hidden layer but the first reads what the other pairs say.
  public let hasMessages: Bool

  public init(hasMessages: Bool) { self.hasMessages = hasMessages }
}

/// The shape of a multilayer perceptron v = f(x, t): features, hidden layers, outputs.
///
/// The features are the d coordinates of a point, behind them its time, or the two times t and r of a jump,
/// and behind that a number for each class, of which the point's is 1 and all others are 0, and what was
/// observed; the outputs are d numbers. Or they are one-hot letters with t, sin πt and cos πt behind them, and the outputs logits.
public struct MLPShape: Codable, Hashable, Sendable {
  /// The dimension d of the points.
  public let dimension: Int
  /// The number of units of each hidden layer.
  public let widths: [Int]
  /// The activation of the hidden layers; the last layer has none.
  public let activation: Activation
  /// The letters that it reads instead of points; nil for points.
  public let letters: LetterShape?
  /// The pairs of particles that it reads instead of coordinates; nil where it reads those.
  public let pairs: PairShape?
  /// How many times it is told behind a point: one, or two for the map of a flow.
  public let times: Int
  /// The classes of which it is told a point's; 0 where it is told of none.
  public let labels: Int
  /// The observed numbers that it is told beside a point; 0 where it is told of none.
  public let observations: Int
  /// The numbers that it answers where they are not as many as a point has; nil where they are.
  private let answers: Int?

  /// A shape; d and every width must be positive. It answers as many numbers as a point has, or
  /// `outputs`.
  public init(
    dimension: Int, outputs: Int? = nil, times: Int = 1, labels: Int = 0, observations: Int = 0,
    widths: [Int], activation: Activation
  ) {
    precondition(
      dimension > 0 && labels >= 0 && observations >= 0 && widths.allSatisfy { $0 > 0 }
        && outputs ?? 1 > 0,
      "every layer needs a unit at least")
    precondition(times == 1 || times == 2, "a network is told one time or two")
    self.labels = labels
    self.observations = observations
    self.dimension = dimension
    self.times = times
    self.widths = widths
    self.activation = activation
    letters = nil
    pairs = nil
    answers = outputs == dimension ? nil : outputs
  }

  /// A network of the pairs of four particles, with a hidden layer at least.
  public init(pairs: PairShape, widths: [Int], activation: Activation) {
    precondition(
      !widths.isEmpty && widths.allSatisfy { $0 > 0 }, "every layer needs a unit at least")
    dimension = 2 * DoubleWells.particles
    times = 1
    labels = 0
    observations = 0
    self.widths = widths
    self.activation = activation
    letters = nil
    self.pairs = pairs
    answers = 1
  }

  /// A network of letters, with a hidden layer at least.
  public init(letters: LetterShape, widths: [Int], activation: Activation) {
    precondition(
      !widths.isEmpty && widths.allSatisfy { $0 > 0 }, "every layer needs a unit at least")
    dimension = letters.positions
    times = 1
    labels = 0
    observations = 0
    self.widths = widths
    self.activation = activation
    self.letters = letters
    pairs = nil
    answers = nil
  }

  /// The numbers that the first layer reads: what is encoded of a point and its time.
  public var features: Int {
    if pairs != nil { return PairInputs.features }
    return letters.map { $0.positions * $0.states + LetterShape.numbers }
      ?? dimension + times + labels + observations
  }

  /// Those of them that may differ from 0 at a time.
  public var activeFeatures: Int {
    if pairs != nil { return features }
    return letters.map { $0.positions + LetterShape.numbers }
      ?? dimension + times + min(labels, 1) + observations
  }

  /// The shape that is left where the class and what was observed are fixed.
  public var withoutCondition: MLPShape {
    labels + observations == 0
      ? self
      : MLPShape(
        dimension: dimension, outputs: answers, times: times, widths: widths,
        activation: activation)
  }

  /// The numbers that the last layer answers.
  public var outputs: Int { letters.map { $0.positions * $0.letters } ?? answers ?? dimension }

  /// The dense layers from first to last, as their numbers of inputs and outputs.
  public var layers: [(inputs: Int, outputs: Int)] {
    let units = [features] + widths + [outputs]
    return zip(units, units.dropFirst()).enumerated().map { index, layer in
      let hears = pairs?.hasMessages == true && index > 0 && index < widths.count
      return (inputs: hears ? 3 * layer.0 : layer.0, outputs: layer.1)
    }
  }

  /// The number of weights and biases.
  public var parameterCount: Int { layers.reduce(0) { $0 + ($1.inputs + 1) * $1.outputs } }

  /// The name for people: "MLP 3×64 SiLU", or "MLP 64-32 SiLU" where the widths differ.
  public var title: String {
    guard let first = widths.first else { return "linear" }
    let hidden =
      widths.allSatisfy { $0 == first }
      ? "\(widths.count)×\(first)" : widths.map(String.init).joined(separator: "-")
    if let pairs {
      return "\(pairs.hasMessages ? "equivariant" : "pairwise") \(hidden) \(activation.title)"
    }
    return "MLP \(hidden) \(activation.title)"
  }
}
