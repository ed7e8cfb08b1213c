extension Dataset {
  /// The irreducible loss under conditional OT from N(0, I), the mean over the dimensions; nil where
  /// the exact field is not known.
  public var lossFloor: Double? { lossFloor(under: .conditionalOT) }

  /// The irreducible loss under a scheduler from N(0, I), the mean over the dimensions; nil where
  /// the exact field is not known. See `lossFloorEstimate`.
  public func lossFloor(under scheduler: Scheduler) -> Double? {
    lossFloorEstimate(under: scheduler)?.mean
  }

  /// The same with its standard error, 0 where it is exact, for any source (N(0, I) where nil) and
  /// path with independent ends; nil too where the error is more than 2 % of it.
  ///
  /// From N(0, I) mixtures are integrated at every call in some 10 ms, and curves and boards of the
  /// catalogue are tabulated. For what else has an exact field see `LossFloorEstimation`.
  public func lossFloorEstimate(
    under scheduler: Scheduler, source: GaussianMixture? = nil, path: ConditionalPath = .affine
  ) -> Estimate? {
    let regression = RegressionTarget(path: path, scheduler: scheduler)
    var estimation = LossFloorEstimation(from: source, to: self, regression)
    return estimation.finish()
  }
}
