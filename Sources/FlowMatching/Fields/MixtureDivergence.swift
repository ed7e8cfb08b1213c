#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The exact Jacobian of the velocity, as far as a divergence needs it.
///
/// With g = c + My and y = C⁻¹(x − m) of every pair, u = Σ r g, ȳ = Σ r y and ∇r = r(ȳ − y):
/// ∂u/∂x = Σ r MC⁻¹ − Σ r g yᵀ + u ȳᵀ.
extension MixturePairs {
  /// Writes u and tr(∂u/∂x), or εᵀ(∂u/∂x)ε for probes ε, of every point of the `d×n` batch.
  mutating func velocity(
    _ x: Batch, at t: Times, probes: Batch?, into velocity: inout Batch,
    divergence: inout [Double]
  ) {
    precondition(x.dimension == dimension, "the points have another dimension")
    precondition(velocity.hasShape(of: x), "the output needs the shape of x")
    precondition(divergence.count == x.count, "a divergence for each point")
    precondition(probes == nil || probes!.hasShape(of: x), "a probe for each point")
    let n = x.count
    if case .shared(let time) = t { prepareTraces(at: time, probes == nil) }
    for j in 0..<n {
      if case .each(let times) = t { prepareTraces(at: times[j], probes == nil) }
      for i in 0..<dimension { point[i] = x.values[i * n + j] }
      if let probes {
        for i in 0..<dimension { probe[i] = probes.values[i * n + j] }
        divergence[j] = quadraticForm()
      } else {
        divergence[j] = trace()
      }
      for i in 0..<dimension { velocity.values[i * n + j] = result[i] }
    }
  }

  /// Prepares the velocity at a time, and tr MC⁻¹ of every pair where it is wanted.
  private mutating func prepareTraces(at t: Double, _ isWanted: Bool) {
    prepare(.velocity, at: t)
    if !isWanted { return }
    let d = dimension
    for pair in 0..<count {
      if isIsotropic {
        traces[pair] = Double(d) * slopes[pair] * precisions[pair]
        continue
      }
      var sum = 0.0
      for k in 0..<d {
        for i in 0..<d { offset[i] = i == k ? 1 : 0 }
        factors[pair].solveForward(&offset)
        factors[pair].solveBackward(&offset)
        for l in 0..<d { sum += matrices[(pair * d + k) * d + l] * offset[l] }
      }
      traces[pair] = sum
    }
  }

  /// Fills `result` with u; returns its divergence.
  private mutating func trace() -> Double {
    let d = dimension
    var (total, form) = (0.0, 0.0)
    clear()
    let largest = computeExponents()
    for pair in 0..<count where exponents[pair] >= largest - MixturePairs.reach {
      let weight = exp(exponents[pair] - largest)
      total += weight
      solve(pair)
      var product = 0.0
      for i in 0..<d {
        let g = slope(i, of: pair)
        product += g * offset[i]
        result[i] += weight * g
        slopeMean[i] += weight * offset[i]
      }
      form += weight * (traces[pair] - product)
    }
    form /= total
    for i in 0..<d {
      result[i] /= total
      form += result[i] * slopeMean[i] / total
    }
    return form
  }

  /// Fills `result` with u; returns εᵀ(∂u/∂x)ε for ε in `probe`.
  private mutating func quadraticForm() -> Double {
    let d = dimension
    var (total, form) = (0.0, 0.0)
    clear()
    let largest = computeExponents()
    for pair in 0..<count where exponents[pair] >= largest - MixturePairs.reach {
      let weight = exp(exponents[pair] - largest)
      total += weight
      solve(pair)
      var (along, across) = (0.0, 0.0)
      for i in 0..<d {
        let g = slope(i, of: pair)
        along += probe[i] * g
        across += probe[i] * offset[i]
        result[i] += weight * g
        slopeMean[i] += weight * offset[i]
      }
      form += weight * (curvature(pair) - along * across)
    }
    var (along, across) = (0.0, 0.0)
    for i in 0..<d {
      result[i] /= total
      along += probe[i] * result[i]
      across += probe[i] * slopeMean[i] / total
    }
    return form / total + along * across
  }

  private mutating func clear() {
    for i in 0..<dimension { (result[i], slopeMean[i]) = (0, 0) }
  }

  /// y = C⁻¹(x − m), into `offset`.
  mutating func solve(_ pair: Int) {
    let d = dimension
    for i in 0..<d { offset[i] = point[i] - means[pair * d + i] }
    if isIsotropic {
      for i in 0..<d { offset[i] *= precisions[pair] }
    } else {
      factors[pair].solveForward(&offset)
      factors[pair].solveBackward(&offset)
    }
  }

  /// g_i for y in `offset`.
  func slope(_ i: Int, of pair: Int) -> Double {
    let d = dimension
    var sum = vectors[pair * d + i]
    if isIsotropic { return sum + slopes[pair] * offset[i] }
    for k in 0..<d { sum += matrices[(pair * d + i) * d + k] * offset[k] }
    return sum
  }

  /// εᵀMC⁻¹ε.
  private mutating func curvature(_ pair: Int) -> Double {
    let d = dimension
    var sum = 0.0
    if isIsotropic {
      for i in 0..<d { sum += probe[i] * probe[i] }
      return sum * slopes[pair] * precisions[pair]
    }
    for i in 0..<d { offset[i] = probe[i] }
    factors[pair].solveForward(&offset)
    factors[pair].solveBackward(&offset)
    for i in 0..<d {
      var entry = 0.0
      for k in 0..<d { entry += matrices[(pair * d + i) * d + k] * offset[k] }
      sum += probe[i] * entry
    }
    return sum
  }
}
