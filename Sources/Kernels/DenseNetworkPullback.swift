/// Reverse mode over forward mode: the gradient of a function of value and divergence.
extension DenseNetwork {
  /// Adds ∂L/∂weights to `gradient` and writes ∂L/∂x into `pointCotangents`, d×n as the points, which
  /// share one time; given are ∂L/∂v (d×n) and, where L depends on it, ∂L by the divergence (n).
  ///
  /// The divergence is that of `evaluate`, with the same `probes` or, without, the exact trace; its
  /// gradient needs an activation with a continuous derivative. Costs three times the evaluation.
  public mutating func pullBack(
    weights: [Float], points: [Double], time: Double, probes: [Double]? = nil,
    velocityCotangents: [Double], divergenceCotangents: [Double]?, gradient: inout [Float],
    pointCotangents: inout [Double]
  ) {
    let count = check(weights, points, velocityCotangents.count)
    precondition(
      divergenceCotangents == nil || nonlinearity.hasContinuousDerivative,
      "\(nonlinearity) has a kink: its divergence has no usable gradient")
    precondition(divergenceCotangents == nil || divergenceCotangents!.count == count)
    precondition(probes == nil || probes!.count == points.count, "a probe for each point")
    precondition(gradient.count == parameterCount, "a gradient has an element per weight")
    precondition(pointCotangents.count == points.count, "cotangents have the points' shape")
    let panels = pullbackPanels
    let group = divergenceCotangents == nil ? 1 : 1 + tangentCount(hasProbes: probes != nil)
    let layers = widths.count - 1
    let rows = widths[0] + 2 * widths[1..<layers].reduce(0, +) + widths[layers]
    let floats = ((rows + DenseNetwork.panelWidth) * panels * group + 8) * DenseNetwork.panelWidth
    let (table, code, widths) = (instructionSet.table, nonlinearity.rawValue, widths)
    pullbackScratch.withFloats(floats) { scratch in
      withUnsafePointer(to: time) { time in
        withPointers(probes, divergenceCotangents) { probes, divergence in
          table.pull_back(
            widths, layers, code, weights, points, time, count, probes, velocityCotangents,
            divergence, &gradient, &pointCotangents, panels, scratch)
        }
      }
    }
  }

  /// Panels of 32 points, with their tangents, at a time: a narrow network's tape stays in the
  /// second cache.
  private var pullbackPanels: Int { (widths.max() ?? 1) <= 128 ? 2 : 4 }
}
