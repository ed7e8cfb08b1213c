/// Data sets that are posteriors: parameters given an observation, learned from simulations.
extension DatasetCatalog {
  /// Every data set of simulation-based inference.
  public static let simulated: [Dataset] = [twoMoonsPosterior]

  // log 2 + ½ log(2πe·0.01²) + log π + E log r, r ~ N(0.1, 0.01²): at (0, 0) the box cuts nothing off.
  /// What an observation tells of the parameters of the two moons; (0, 0) unless another is given.
  public static let twoMoonsPosterior = Dataset(
    name: "two-moons-posterior", title: "two moons, posterior",
    summary: "parameters in [−1, 1]² given what was observed, two crescents, as in sbibm",
    distribution: TwoMoonsPosterior(given: .zero), entropyFloor: -3.65602
  ).observing(TwoMoonsSimulator())
}

extension Dataset {
  /// The same parameters with simulations of them.
  public func observing(_ simulations: any Simulations) -> Dataset {
    precondition(simulations.dimension == dimension, "the parameters have another dimension")
    var dataset = self
    dataset.simulations = simulations
    return dataset
  }

  /// The names of what is observed, and its scale; none where nothing is.
  public var observedColumns: [ObservedColumn] { simulations?.columns ?? [] }

  /// Whether its distribution is that to which a flow leads: always but where it is the posterior of an
  /// observation that is not known, and the points are those of all observations.
  public var isKnownTarget: Bool {
    simulations.map { $0.posterior(of: $0.columns.usual) != nil } ?? true
  }

  /// The posterior of another observation as a target; nil where it is not known.
  public func given(_ observation: [Double]) -> Dataset? {
    guard let simulations, let posterior = simulations.posterior(of: observation) else {
      return nil
    }
    var dataset = Dataset(
      name: name, title: title, summary: summary, distribution: posterior,
      entropyFloor: observation == observedColumns.usual ? entropyFloor : nil
    ).observing(simulations)
    dataset.units = units
    dataset.columns = columns
    dataset.sourcePoints = sourcePoints
    dataset.sourceUnits = sourceUnits
    return dataset
  }
}
