/// A number that was estimated from random draws, with its uncertainty.
public struct Estimate: Sendable, Hashable, Codable {
  /// The mean, or what is computed from means.
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

  /// The mean of at least one value, the j-th of n drawn at a time in the j-th of n equal intervals.
  ///
  /// How the values vary with time is no error, since every time is drawn once: neighbours share it,
  /// and half the mean square of their differences is the variance that is left.
  init(alongTime values: [Double]) {
    precondition(!values.isEmpty, "a mean needs a value")
    let n = Double(values.count)
    mean = values.reduce(0, +) / n
    let squares = zip(values, values.dropFirst()).reduce(0) {
      $0 + ($1.0 - $1.1) * ($1.0 - $1.1)
    }
    standardError = values.count > 1 ? (squares / (2 * n * (n - 1))).squareRoot() : 0
  }

  /// The estimate, or nil where it is no finite number.
  var finite: Estimate? { mean.isFinite && standardError.isFinite ? self : nil }
}
