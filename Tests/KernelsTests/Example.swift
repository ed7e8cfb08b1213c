import Kernels

extension Nonlinearity {
  static let all: [Nonlinearity] = [.selu, .silu, .tanh, .elu, .relu, .gelu, .softplus]
  /// The textbook version.
  var naive: NaiveActivation { .named("\(self)") }
}

/// A network with weights, points, times and targets, all drawn from the seed.
struct Example {
  var network: DenseNetwork
  var naive: NaiveNetwork
  var weights: [Float]
  var points: [Double]
  var times: [Double]
  var target: [Double]
  let count: Int
  let dimension: Int

  init(
    dimension: Int = 2, hidden: [Int], _ nonlinearity: Nonlinearity, _ set: InstructionSet,
    count: Int, seed: UInt64
  ) {
    network = DenseNetwork(
      features: dimension + 1, hiddenWidths: hidden, outputs: dimension, nonlinearity: nonlinearity,
      instructionSet: set)
    var draws = [Double](repeating: 0, count: network.parameterCount)
    Noise.fillUniforms(&draws, seed: seed)
    var offset = 0
    for (inputs, outputs) in zip(network.widths, network.widths.dropFirst()) {
      let size = (inputs + 1) * outputs
      // Wide enough that every activation leaves its nearly linear part.
      for i in offset..<offset + size {
        draws[i] = (2 * draws[i] - 1) * 2 / Double(inputs).squareRoot()
      }
      offset += size
    }
    weights = draws.map(Float.init)
    naive = NaiveNetwork(
      widths: network.widths, activation: nonlinearity.naive, weights: weights.map(Double.init))
    points = [Double](repeating: 0, count: dimension * count)
    times = [Double](repeating: 0, count: count)
    target = points
    Noise.fillNormals(&points, seed: seed &+ 1)
    Noise.fillUniforms(&times, seed: seed &+ 2)
    Noise.fillNormals(&target, seed: seed &+ 3)
    // What the network sees: both sides work on the same numbers.
    points = points.map { Double(Float($0)) }
    times = times.map { Double(Float($0)) }
    target = target.map { Double(Float($0)) }
    self.count = count
    self.dimension = dimension
  }

  func point(_ j: Int) -> [Double] { (0..<dimension).map { points[$0 * count + j] } }
  func target(_ j: Int) -> [Double] { (0..<dimension).map { target[$0 * count + j] } }

  /// The network's velocities, each point at its own time.
  mutating func velocities() -> [Double] {
    var result = points
    network.evaluate(weights: weights, points: points, times: times, into: &result)
    return result
  }

  /// The oracle's velocities.
  func naiveVelocities() -> [Double] {
    var result = points
    for j in 0..<count {
      for (i, v) in naive.output(point(j), times[j]).enumerated() { result[i * count + j] = v }
    }
    return result
  }

  /// The sum of squared errors and scale·its gradient.
  mutating func gradient(scale: Double) -> (error: Double, gradient: [Double]) {
    var result = [Float](repeating: .nan, count: weights.count)
    let error = network.squaredErrorGradient(
      weights: weights, points: points, times: times, target: target, scale: scale,
      gradient: &result)
    return (error, result.map(Double.init))
  }

  /// The oracle's.
  func naiveGradient(scale: Double) -> (error: Double, gradient: [Double]) {
    var result = [Double](repeating: 0, count: weights.count)
    var error = 0.0
    for j in 0..<count {
      error += naive.addSquaredError(point(j), times[j], target: target(j), to: &result)
    }
    return (error, result.map { scale * $0 })
  }
}
