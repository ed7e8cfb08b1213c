/// The network's exact answers: the weights are Floats, every sum and function is in Double.
extension DenseNetwork {
  /// Writes f(x, t) for the d×n points, all at the one time or each at its own, into `velocity`, which
  /// must have their size. About five times the work of `evaluate`, without its rounding.
  public mutating func evaluateInDouble(
    weights: [Float], points: [Double], times: [Double], into velocity: inout [Double]
  ) {
    let count = check(weights, points, velocity.count)
    inDouble(weights, points, times, count, probes: nil, covectors: nil, &velocity, nil)
  }

  /// The same, and into `divergence` (n) the trace tr(∂f/∂x), or εᵀ(∂f/∂x)ε where d×n `probes` ε are
  /// given; with `covectors` c, a row for each output, cᵀ(∂f/∂x)ε.
  public mutating func evaluateInDouble(
    weights: [Float], points: [Double], times: [Double], probes: [Double]? = nil,
    covectors: [Double]? = nil, into velocity: inout [Double], divergence: inout [Double]
  ) {
    let count = check(weights, points, velocity.count)
    precondition(divergence.count == count, "a divergence for each point")
    precondition(probes == nil || probes!.count == points.count, "a probe for each point")
    precondition(
      covectors == nil || probes != nil && covectors!.count == velocity.count,
      "a covector for each point")
    divergence.withUnsafeMutableBufferPointer { divergence in
      withPointers(probes, covectors) {
        inDouble(
          weights, points, times, count, probes: $0, covectors: $1, &velocity,
          divergence.baseAddress)
      }
    }
  }

  private mutating func inDouble(
    _ weights: [Float], _ points: [Double], _ times: [Double], _ count: Int,
    probes: UnsafePointer<Double>?, covectors: UnsafePointer<Double>?,
    _ velocity: inout [Double], _ divergence: UnsafeMutablePointer<Double>?
  ) {
    precondition(times.count == count || times.count == 1, "a time for each point, or one")
    guard count > 0 else { return }
    let group =
      divergence == nil
      ? 1 : 1 + (covectors == nil ? tangentCount(hasProbes: probes != nil) : 1)
    let doubles = 2 * group * (widths.max() ?? 1) * DenseNetwork.panelWidth
    let table = instructionSet.table
    let (layers, code) = (widths.count - 1, nonlinearity.rawValue)
    let widths = widths
    let stride = times.count == 1 ? 0 : 1
    doubleScratch.withFloats(2 * doubles) { memory in
      let scratch = UnsafeMutableRawPointer(memory).bindMemory(to: Double.self, capacity: doubles)
      table.forward_in_double(
        widths, layers, code, weights, points, times, stride, count, probes, covectors, &velocity,
        divergence, scratch)
    }
  }
}
