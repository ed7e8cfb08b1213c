/// The mean of independent draws, with its uncertainty.
public struct Estimate: Sendable, Hashable, Codable {
  /// The mean.
  public let mean: Double
  /// Its standard error; 0 for a single draw.
  public let standardError: Double

  /// A mean with its standard error; 0 where it is exact, as a quadrature is.
  public init(mean: Double, standardError: Double) {
    self.mean = mean
    self.standardError = standardError
  }

  /// The mean of at least one value.
  public init(of values: [Double]) {
    precondition(!values.isEmpty, "a mean needs a value")
    let n = Double(values.count)
    let mean = values.reduce(0, +) / n
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    self.mean = mean
    standardError = values.count > 1 ? (squares / (n * (n - 1))).squareRoot() : 0
  }
}
