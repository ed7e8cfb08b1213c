/// An identity of geodesic paths and their fields, as something that a computer can see to hold or fail
/// on a curved space; see `TheoryCheck`, whose numbers go on here.
public struct SpaceCheck: Sendable {
  /// The number of the identity; its negative control shares it.
  public let number: Int
  /// What it states, in words.
  public let name: String
  /// What it states, as a formula.
  public let equation: String
  /// The residual is to be no larger, or for a negative control larger.
  public let bound: Double
  /// Whether this is a negative control: a statement that is false.
  public let isControl: Bool
  /// The coefficients of the formula's terms, all of them in one place.
  let coefficients: [Double]
  private let measure: @Sendable (SpaceTheorySetting, [Double]) -> Double

  /// A check; `measure` gives the residual for a setting and the coefficients.
  init(
    _ number: Int, _ name: String, _ equation: String, bound: Double, isControl: Bool = false,
    coefficients: [Double],
    measure: @escaping @Sendable (SpaceTheorySetting, [Double]) -> Double
  ) {
    self.number = number
    self.name = name
    self.equation = equation
    self.bound = bound
    self.isControl = isControl
    self.coefficients = coefficients
    self.measure = measure
  }

  /// Every check, by its number.
  public static let all: [SpaceCheck] = [
    geodesicEnds, straightEnds, tangentField, straightTangent, continuity, straightContinuity,
    gradients, straightGradients,
  ]

  /// What is tried of a learned flow too.
  public static let learned: [SpaceCheck] = [unitMass]

  /// The residual and what it means; the same for the same setting, another for another seed.
  public func verdict(in setting: SpaceTheorySetting) -> TheoryVerdict {
    verdict(in: setting, coefficients: coefficients)
  }

  /// The verdict had the formula other coefficients, by which tests see that each of them matters.
  func verdict(in setting: SpaceTheorySetting, coefficients: [Double]) -> TheoryVerdict {
    let residual = measure(setting, coefficients)
    return TheoryVerdict(
      number: number, name: name, residual: residual, bound: bound, control: isControl,
      passes: isControl ? residual > bound : residual <= bound)
  }
}

/// What they are tried on: a data set in a curved space, paths from the uniform distribution, a seed.
public struct SpaceTheorySetting: Sendable {
  /// The data set.
  public let dataset: Dataset
  /// Its space.
  public let space: any PointFieldSpace
  /// What all draws derive from.
  public let random: Random
  /// Some draws of the data.
  let data: Batch
  /// The exact field to the data set where it is a closed form, else to the draws.
  let field: any GeodesicField
  /// A trained flow with what it starts from, of which the checks of `SpaceCheck.learned` are; nil for
  /// none.
  let learned: (flow: any DivergenceField, source: any DensityDistribution)?

  /// A setting; nil for flat data.
  public init?(
    dataset: Dataset, seed: UInt64,
    learned: (flow: any DivergenceField, source: any DensityDistribution)? = nil
  ) {
    guard let space = dataset.space as? any PointFieldSpace else { return nil }
    self.learned = learned
    self.dataset = dataset
    self.space = space
    random = Random(seed: seed).stream("theory")
    var draws = random.stream("data")
    data = dataset.distribution.sample(count: 12, using: &draws)
    if let products = dataset.distribution as? TorusProducts {
      field = products.geodesicField
    } else {
      field = space.pointField(to: data, weights: nil)
    }
  }

  /// `count` draws of X_t for one t, on the way to the draws of the data.
  func points(_ count: Int, at t: Double, using random: inout Random) -> Batch {
    var x0 = Batch(dimension: space.coordinates, count: count)
    space.sampleUniform(into: &x0, using: &random)
    var (ends, x, velocity) = (x0, x0, x0)
    for j in 0..<count {
      for (i, value) in data.point(random.integer(below: data.count)).enumerated() {
        ends[i, j] = value
      }
    }
    space.geodesic(from: x0, to: ends, at: .shared(t), into: &x, velocities: &velocity)
    return x
  }

  /// A few times between 0.1 and 0.9, one in each of as many equal parts.
  func times(_ count: Int, using random: inout Random) -> [Double] {
    (0..<count).map { 0.1 + 0.8 * (Double($0) + random.uniform()) / Double(count) }
  }

  /// The tangents that straight ways through the inputs' space mean: Eᵀ(y_i − y) by the changes E of the
  /// inputs, over their mean square length.
  func chords(_ x: Batch, to place: [Double]) -> Batch {
    var places = x
    for i in place.indices {
      for j in 0..<x.count { places[i, j] = place[i] }
    }
    var (y, ends) = (
      Batch(dimension: space.inputs, count: x.count), Batch(dimension: space.inputs, count: x.count)
    )
    space.writeInputs(x, into: &y)
    space.writeInputs(places, into: &ends)
    var (chords, changes) = (x, y)
    for k in chords.values.indices { chords.values[k] = 0 }
    for axis in space.tangentBasis(at: x) {
      space.writeInputChanges(x, along: axis, into: &changes)
      let squares = changes.squaredLengths
      for j in 0..<x.count {
        let along = (0..<space.inputs).reduce(0) {
          $0 + changes[$1, j] * (ends[$1, j] - y[$1, j])
        }
        for i in 0..<x.dimension { chords[i, j] += along / squares[j] * axis[i, j] }
      }
    }
    return chords
  }

  /// The ways from the points to one place, straight through the coordinates' own space: what a method
  /// that does not know the space would take.
  func straightWays(_ x: Batch, to place: [Double]) -> Batch {
    var ways = x
    for i in place.indices {
      for j in 0..<x.count { ways[i, j] = place[i] - x[i, j] }
    }
    return ways
  }
}
