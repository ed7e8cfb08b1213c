/// Data sets of more than two dimensions.
extension DatasetCatalog {
  /// Every flat data set of more than two dimensions.
  public static let spatial: [Dataset] = [gaussians16, clusters64, dw4]

  // ⟨E⟩ + log Z of a chain with global moves is 7.125 ± .012, that of 200 000 draws of
  // `DoubleWellSampler` 7.121 ± .005.
  /// Four particles with two wells between every pair.
  public static let dw4 = Dataset(
    name: "dw4", title: "DW-4",
    summary:
      "four particles in the plane, two wells at 2.5 and 5.5 between every pair, as in Klein",
    distribution: DoubleWells(), entropyFloor: 7.125)

  // 64·ln(2πe s²)/2 + ln 2, as the clusters do not touch; for W₂² see `ClusterStraightness`.
  /// Two clusters in 64 dimensions, as far from each other as such are.
  public static let clusters64 = Dataset(
    name: "clusters-64d", title: "two clusters in 64 dimensions",
    summary: "two Gaussians of std 0.1 at ±(1, …, 1) in 64 dimensions",
    mixture: GaussianMixture(
      weights: [1, 1],
      means: [[Double](repeating: 1, count: 64), [Double](repeating: -1, count: 64)],
      standardDeviation: 0.1), entropyFloor: -55.86023
  )
  .byComponent(["plus", "minus"])
  .with(squaredTransport: 103.157774)

  // By the axes of the box both ends are products, and so is the optimal transport: W₂² is the sum of
  // those of three mixtures ±h and of 13 Gaussians, (1 − s)² each.
  /// Eight Gaussians at the corners of a box that lies askew in sixteen dimensions: no two coordinates
  /// show it, its principal axes do.
  public static let gaussians16 = Dataset(
    name: "gaussians-16d", title: "eight gaussians in 16 dimensions",
    summary: "eight Gaussians of std 0.5 at the corners of a 6×4×3 box askew in 16 dimensions",
    mixture: .askewBox(halfSides: [3, 2, 1.5], dimension: 16, standardDeviation: 0.5),
    entropyFloor: 13.68816
  )
  .byComponent(["a", "b", "c", "d", "e", "f", "g", "h"])
  .with(squaredTransport: 10.136408)
}

extension Dataset {
  /// Whether it is of four particles in the plane, whose energy is known.
  public var isOfParticles: Bool { distribution is DoubleWells }

  /// The same with W₂² from N(0, I) known.
  func with(squaredTransport: Double) -> Dataset {
    var dataset = self
    dataset.squaredTransport = squaredTransport
    return dataset
  }
}

extension GaussianMixture {
  /// Equally likely isotropic Gaussians at the corners ±h₁e₁ ± h₂e₂ ± … of a box whose sides lie along
  /// rows of a Hadamard matrix (Sylvester's), so that each of the `dimension`, a power of 2, has a share
  /// of every side.
  static func askewBox(
    halfSides: [Double], dimension: Int, standardDeviation: Double
  ) -> GaussianMixture {
    precondition(
      dimension & (dimension - 1) == 0 && 2 * halfSides.count <= dimension,
      "a power of 2, and a row of its own for every side")
    let unit = 1 / Double(dimension).squareRoot()
    let corners = 1 << halfSides.count
    let means = (0..<corners).map { corner in
      (0..<dimension).map { i in
        halfSides.indices.reduce(0) { sum, k in
          // Row 2k + 1 of the matrix: (−1) to the number of ones that both numbers share.
          let sign = ((2 * k + 1) & i).nonzeroBitCount % 2 == 0 ? unit : -unit
          return sum + (corner >> k & 1 == 0 ? sign : -sign) * halfSides[k]
        }
      }
    }
    return GaussianMixture(
      weights: [Double](repeating: 1, count: corners), means: means,
      standardDeviation: standardDeviation)
  }
}
