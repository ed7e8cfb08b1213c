import Kernels

/// The optimiser Adam, with decoupled weight decay AdamW.
///
/// w ← (1 − ηλ)w − η·m̂/(√v̂ + ε), where m̂ and v̂ are the bias-corrected running means of the gradient
/// and of its square (Kingma and Ba, 2015, algorithm 1; Loshchilov and Hutter, 2019, algorithm 2).
public struct Adam: Sendable, Equatable {
  /// The step size η.
  public var learningRate: Double
  /// The share of the old mean that a step keeps.
  public let beta1: Double
  /// The share of the old mean square that a step keeps.
  public let beta2: Double
  /// ε, what keeps the quotient finite.
  public let epsilon: Double
  /// The decoupled weight decay λ; 0 is plain Adam.
  public var weightDecay: Double
  /// The number of updates so far.
  public private(set) var steps = 0
  /// The running mean of the gradient, not bias-corrected.
  public private(set) var first: [Float]
  /// The running mean of its square, not bias-corrected.
  public private(set) var second: [Float]

  /// The optimiser of `count` weights before its first step, with PyTorch's defaults.
  public init(
    count: Int, learningRate: Double = 1e-3, beta1: Double = 0.9, beta2: Double = 0.999,
    epsilon: Double = 1e-8, weightDecay: Double = 0
  ) {
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    first = [Float](repeating: 0, count: count)
    second = first
  }

  /// Moves the weights by one step and returns whether all of them are still finite numbers.
  public mutating func update(
    _ weights: inout [Float], gradient: [Float], instructionSet: InstructionSet = .best
  ) -> Bool {
    steps += 1
    return instructionSet.adam(
      weights: &weights, gradient: gradient, first: &first, second: &second, step: steps,
      learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon,
      weightDecay: weightDecay)
  }
}

extension Adam {
  /// Goes on from moments and a count of updates that were saved.
  mutating func restore(first: [Float], second: [Float], steps: Int) {
    precondition(first.count == self.first.count && second.count == first.count, "other weights")
    self.first = first
    self.second = second
    self.steps = steps
  }
}
