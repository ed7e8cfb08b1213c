import Kernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The map of a flow as a network of x, t and r: X_{t,r}(x) = x + (r − t)·ū(x, t, r), with the velocity
/// ū(x, t, t).
public struct LearnedMap: MapFlow {
  /// The weights of the network, which is told two times.
  public let weights: MLPWeights
  public let traits: FlowTraits
  private let isPrecise: Bool
  private var network: DenseNetwork
  /// x and t of every point, (d + 1)×n.
  private var inputs: [Double] = []

  /// The map of weights; in Double every sum and function is.
  public init(
    _ weights: MLPWeights, traits: FlowTraits, instructionSet: InstructionSet = .best,
    inDouble isPrecise: Bool = false
  ) {
    precondition(
      weights.shape.times == 2 && weights.shape.labels == 0,
      "a flow map is told two times, and the class is bound to before")
    self.weights = weights
    self.traits = traits
    self.isPrecise = isPrecise
    network = DenseNetwork(weights.shape, instructionSet: instructionSet)
  }

  public var dimension: Int { weights.shape.dimension }

  public var regularity: Regularity {
    Regularity(
      isRounded: !isPrecise, isSmooth: weights.shape.activation.hasContinuousDerivative)
  }

  public var inDouble: any DivergenceField {
    LearnedMap(
      weights, traits: traits, instructionSet: network.instructionSet, inDouble: true)
  }

  public mutating func meanVelocity(
    _ x: Batch, from t: Times, to r: Times, into velocity: inout Batch
  ) {
    precondition(x.dimension == dimension && velocity.hasShape(of: x), "the shapes differ")
    write(x, t)
    let ends = r.each(x.count)
    if isPrecise {
      network.evaluateInDouble(
        weights: weights.values, points: inputs, times: ends, into: &velocity.values)
    } else {
      network.evaluate(
        weights: weights.values, points: inputs, times: ends, into: &velocity.values)
    }
  }

  public mutating func carry(
    _ x: inout Batch, from t: Double, to r: Double, logDeterminant: inout [Double]
  ) {
    let (d, n) = (dimension, x.count)
    let columns = isPrecise ? columnsInDouble(x, from: t, to: r) : columns(x, from: t, to: r)
    for j in 0..<n {
      logDeterminant[j] = SquareMatrix.logDeterminant(
        (0..<d * d).map { columns[$0 % d][$0 / d, j] }, d)
    }
    carry(&x, from: .shared(t), to: .shared(r))
  }

  /// ∇X_{t,r} at every point, by tangent passes: the column by coordinate k is the k-th batch.
  private mutating func columns(_ x: Batch, from t: Double, to r: Double) -> [Batch] {
    let (d, n) = (dimension, x.count)
    var jump = JumpBatch(weights.shape, count: n)
    jump.take(
      x, from: [Double](repeating: t, count: n), to: [Double](repeating: r, count: n))
    return (0..<d).map { k in
      var axis = Batch(dimension: d, count: n)
      for j in 0..<n { axis[k, j] = 1 }
      jump.evaluate(&network, weights.values, along: axis, 0, 0)
      for index in axis.values.indices { axis.values[index] += (r - t) * jump.change.values[index] }
      return axis
    }
  }

  /// The same with every sum in Double, an element of the matrix at a time.
  private mutating func columnsInDouble(_ x: Batch, from t: Double, to r: Double) -> [Batch] {
    let (d, n) = (dimension, x.count)
    write(x, .shared(t))
    let ends = [Double](repeating: r, count: n)
    var (velocity, element) = (x, [Double](repeating: 0, count: n))
    func axis(_ row: Int, rows: Int) -> [Double] {
      (0..<rows * n).map { $0 / n == row ? 1 : 0 }
    }
    return (0..<d).map { k in
      var column = Batch(dimension: d, count: n)
      for i in 0..<d {
        network.evaluateInDouble(
          weights: weights.values, points: inputs, times: ends, probes: axis(k, rows: d + 1),
          covectors: axis(i, rows: d), into: &velocity.values, divergence: &element)
        for j in 0..<n { column[i, j] = (i == k ? 1 : 0) + (r - t) * element[j] }
      }
      return column
    }
  }

  public mutating func evaluate(_ x: Batch, at t: Times, into velocity: inout Batch) {
    meanVelocity(x, from: t, to: t, into: &velocity)
  }

  public mutating func evaluate(
    _ x: Batch, at t: Times, into velocity: inout Batch, divergence: inout [Double]
  ) {
    differentiate(x, t, probes: nil, &velocity, &divergence)
  }

  public mutating func evaluate(
    _ x: Batch, at t: Times, probes: Batch, into velocity: inout Batch, divergence: inout [Double]
  ) {
    precondition(probes.hasShape(of: x), "a probe for each point")
    // The time is no part of a divergence.
    let rows = probes.values + [Double](repeating: 0, count: x.count)
    differentiate(x, t, probes: rows, &velocity, &divergence)
  }

  private mutating func differentiate(
    _ x: Batch, _ t: Times, probes: [Double]?, _ velocity: inout Batch, _ divergence: inout [Double]
  ) {
    write(x, t)
    let ends = t.each(x.count)
    if isPrecise {
      network.evaluateInDouble(
        weights: weights.values, points: inputs, times: ends, probes: probes,
        into: &velocity.values, divergence: &divergence)
    } else {
      network.evaluate(
        weights: weights.values, points: inputs, times: ends, probes: probes,
        into: &velocity.values, divergence: &divergence)
    }
  }

  private mutating func write(_ x: Batch, _ t: Times) {
    let size = x.values.count + x.count
    if inputs.count != size { inputs = [Double](repeating: 0, count: size) }
    for k in x.values.indices { inputs[k] = x.values[k] }
    for j in 0..<x.count { inputs[x.values.count + j] = t[j] }
  }
}
