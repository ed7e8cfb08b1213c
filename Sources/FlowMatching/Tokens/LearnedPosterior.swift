import Kernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The posterior that a network has learned: p_{1|t}(v|x) ∝ e^(z_v)·p_t(x^i | x₁^i = v).
///
/// The network's logits z say what the other letters tell, ln p(x₁^i = v | the others); what a letter
/// says of itself is known (`TokenPath.evidence`). So from masks a set letter is kept (Sahoo et al., 2024,
/// sec. 3.2.3), and at t → 1 from uniform letters no weights have to grow.
public struct LearnedPosterior: TokenPosterior {
  /// The path.
  public let path: TokenPath
  /// The network's weights.
  public let weights: [Float]
  public let space: TokenSpace
  private var network: LetterNetwork
  private var logits: [Float] = []

  /// The posterior of a network with such weights.
  public init(
    _ shape: MLPShape, along path: TokenPath, weights: [Float],
    instructionSet: InstructionSet = .best
  ) {
    space = shape.tokenSpace
    precondition(
      shape.letters?.states == path.states(space), "the network is for another source")
    self.path = path
    self.weights = weights
    network = LetterNetwork(shape, instructionSet: instructionSet)
  }

  public mutating func evaluate(
    _ x: TokenSequences, at t: Times, into p: inout TokenProbabilities
  ) {
    precondition(x.space == space && p.space == space && p.count == x.count, "other shapes")
    if logits.count != p.values.count { logits = [Float](repeating: 0, count: p.values.count) }
    network.evaluate(
      weights: weights, sequences: x.values, numbers: LetterShape.numbers(of: t, count: x.count),
      into: &logits)
    for j in 0..<x.count {
      p.isImpossible[j] = false
      let evidence = path.evidence(t[j], space)
      for i in 0..<space.length { evaluate(x[i, j], evidence, from: p.offset(i, j), &p) }
    }
  }

  private func evaluate(
    _ letter: UInt16, _ evidence: Double, from start: Int, _ p: inout TokenProbabilities
  ) {
    let (end, own) = (start + space.letters, start + Int(letter))
    if letter < space.mask && evidence == .infinity {
      for k in start..<end { p.values[k] = k == own ? 1 : 0 }
      return
    }
    var largest = -Float.infinity
    for k in start..<end { largest = max(largest, logits[k]) }
    var sum = 0.0
    for k in start..<end {
      p.values[k] = Double(exp(logits[k] - largest)) * (k == own ? evidence : 1)
      sum += p.values[k]
    }
    for k in start..<end { p.values[k] /= sum }
  }
}
