/// What the last `bin` left in each cell, for plots that draw it themselves.
extension ScatterDensity {
  /// The dots of a cell that hold a particle.
  public func dots(_ column: Int, _ row: Int) -> UInt8 { patterns[row * size.columns + column] }

  /// The mean of the values in a cell; 0 where there are none.
  public func mean(_ column: Int, _ row: Int) -> Double {
    let cell = row * size.columns + column
    guard !sums.isEmpty else { return 0 }
    return Double(sums[cell] / max(1, cellCounts[cell]))
  }

  /// The mean direction of the angles in a cell, in turns.
  public func hue(_ column: Int, _ row: Int) -> Double {
    let cell = row * size.columns + column
    guard !sums.isEmpty else { return 0 }
    return Elementary.turns(x: Double(sums[cell]), y: Double(sumsY[cell]))
  }
}
