import Testing

/// Expects the mean of independent values within `errors` standard errors of what it should be.
func expectMean(
  of values: [Double], _ expected: Double, errors: Double = 5,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let n = Double(values.count)
  let mean = values.reduce(0, +) / n
  let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)
  let deviation = (variance / n).squareRoot()
  #expect(
    abs(mean - expected) < errors * deviation,
    "mean \(mean) ± \(deviation), expected \(expected)", sourceLocation: sourceLocation)
}
