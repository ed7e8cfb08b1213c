extension GaussianMixture {
  /// The mixture of (w·(X − middle)) for given vectors w, a coordinate each: means and covariances seen along
  /// them. The vectors must be linearly independent, so that it has a density.
  public func seen(along vectors: [[Double]], from middle: [Double]) -> GaussianMixture {
    let d = dimension
    return GaussianMixture(
      weights: weights,
      means: means.map { mean in
        vectors.map { w in (0..<d).reduce(0) { $0 + w[$1] * (mean[$1] - middle[$1]) } }
      },
      covariances: covariances.map { covariance in
        let half = vectors.map { w in
          (0..<d).map { i in (0..<d).reduce(0) { $0 + covariance[i * d + $1] * w[$1] } }
        }
        var seen = [Double](repeating: 0, count: vectors.count * vectors.count)
        for i in vectors.indices {
          for j in 0...i {
            let value = (0..<d).reduce(0) { $0 + vectors[i][$1] * half[j][$1] }
            seen[i * vectors.count + j] = value
            seen[j * vectors.count + i] = value
          }
        }
        return seen
      })
  }
}
