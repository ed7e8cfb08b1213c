/// Forward mode: the network's value and its divergence in one pass.
extension DenseNetwork {
  /// Writes f(x, t) for the d×n points, all at one time, into `velocity`, and into `divergence`
  /// (n) the trace tr(∂f/∂x), or εᵀ(∂f/∂x)ε where d×n `probes` ε are given; with `covectors` c, a row for
  /// each output, cᵀ(∂f/∂x)ε.
  ///
  /// The trace carries d tangents, about d + 1 times the work of the value alone; a probe one.
  public mutating func evaluate(
    weights: [Float], points: [Double], time: Double, probes: [Double]? = nil,
    covectors: [Double]? = nil, into velocity: inout [Double], divergence: inout [Double]
  ) {
    let count = check(weights, points, velocity.count)
    withUnsafePointer(to: time) {
      tangents(
        weights, points, $0, timeStride: 0, count, probes, covectors, &velocity, &divergence)
    }
  }

  /// The same, point j at `times[j]`.
  public mutating func evaluate(
    weights: [Float], points: [Double], times: [Double], probes: [Double]? = nil,
    covectors: [Double]? = nil, into velocity: inout [Double], divergence: inout [Double]
  ) {
    let count = check(weights, points, velocity.count)
    precondition(times.count == count, "a time for each point")
    tangents(
      weights, points, times, timeStride: 1, count, probes, covectors, &velocity, &divergence)
  }

  /// Writes f(x, t) for n points into `velocity` and its derivative along a direction of each point's own
  /// into `change`, both with a row for each output; a direction has all features, the time's last.
  ///
  /// About twice the work of the value alone.
  public mutating func evaluate(
    weights: [Float], points: [Double], times: [Double], along directions: [Double],
    into velocity: inout [Double], change: inout [Double]
  ) {
    let count = check(weights, points, velocity.count)
    precondition(times.count == count, "a time for each point")
    precondition(directions.count == count * widths[0], "a direction has all features")
    precondition(change.count == velocity.count, "a derivative for each output")
    let panels = tangentPanels
    let rows = 4 * panels * (widths.max() ?? 1) + 8
    let table = instructionSet.table
    let (layers, code, widths) = (widths.count - 1, nonlinearity.rawValue, widths)
    tangentScratch.withFloats(rows * DenseNetwork.panelWidth) { memory in
      table.forward_along(
        widths, layers, code, weights, points, times, 1, count, directions, &velocity, &change,
        panels, memory)
    }
  }

  /// Panels of 32 points, with their tangents, at a time.
  private var tangentPanels: Int { (widths.max() ?? 1) <= 128 ? 1 : 4 }

  private mutating func tangents(
    _ weights: [Float], _ points: [Double], _ times: UnsafePointer<Double>, timeStride: Int,
    _ count: Int, _ probes: [Double]?, _ covectors: [Double]?, _ velocity: inout [Double],
    _ divergence: inout [Double]
  ) {
    precondition(divergence.count == count, "a divergence for each point")
    precondition(probes == nil || probes!.count == points.count, "a probe for each point")
    precondition(
      covectors == nil || probes != nil && covectors!.count == velocity.count,
      "a covector for each point")
    let panels = tangentPanels
    let group =
      1 + (covectors == nil ? tangentCount(hasProbes: probes != nil) : 1)
    let rows = 2 * panels * group * (widths.max() ?? 1) + 8
    let table = instructionSet.table
    let (layers, code) = (widths.count - 1, nonlinearity.rawValue)
    let widths = widths
    tangentScratch.withFloats(rows * DenseNetwork.panelWidth) { memory in
      withPointers(probes, covectors) { probes, covectors in
        table.forward_tangents(
          widths, layers, code, weights, points, times, timeStride, count, probes, covectors,
          &velocity, &divergence, panels, memory)
      }
    }
  }
}
