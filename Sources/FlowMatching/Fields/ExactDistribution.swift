/// A distribution to which a path's marginal field is known exactly.
public protocol ExactDistribution: Distribution {
  /// The exact field from `source` (N(0, I) where nil) to this distribution, independent pairs; nil
  /// from a source for which no closed form is at hand.
  func exactField(
    source: GaussianMixture?, scheduler: Scheduler, path: ConditionalPath
  ) -> (any ExactField)?
}

extension GaussianMixture: ExactDistribution {
  public func exactField(
    source: GaussianMixture?, scheduler: Scheduler, path: ConditionalPath
  ) -> (any ExactField)? {
    MarginalField(source: source, target: self, scheduler: scheduler, path: path)
  }
}

extension Boxes: ExactDistribution {
  /// The exact field; nil from a source with components that are not isotropic.
  public func exactField(
    source: GaussianMixture?, scheduler: Scheduler, path: ConditionalPath
  ) -> (any ExactField)? {
    let source = source ?? .standardNormal(dimension: dimension)
    guard source.deviations != nil else { return nil }
    return BoxField(source: source, target: self, scheduler: scheduler, path: path)
  }
}

extension Checkerboard: ExactDistribution {
  public func exactField(
    source: GaussianMixture?, scheduler: Scheduler, path: ConditionalPath
  ) -> (any ExactField)? {
    boxes.exactField(source: source, scheduler: scheduler, path: path)
  }
}

extension TwoSpirals: ExactDistribution {
  public func exactField(
    source: GaussianMixture?, scheduler: Scheduler, path: ConditionalPath
  ) -> (any ExactField)? {
    quadrature.exactField(source: source, scheduler: scheduler, path: path)
  }
}

extension PointCloud: ExactDistribution {
  public func exactField(
    source: GaussianMixture?, scheduler: Scheduler, path: ConditionalPath
  ) -> (any ExactField)? {
    guard source?.deviations != nil || source == nil else { return nil }
    return MarginalField(source: source, points: points, scheduler: scheduler, path: path)
  }
}

extension CurveDistribution {
  /// The exact field to the quadrature of the curves.
  public func exactField(
    source: GaussianMixture?, scheduler: Scheduler, path: ConditionalPath
  ) -> (any ExactField)? {
    quadrature.exactField(source: source, scheduler: scheduler, path: path)
  }
}

extension Circles: ExactDistribution {}
extension Moons: ExactDistribution {}
extension SCurve: ExactDistribution {}
extension SwissRoll: ExactDistribution {}
