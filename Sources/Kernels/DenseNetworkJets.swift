/// What goes back to a call of `DenseNetwork.jet`, and where it is written.
public struct JetCotangents {
  /// ∂L by s, and by its derivatives: one row of n for each that is asked for.
  public let results: [Double]
  /// Whether ∂L/∂weights is added to a gradient, and ∂L/∂x written.
  public let reachesWeights, reachesPoints: Bool

  /// Cotangents of results, and where they lead.
  public init(_ results: [Double], reachesWeights: Bool, reachesPoints: Bool) {
    self.results = results
    self.reachesWeights = reachesWeights
    self.reachesPoints = reachesPoints
  }
}

/// Derivatives of a potential s(x, t), a network of one output, up to the third.
extension DenseNetwork {
  /// Writes s of n points into `results`, and behind it, row after row, its first and second derivative along
  /// directions (a row for every feature, the time's last) as far as `order` says, 0 to 2.
  ///
  /// With cotangents ∂L/∂weights is added to `gradient`, and ∂L/∂x (d×n), the directions being constant,
  /// overwrites `pointCotangents`. A first derivative needs an activation whose own is continuous, a second
  /// one that of SiLU, tanh, GELU or softplus.
  public mutating func jet(
    weights: [Float], points: [Double], times: [Double], along directions: [Double] = [],
    order: Int, into results: inout [Double], back cotangents: JetCotangents? = nil,
    gradient: inout [Float], pointCotangents: inout [Double]
  ) {
    precondition(outputs == 1, "a potential is one number")
    precondition((0...2).contains(order), "derivatives are of the first or second order")
    let count = points.count / coordinates
    precondition(weights.count == parameterCount, "a weight is missing or left over")
    precondition(points.count == count * coordinates, "the points must fill whole rows")
    precondition(times.count == count || times.count == 1, "a time for each point, or one")
    precondition(
      order == 0 || directions.count == count * widths[0], "a direction has all features")
    precondition(order < 2 || nonlinearity.hasContinuousSecondDerivative)
    precondition(order < 1 || nonlinearity.hasContinuousDerivative)
    precondition(results.count == (order + 1) * count, "a result of every order for each point")
    if let cotangents {
      precondition(cotangents.results.count == results.count, "cotangents go with results")
      precondition(!cotangents.reachesWeights || gradient.count == parameterCount)
      precondition(!cotangents.reachesPoints || pointCotangents.count == points.count)
    }
    guard count > 0 else { return }
    let panels = (widths.max() ?? 1) <= 128 ? 2 : 4
    let layers = widths.count - 1
    let rows = widths[0] + 2 * widths[1..<layers].reduce(0, +) + widths[layers]
    let floats =
      ((rows + DenseNetwork.panelWidth) * panels * (order + 1) + 24) * DenseNetwork.panelWidth
    let (table, code, widths) = (instructionSet.table, nonlinearity.rawValue, widths)
    let stride = times.count == 1 ? 0 : 1
    pullbackScratch.withFloats(floats) { scratch in
      gradient.withUnsafeMutableBufferPointer { gradient in
        pointCotangents.withUnsafeMutableBufferPointer { back in
          withPointers(order > 0 ? directions : nil, cotangents?.results) { directions, given in
            table.jet(
              widths, layers, code, weights, points, times, stride, count, directions, order,
              given, &results, cotangents?.reachesWeights == true ? gradient.baseAddress : nil,
              cotangents?.reachesPoints == true ? back.baseAddress : nil, panels, scratch)
          }
        }
      }
    }
  }
}
