/// The floor of the loss by a variance profile: see `FloorQuadrature`.
extension VarianceProfile {
  /// The profile of a mixture in one or two dimensions: E|X₁ − X₀|² − E|u_τ|².
  init(target: GaussianMixture, nodes: Int) {
    let source = GaussianMixture.standardNormal(dimension: target.dimension)
    var pairs = MixturePairs(source: source, target: target, path: NoisyPath(path: .affine))
    let conditional = target.meanSquare + source.meanSquare
    let values = GaussLegendre(nodes).nodes.map {
      conditional - pairs.marginalEnergy(at: $0, resolution: 2)
    }
    self.init(values, dimension: target.dimension, end: Double(target.dimension))
  }

  /// The floor of what is regressed on, the mean over the dimensions.
  func floor(of regression: RegressionTarget) -> Double {
    let interpolant = Interpolant(self)
    var sum = regression.ownFloor
    for node in FloorQuadrature(regression, low: 1e-7, high: 1e7).nodes {
      let tau = node.ratio / (1 + node.ratio)
      let left = 1 / (1 + node.ratio)
      let slope = regression.gaussianShares(at: node.t).slope
      sum +=
        node.weight * slope * slope * interpolant.value(at: tau) * left * left / Double(dimension)
    }
    return sum
  }

  /// The floor of the velocity on the affine path under a scheduler.
  func floor(under scheduler: Scheduler) -> Double {
    floor(of: RegressionTarget(scheduler: scheduler))
  }

  /// The polynomial through the nodes and the end (Berrut and Trefethen, 2004, eq. 4.2).
  private struct Interpolant {
    private var nodes: [Double]
    private var values: [Double]
    private var weights: [Double]

    init(_ profile: VarianceProfile) {
      nodes = GaussLegendre(profile.values.count).nodes + [1]
      values = profile.values + [profile.end]
      weights = nodes.map { _ in 1 }
      for k in nodes.indices {
        // A factor 4 keeps the products of differences on [0, 1] in range.
        for j in nodes.indices where j != k { weights[k] /= 4 * (nodes[k] - nodes[j]) }
      }
    }

    func value(at x: Double) -> Double {
      var (above, below) = (0.0, 0.0)
      for k in nodes.indices {
        let difference = x - nodes[k]
        if difference == 0 { return values[k] }
        above += weights[k] / difference * values[k]
        below += weights[k] / difference
      }
      return above / below
    }
  }
}
