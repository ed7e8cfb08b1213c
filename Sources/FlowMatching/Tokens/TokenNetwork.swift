import Kernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension MLPShape {
  /// The network that says p_{1|t} along a path: from letters and a time to L×V logits.
  public init(
    _ space: TokenSpace, along path: TokenPath, widths: [Int], activation: Activation = .silu
  ) {
    self.init(
      letters: LetterShape(
        positions: space.length, states: path.states(space), letters: space.letters),
      widths: widths, activation: activation)
  }

  /// The space of the sequences; the network must be one of letters.
  var tokenSpace: TokenSpace {
    guard let letters else { preconditionFailure("no network of letters") }
    return TokenSpace(length: letters.positions, letters: letters.letters)
  }
}

extension LetterShape {
  /// What a network is told of the times of n sequences, a row of n for each number.
  static func numbers(of times: Times, count: Int) -> [Float] {
    var values = [Float](repeating: 0, count: numbers * count)
    for j in 0..<count {
      let t = times[j]
      values[j] = Float(t)
      values[count + j] = Float(sin(.pi * t))
      values[2 * count + j] = Float(cos(.pi * t))
    }
    return values
  }
}

extension LetterNetwork {
  /// The kernels' view of a shape of letters.
  init(_ shape: MLPShape, instructionSet: InstructionSet) {
    guard let letters = shape.letters else { preconditionFailure("no network of letters") }
    self.init(
      positions: letters.positions, states: letters.states, letters: letters.letters,
      numbers: LetterShape.numbers, hiddenWidths: shape.widths,
      nonlinearity: shape.activation.nonlinearity, instructionSet: instructionSet)
  }
}
