/// Parameters θ with observations x of them: what the posterior p(θ | x) is learned from.
public protocol Simulations: Sendable {
  /// The dimension d of the parameters.
  var dimension: Int { get }

  /// The numbers that are observed, m of them.
  var columns: [ObservedColumn] { get }

  /// Overwrites the parameters, `d×n`, by draws of the prior, and the observations, `m×n`, by one of each.
  func sample(
    into parameters: inout Batch, observations: inout Batch, using random: inout Random)

  /// p(θ | x) of m observed numbers; nil where it is not known.
  func posterior(of observation: [Double]) -> (any DensityDistribution)?
}

extension Simulations {
  /// `count` independent pairs of parameters, `d×n`, and observations, `m×n`.
  public func sample(
    count: Int, using random: inout Random
  ) -> (parameters: Batch, observations: Batch) {
    var parameters = Batch(dimension: dimension, count: count)
    var observations = Batch(dimension: columns.count, count: count)
    sample(into: &parameters, observations: &observations, using: &random)
    return (parameters, observations)
  }

  /// log p(θ_j | x_j) in nats of every pair; nil where one is not known.
  public func logPosterior(of parameters: Batch, given observations: Batch) -> [Double]? {
    precondition(parameters.count == observations.count, "an observation for each point")
    var values: [Double] = []
    for j in 0..<parameters.count {
      guard let posterior = posterior(of: observations.point(j)) else { return nil }
      values.append(posterior.logDensity(parameters.points(j..<j + 1))[0])
    }
    return values
  }
}

/// A number that is observed, and how a network is told it: (x − mean)/deviation.
public struct ObservedColumn: Codable, Hashable, Sendable {
  /// What it is called.
  public let name: String
  /// The mean and the standard deviation of all its values; the deviation is positive.
  public let mean, deviation: Double
  /// Its value in the observation that is meant where none is given.
  public let usual: Double

  /// A column; its mean is what is meant where nothing is given, unless something else is said.
  public init(_ name: String, mean: Double, deviation: Double, usual: Double? = nil) {
    self.name = name
    self.mean = mean
    self.deviation = deviation
    self.usual = usual ?? mean
  }

  /// What is wrong with its numbers; nil where nothing is.
  public var complaint: String? {
    mean.isFinite && usual.isFinite && deviation.isFinite && deviation > 0
      ? nil
      : "the mean and the deviation of an observed column must be numbers, the latter positive"
  }

  /// The most numbers that are observed at a time.
  public static let limit = 256
}

extension [ObservedColumn] {
  /// The observation that is meant where none is given.
  public var usual: [Double] { map(\.usual) }

  /// m observed numbers as a network is told them.
  public func standardised(_ observation: [Double]) -> [Double] {
    precondition(observation.count == count, "an observation has a number for each column")
    return zip(self, observation).map { ($1 - $0.mean) / $0.deviation }
  }

  /// What was measured, of m numbers as a network is told them.
  public func restored(_ observation: [Double]) -> [Double] {
    precondition(observation.count == count, "an observation has a number for each column")
    return zip(self, observation).map { $0.mean + $1 * $0.deviation }
  }

  /// The first of both of `m×n` observations.
  public func standardise(_ observations: inout Batch) {
    precondition(observations.dimension == count, "an observation has a number for each column")
    for (i, column) in enumerated() {
      for j in 0..<observations.count {
        observations[i, j] = (observations[i, j] - column.mean) / column.deviation
      }
    }
  }
}

/// Given pairs of parameters and observations, of which batches are drawn with replacement.
public struct SimulationTable: Simulations, Hashable {
  /// The parameters, `d×N`.
  public let parameters: Batch
  /// The observations, `m×N`, as they were measured.
  public let observations: Batch
  public let columns: [ObservedColumn]

  /// At least one pair of finite numbers.
  public init(parameters: Batch, observations: Batch, columns: [ObservedColumn]) {
    precondition(
      parameters.count == observations.count && parameters.count > 0, "a pair needs both")
    precondition(observations.dimension == columns.count, "every observed number has a column")
    precondition(parameters.isFinite && observations.isFinite, "simulations are finite numbers")
    self.parameters = parameters
    self.observations = observations
    self.columns = columns
  }

  /// The same with the columns' own means and deviations; nil where one does not vary.
  public init?(parameters: Batch, observations: Batch, named names: [String]) {
    precondition(names.count == observations.dimension, "every observed number has a name")
    guard let units = Standardisation(of: observations) else { return nil }
    self.init(
      parameters: parameters, observations: observations,
      columns: names.indices.map {
        ObservedColumn(names[$0], mean: units.means[$0], deviation: units.deviations[$0])
      })
  }

  /// So many draws of a simulator: a budget of simulations.
  public init(_ count: Int, of simulator: any Simulations, using random: inout Random) {
    let drawn = simulator.sample(count: count, using: &random)
    self.init(
      parameters: drawn.parameters, observations: drawn.observations, columns: simulator.columns)
  }

  public var dimension: Int { parameters.dimension }

  public func sample(
    into points: inout Batch, observations drawn: inout Batch, using random: inout Random
  ) {
    precondition(points.count == drawn.count, "an observation for each point")
    let (n, total) = (points.count, parameters.count)
    for j in 0..<n {
      let k = random.integer(below: total)
      for i in 0..<dimension { points.values[i * n + j] = parameters.values[i * total + k] }
      for i in columns.indices { drawn.values[i * n + j] = observations.values[i * total + k] }
    }
  }

  public func posterior(of observation: [Double]) -> (any DensityDistribution)? { nil }
}
