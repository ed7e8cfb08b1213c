extension Experiment {
  /// The transport that training needs, which has not been learned yet; nil for other couplings.
  public func semidiscreteLearning(to dataset: Dataset) -> SemidiscreteLearning? {
    guard case .semidiscrete(let points) = coupling, CouplingChoice.pointLimits.contains(points)
    else { return nil }
    return SemidiscreteLearning(of: dataset.distribution, limit: Int(points), seed: seed)
  }

  /// The transport that training needs, learned here unless the data set brings just that; nil for other
  /// couplings.
  public func semidiscretePlan(to dataset: Dataset) -> SemidiscretePlan? {
    guard case .semidiscrete(let points) = coupling else { return nil }
    if let plan = dataset.semidiscrete, plan.seed == seed, Double(plan.limit) == points {
      return plan
    }
    var learning = semidiscreteLearning(to: dataset)
    return learning?.finish()
  }
}
