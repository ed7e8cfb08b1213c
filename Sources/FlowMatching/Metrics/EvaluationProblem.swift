extension Evaluation {
  /// What is compared with what.
  public struct Problem: Sendable {
    /// Where the flow starts; its density, where known, gives likelihoods.
    public let source: any Distribution
    /// Where it should end.
    public let target: Dataset
    /// The path between them.
    public let path: any ProbabilityPath
    /// Whether its ends are independent, so that the path has energies of its own.
    public let isIndependent: Bool
    /// The exact field of that path; nil where it is not known.
    public let exact: (any ExactField)?
    /// The exact field of geodesic paths in a curved space; nil in the plane, and where it is not known.
    public let geodesic: (any GeodesicField)?
    /// The field that the model should be where that is no marginal field of the path, a guided one.
    private var wanted: (any VelocityField)?

    /// A problem of any parts.
    public init(
      source: any Distribution, target: Dataset, path: any ProbabilityPath,
      isIndependent: Bool = true, exact: (any ExactField)?, geodesic: (any GeodesicField)? = nil
    ) {
      self.source = source
      self.target = target
      self.path = path
      self.isIndependent = isIndependent
      self.exact = exact
      self.geodesic = geodesic
    }

    /// Whichever exact field is known.
    var reference: (any VelocityField)? {
      if let wanted { return wanted }
      if let geodesic { return geodesic }
      if let exact { return exact }
      return nil
    }

    /// The same for a guided model, which should be the guided field `wanted`; nil where that is not known.
    public func guided(by wanted: (any VelocityField)?) -> Problem {
      var problem = withoutExactField
      problem.wanted = wanted
      return problem
    }

    /// The same where the exact field is not that of what the model is compared with.
    public var withoutExactField: Problem {
      Problem(
        source: source, target: target, path: path, isIndependent: isIndependent, exact: nil)
    }

    /// From N(0, I) to a data set along the affine path of a scheduler.
    public init(target: Dataset, scheduler: Scheduler = .conditionalOT) {
      self.init(
        source: StandardNormal(dimension: target.dimension), target: target,
        path: AffinePath(scheduler: scheduler), exact: target.exactField(scheduler: scheduler))
    }
  }
}
