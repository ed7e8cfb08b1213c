/// The element-wise loops over a network's weights.
extension InstructionSet {
  /// One AdamW update of all weights, step `step` counted from 1.
  ///
  /// weights ← (1 − ηλ)·weights − η·m̂/(√v̂ + ε) with the bias-corrected moments m̂, v̂ (Loshchilov and
  /// Hutter, 2019, algorithm 2); with λ = 0 it is Adam (Kingma and Ba, 2015, algorithm 1).
  /// Returns whether all weights are still finite.
  public func adam(
    weights: inout [Float], gradient: [Float], first: inout [Float], second: inout [Float],
    step: Int, learningRate: Double, beta1: Double, beta2: Double, epsilon: Double,
    weightDecay: Double
  ) -> Bool {
    let count = weights.count
    precondition(
      gradient.count == count && first.count == count && second.count == count,
      "gradient and moments have an element per weight")
    return table.adam(
      &weights, gradient, &first, &second, count, Float(1 - learningRate * weightDecay),
      Float(beta1), Float(beta2), Float(learningRate / (1 - power(beta1, step))),
      Float(1 / (1 - power(beta2, step)).squareRoot()), Float(epsilon)) == 1
  }

  /// average ← average + rate·(weights − average).
  public func moveAverage(_ average: inout [Float], towards weights: [Float], rate: Double) {
    precondition(average.count == weights.count, "an average has an element per weight")
    table.move_average(&average, weights, weights.count, Float(rate))
  }
}

/// xⁿ for n ≥ 0 by repeated squaring: the same bits wherever it runs.
private func power(_ x: Double, _ n: Int) -> Double {
  var (result, square, rest) = (1.0, x, n)
  while rest > 0 {
    if rest & 1 == 1 { result *= square }
    square *= square
    rest >>= 1
  }
  return result
}
