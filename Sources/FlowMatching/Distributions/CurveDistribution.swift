/// A distribution along curves in the plane with isotropic Gaussian noise around them.
///
/// Its density is an integral over the curves, ∫ w(s) N(x; q(s), noise²I) ds. The nodes of a
/// quadrature are the components of a mixture that agrees with it to about 1e-10 and makes its
/// entropy, its exact field and its floors known like a mixture's.
protocol CurveDistribution: PlanarDistribution, DensityDistribution {
  /// The quadrature of the curves, at most some thousand components of one standard deviation.
  var quadrature: GaussianMixture { get }
}

extension CurveDistribution {
  /// log p(x) in nats of every point, by quadrature of the curves.
  public func logDensity(_ points: Batch) -> [Double] { quadrature.logDensity(points) }
}

/// The nodes of a quadrature along curves.
struct CurveQuadrature {
  /// The nodes of a panel; a panel is at most six standard deviations of the noise long, so that a
  /// Gaussian across it is integrated to 1e-10.
  private static let rule = GaussLegendre(16)
  private static let panelLength = 6.0

  private(set) var nodes: [[Double]] = []
  private(set) var weights: [Double] = []
  private let noise: Double

  /// No curve yet; noise of the given standard deviation.
  init(noise: Double) {
    precondition(noise > 0, "a curve has a density only with noise")
    self.noise = noise
  }

  /// Adds a curve q(s), s uniform on [from, to], of the given probability and of at most that length.
  mutating func add(
    weight: Double, length: Double, from: Double, to: Double,
    _ curve: (Double) -> SIMD2<Double>
  ) {
    let panels = max(1, (length / (CurveQuadrature.panelLength * noise)).rounded(.up))
    for panel in 0..<Int(panels) {
      for (node, share) in zip(CurveQuadrature.rule.nodes, CurveQuadrature.rule.weights) {
        let q = curve(from + (to - from) * (Double(panel) + node) / panels)
        nodes.append([q.x, q.y])
        weights.append(weight * share / panels)
      }
    }
  }

  /// Adds a closed curve q(s), s uniform on [0, 1), at nodes 0.8 standard deviations apart: the
  /// error of evenly spaced nodes on a closed curve falls as exp(−2π²(noise/distance)²).
  mutating func addClosed(weight: Double, length: Double, _ curve: (Double) -> SIMD2<Double>) {
    let count = max(16, (length / (0.8 * noise)).rounded(.up))
    for k in 0..<Int(count) {
      let q = curve(Double(k) / count)
      nodes.append([q.x, q.y])
      weights.append(weight / count)
    }
  }

  /// The mixture of all nodes.
  var mixture: GaussianMixture {
    GaussianMixture(weights: weights, means: nodes, standardDeviation: noise)
  }
}
