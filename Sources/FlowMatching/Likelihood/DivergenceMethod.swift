/// How the divergence along a trajectory is obtained.
public enum DivergenceMethod: String, Codable, CaseIterable, Sendable {
  /// The exact trace.
  case exact
  /// Hutchinson's estimate with probes of independent signs ±1: the least variance.
  case rademacher
  /// Hutchinson's estimate with standard normal probes.
  case gaussian

  /// What log p is solved with unless somebody says otherwise: the trace costs an evaluation's work for
  /// each of `dimension` coordinates, and beyond sixteen an estimate is worth its scatter.
  public static func usual(dimension: Int) -> DivergenceMethod {
    dimension <= 16 ? .exact : .rademacher
  }

  /// A probe ε of mean 0 and covariance I for each of `count` points; nil where none is needed.
  public func probes(dimension: Int, count: Int, using random: inout Random) -> Batch? {
    if self == .exact { return nil }
    var probes = Batch(dimension: dimension, count: count)
    if self == .gaussian {
      random.fillNormals(&probes.values)
    } else {
      random.fillUniforms(&probes.values)
      for k in 0..<probes.values.count { probes.values[k] = probes.values[k] < 0.5 ? -1 : 1 }
    }
    return probes
  }
}
