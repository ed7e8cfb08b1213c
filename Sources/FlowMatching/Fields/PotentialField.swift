import Kernels

/// The gradient field of a potential that a network is: v = ∇s(x, t) (Neklyudov et al., 2023, section 2).
///
/// Points and velocities are Doubles, the network works in Float32. The divergence is the Laplacian Δs.
public struct PotentialField: DivergenceField {
  /// The weights of s, a network with one output and an activation of continuous derivative.
  public let weights: MLPWeights
  private var network: DenseNetwork
  private var results: [Double] = []
  private var bent: [Double] = []
  private var unused: [Float] = []

  /// The field of the given weights; the instruction set must be available on this machine.
  public init(_ weights: MLPWeights, instructionSet: InstructionSet = .best) {
    precondition(weights.shape.outputs == 1, "a potential is one number")
    self.weights = weights
    network = DenseNetwork(weights.shape, instructionSet: instructionSet)
  }

  public var dimension: Int { weights.shape.dimension }
  public var regularity: Regularity { Regularity(isRounded: true) }

  public var inDouble: any DivergenceField {
    PrecisePotential(weights, instructionSet: network.instructionSet)
  }

  /// s(x, t) of every point.
  public mutating func potential(_ x: Batch, at t: Times) -> [Double] {
    resize(&results, x.count)
    network.jet(
      weights: weights.values, points: x.values, times: t.list, order: 0, into: &results,
      gradient: &unused, pointCotangents: &bent)
    return results
  }

  public mutating func evaluate(_ x: Batch, at t: Times, into velocity: inout Batch) {
    precondition(x.dimension == dimension && velocity.hasShape(of: x), "a velocity for each point")
    resize(&results, x.count)
    network.jet(
      weights: weights.values, points: x.values, times: t.list, order: 0, into: &results,
      back: JetCotangents(
        [Double](repeating: 1, count: x.count), reachesWeights: false, reachesPoints: true),
      gradient: &unused, pointCotangents: &velocity.values)
  }

  public mutating func evaluate(
    _ x: Batch, at t: Times, into velocity: inout Batch, divergence: inout [Double]
  ) {
    evaluate(x, at: t, into: &velocity)
    let n = x.count
    for j in 0..<n { divergence[j] = 0 }
    for i in 0..<dimension {
      var axis = Batch(dimension: dimension, count: n)
      for j in 0..<n { axis.values[i * n + j] = 1 }
      bend(x, at: t, along: axis)
      for j in 0..<n { divergence[j] += bent[i * n + j] }
    }
  }

  public mutating func evaluate(
    _ x: Batch, at t: Times, probes: Batch, into velocity: inout Batch, divergence: inout [Double]
  ) {
    precondition(probes.hasShape(of: x), "a probe for each point")
    evaluate(x, at: t, into: &velocity)
    bend(x, at: t, along: probes)
    let n = x.count
    for j in 0..<n {
      divergence[j] = 0
      for i in 0..<dimension { divergence[j] += probes.values[i * n + j] * bent[i * n + j] }
    }
  }

  /// Writes the Hessian's product with a direction of each point's own into `bent`, `d×n`.
  private mutating func bend(_ x: Batch, at t: Times, along directions: Batch) {
    let n = x.count
    resize(&results, 2 * n)
    resize(&bent, x.values.count)
    network.jet(
      weights: weights.values, points: x.values, times: t.list,
      along: directions.values + [Double](repeating: 0, count: n), order: 1, into: &results,
      back: JetCotangents(
        [Double](repeating: 0, count: n) + [Double](repeating: 1, count: n),
        reachesWeights: false, reachesPoints: true),
      gradient: &unused, pointCotangents: &bent)
  }

  private func resize(_ values: inout [Double], _ count: Int) {
    if values.count != count { values = [Double](repeating: 0, count: count) }
  }
}

/// The same with every sum in Double: ∇s by d tangents, Δs by differences of it of fourth order.
///
/// A network reads numbers of about 1, so that a step of 0.002 leaves some 1e-11 of Δs.
public struct PrecisePotential: DivergenceField {
  /// The weights of s.
  public let weights: MLPWeights
  private var network: DenseNetwork
  private static let step = 2e-3

  /// The field of the given weights; the instruction set must be available on this machine.
  public init(_ weights: MLPWeights, instructionSet: InstructionSet = .best) {
    precondition(weights.shape.outputs == 1, "a potential is one number")
    self.weights = weights
    network = DenseNetwork(weights.shape, instructionSet: instructionSet)
  }

  public var dimension: Int { weights.shape.dimension }
  public var regularity: Regularity { Regularity() }

  /// s(x, t) of every point.
  public mutating func potential(_ x: Batch, at t: Times) -> [Double] {
    var values = [Double](repeating: 0, count: x.count)
    network.evaluateInDouble(
      weights: weights.values, points: x.values, times: t.list, into: &values)
    return values
  }

  public mutating func evaluate(_ x: Batch, at t: Times, into velocity: inout Batch) {
    precondition(x.dimension == dimension && velocity.hasShape(of: x), "a velocity for each point")
    let n = x.count
    for i in 0..<dimension {
      var axis = [Double](repeating: 0, count: x.values.count)
      for j in 0..<n { axis[i * n + j] = 1 }
      let slopes = slopes(x, at: t, along: axis)
      for j in 0..<n { velocity.values[i * n + j] = slopes[j] }
    }
  }

  public mutating func evaluate(
    _ x: Batch, at t: Times, into velocity: inout Batch, divergence: inout [Double]
  ) {
    evaluate(x, at: t, into: &velocity)
    let n = x.count
    for j in 0..<n { divergence[j] = 0 }
    for i in 0..<dimension {
      var axis = Batch(dimension: dimension, count: n)
      for j in 0..<n { axis.values[i * n + j] = 1 }
      let bent = curvature(x, at: t, along: axis)
      for j in 0..<n { divergence[j] += bent[j] }
    }
  }

  public mutating func evaluate(
    _ x: Batch, at t: Times, probes: Batch, into velocity: inout Batch, divergence: inout [Double]
  ) {
    evaluate(x, at: t, into: &velocity)
    divergence = curvature(x, at: t, along: probes)
  }

  /// The derivative of s along a direction of each point's own.
  private mutating func slopes(_ x: Batch, at t: Times, along directions: [Double]) -> [Double] {
    var values = [Double](repeating: 0, count: x.count)
    var slopes = values
    network.evaluateInDouble(
      weights: weights.values, points: x.values, times: t.list, probes: directions,
      covectors: [Double](repeating: 1, count: x.count), into: &values, divergence: &slopes)
    return slopes
  }

  /// The second derivative of s along such directions.
  private mutating func curvature(_ x: Batch, at t: Times, along directions: Batch) -> [Double] {
    var sum = [Double](repeating: 0, count: x.count)
    for (place, share) in [(1.0, 8.0), (-1, -8), (2, -1), (-2, 1)] {
      var moved = x
      for k in moved.values.indices {
        moved.values[k] += place * PrecisePotential.step * directions.values[k]
      }
      let slopes = slopes(moved, at: t, along: directions.values)
      for j in sum.indices { sum[j] += share * slopes[j] / (12 * PrecisePotential.step) }
    }
    return sum
  }
}
