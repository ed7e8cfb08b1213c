extension Batch {
  /// The root of the mean variance of the coordinates: √(Σ_i Var(x_i)/d), in the units of the points.
  public var spread: Double {
    let n = Double(count)
    let variances = (0..<dimension).map { row in
      let values = self.values[row * count..<(row + 1) * count]
      let mean = values.reduce(0, +) / n
      return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n
    }
    return (variances.reduce(0, +) / Double(variances.count)).squareRoot()
  }
}
