/// One AdamW update (Loshchilov and Hutter, 2019, algorithm 2), in PyTorch's order of operations.
///
/// keep = 1 − ηλ, step = η/(1 − β₁ᵏ), rootCorrection = 1/√(1 − β₂ᵏ). Returns whether all weights are
/// finite.
func adam(
  _ weights: UnsafeMutablePointer<Float>, _ gradient: UnsafePointer<Float>,
  _ first: UnsafeMutablePointer<Float>, _ second: UnsafeMutablePointer<Float>, count: Int,
  keep: Float, beta1: Float, beta2: Float, step: Float, rootCorrection: Float, epsilon: Float
) -> Bool {
  let (fresh1, fresh2) = (1 - beta1, 1 - beta2)
  // The exponent of infinities and NaNs is all ones; an integer maximum, unlike one of floats or a
  // branch, stays a vector.
  var largestExponent: UInt32 = 0
  for i in 0..<count {
    let g = gradient[i]
    let m = beta1 * first[i] + fresh1 * g
    let v = beta2 * second[i] + fresh2 * g * g
    first[i] = m
    second[i] = v
    let weight = keep * weights[i] - step * m / (v.squareRoot() * rootCorrection + epsilon)
    weights[i] = weight
    largestExponent = max(largestExponent, weight.bitPattern & 0x7f80_0000)
  }
  return largestExponent != 0x7f80_0000
}

/// average += rate · (weights − average).
func moveAverage(
  _ average: UnsafeMutablePointer<Float>, _ weights: UnsafePointer<Float>, count: Int, rate: Float
) {
  for i in 0..<count { average[i] += rate * (weights[i] - average[i]) }
}
