/// One component of a mixture as it can be taken hold of: its share, its place and its width.
public struct MixturePart: Codable, Sendable, Hashable {
  /// Its share of all; only the ratios count.
  public var weight: Double
  /// The mean, `d` coordinates.
  public var mean: [Double]
  /// The standard deviation along every coordinate; 0 of a single point.
  public var deviation: Double
  /// The covariance of a component that is no ball, row-major `d×d`; nil where the deviation tells all.
  public var covariance: [Double]?

  /// A ball, or a point where the deviation is 0.
  public init(weight: Double, mean: [Double], deviation: Double) {
    (self.weight, self.mean, self.deviation) = (weight, mean, deviation)
  }

  /// A component of any covariance; the deviation is the root of its mean variance.
  public init(weight: Double, mean: [Double], covariance: [Double]) {
    let d = mean.count
    let trace = (0..<d).reduce(0) { $0 + covariance[$1 * (d + 1)] }
    self.init(weight: weight, mean: mean, deviation: (trace / Double(d)).squareRoot())
    self.covariance = covariance
  }

  /// Makes it so many times as wide.
  public mutating func widen(by factor: Double) {
    deviation *= factor
    covariance = covariance?.map { $0 * factor * factor }
  }

  /// Why a mixture cannot have it in `dimension` coordinates; nil where it can.
  public func complaint(dimension: Int) -> String? {
    guard weight > 0, weight.isFinite else { return "a weight must be a positive number" }
    guard mean.count == dimension, mean.allSatisfy(\.isFinite) else {
      return "a mean must be \(dimension) finite numbers, as the first one is"
    }
    guard let covariance else {
      return deviation > 0 && deviation.isFinite ? nil : "a deviation must be a positive number"
    }
    let d = dimension
    guard covariance.count == d * d, covariance.allSatisfy(\.isFinite) else {
      return "a covariance must be \(d * d) numbers, row after row"
    }
    let isSymmetric = (0..<d).allSatisfy { i in
      (0..<i).allSatisfy { covariance[i * d + $0] == covariance[$0 * d + i] }
    }
    guard isSymmetric, Cholesky(covariance, dimension: d) != nil else {
      return "a covariance must be symmetric and positive definite"
    }
    return nil
  }
}

extension GaussianMixture {
  /// The mixture of such parts, of which there is one and none is a point.
  public init(_ parts: [MixturePart]) {
    self.init(
      weights: parts.map(\.weight), means: parts.map(\.mean),
      covariances: parts.map { part in
        if let covariance = part.covariance { return covariance }
        let d = part.mean.count
        var covariance = [Double](repeating: 0, count: d * d)
        for i in 0..<d { covariance[i * (d + 1)] = part.deviation * part.deviation }
        return covariance
      })
  }

  /// Its components, one by one.
  public var parts: [MixturePart] {
    weights.indices.map { k in
      if let deviations {
        return MixturePart(weight: weights[k], mean: means[k], deviation: deviations[k])
      }
      return MixturePart(weight: weights[k], mean: means[k], covariance: covariances[k])
    }
  }
}
