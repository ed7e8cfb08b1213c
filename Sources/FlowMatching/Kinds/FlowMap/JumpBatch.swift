import Kernels

/// What the network of a flow map says at some points and their two times, with room of its own.
struct JumpBatch: Sendable {
  let dimension, count: Int
  /// x and t of every point, (d + 1)×n.
  var inputs: [Double]
  /// r of every point.
  var ends: [Double]
  /// ū of every point, `d×n`, after `evaluate`.
  private(set) var mean: Batch
  /// Its derivative along the last directions.
  private(set) var change: Batch
  private var directions: [Double] = []
  /// The class of every point, nil where it is not told; of a network that is told classes alone.
  var told: [Int?] = []
  private var block: ConditionBlock?

  /// Room for so many jumps of a network of that shape.
  init(_ shape: MLPShape, count: Int) {
    dimension = shape.dimension
    self.count = count
    block = ConditionBlock(shape, count: count)
    if block != nil { told = [Int?](repeating: nil, count: count) }
    inputs = [Double](repeating: 0, count: (dimension + 1) * count)
    ends = [Double](repeating: 0, count: count)
    mean = Batch(dimension: dimension, count: count)
    change = mean
  }

  /// t of a point.
  func start(_ j: Int) -> Double { inputs[dimension * count + j] }

  /// Takes the first points of a batch, with their times; what lies behind them is left out.
  mutating func take(_ x: Batch, from starts: [Double], to ends: [Double]) {
    for i in 0..<dimension {
      for j in 0..<count { inputs[i * count + j] = x.values[i * x.count + j] }
    }
    for j in 0..<count {
      inputs[dimension * count + j] = starts[j]
      self.ends[j] = ends[j]
    }
  }

  /// Takes the classes of the first points of a batch; of none where no classes are told.
  mutating func tell(_ classes: [Int?]) {
    if block != nil { told = Array(classes.prefix(count)) }
  }

  /// All rows that the network reads but the last, and the last: r, or that of the last class.
  mutating func rows() -> (points: [Double], last: [Double]) {
    block?.load(inputs, ends, told)
    return (block?.rows ?? inputs, block?.last ?? ends)
  }

  /// Asks for ū.
  mutating func evaluate(_ network: inout DenseNetwork, _ weights: [Float]) {
    let (points, last) = rows()
    network.evaluate(weights: weights, points: points, times: last, into: &mean.values)
  }

  /// Asks for ū and its derivative along the tangents (w, a, b) of x, t and r; w is 0 where nil.
  mutating func evaluate(
    _ network: inout DenseNetwork, _ weights: [Float], along w: Batch?, _ a: Double, _ b: Double
  ) {
    let (points, last) = rows()
    // A class has no direction.
    let size = points.count + last.count
    if directions.count != size { directions = [Double](repeating: 0, count: size) }
    for i in 0..<dimension {
      for j in 0..<count {
        directions[i * count + j] = w.map { $0.values[i * $0.count + j] } ?? 0
      }
    }
    for j in 0..<count {
      directions[dimension * count + j] = a
      directions[(dimension + 1) * count + j] = b
    }
    network.evaluate(
      weights: weights, points: points, times: last, along: directions, into: &mean.values,
      change: &change.values)
  }
}
