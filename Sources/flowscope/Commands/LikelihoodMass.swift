import FlowMatching

/// ∫p over a curved space.
struct SpaceMass {
  /// Nodes along a half circle: as many as tell edges of a degree or two.
  static let resolution = 120
  let space: any Space

  init(_ space: any Space) { self.space = space }

  /// The integral by a quadrature over the whole space; nil where a node was lost.
  func integral(
    of field: some DivergenceField, from source: any DensityDistribution,
    _ method: LikelihoodMethod, _ progress: (Double) -> Void
  ) -> Double? {
    var density =
      switch method {
      case .within:
        SpaceDensity(
          field, source: source, on: space, resolution: SpaceMass.resolution, tolerance: 1e-5)
      case .solved(let tableau, let control):
        SpaceDensity(
          field, source: source, on: space, resolution: SpaceMass.resolution, tableau,
          control: control)
      }
    while density.status == .running {
      _ = density.advance(budget: 1 << 16)
      progress(density.progress)
    }
    return density.integral.flatMap { $0.isFinite ? $0 : nil }
  }
}

/// The rectangle around points.
struct PointBounds {
  private var low = [Double](repeating: .infinity, count: 2)
  private var high = [Double](repeating: -.infinity, count: 2)

  mutating func note(_ points: Batch) {
    // The rectangle is one of the plane alone, whose integral alone is asked for.
    guard points.dimension == 2 else { return }
    for i in 0..<2 {
      for j in 0..<points.count {
        low[i] = min(low[i], points[i, j])
        high[i] = max(high[i], points[i, j])
      }
    }
  }

  /// ∫p over the rectangle, wider by half its extent and by 1 at least on every side; nil where a
  /// cell was lost.
  func integral(
    of field: some DivergenceField, from source: any DensityDistribution,
    _ method: LikelihoodMethod, _ progress: (Double) -> Void
  ) -> Double? {
    guard low[0] <= high[0] else { return nil }
    let ranges = (0..<2).map { i in
      let margin = max(1, 0.5 * (high[i] - low[i]))
      return low[i] - margin...high[i] + margin
    }
    var grid =
      switch method {
      case .within:
        DensityGrid(
          field, source: source, x: ranges[0], y: ranges[1], columns: 200, rows: 200,
          tolerance: 1e-5)
      case .solved(let tableau, let control):
        DensityGrid(
          field, source: source, x: ranges[0], y: ranges[1], columns: 200, rows: 200, tableau,
          control: control)
      }
    while grid.status == .running {
      _ = grid.advance(budget: 1 << 16)
      progress(grid.progress)
    }
    return grid.integral.flatMap { $0.isFinite ? $0 : nil }
  }
}
