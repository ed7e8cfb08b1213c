import CKernels

/// A network that answers a number φ for each of the six pairs of four particles, the same for every pair.
///
/// It reads features of a pair, a row for each; where it has messages, every hidden layer but the first reads a
/// pair's units, half the sum of those of the four pairs that share a particle with it, and those of the one
/// that shares none. Weights lie as a `DenseNetwork`'s. Pairs are (0,1) (0,2) (0,3) (1,2) (1,3) (2,3).
public struct PairKernel: Sendable {
  /// The pairs of four particles.
  public static let pairs = 6
  /// The features of a pair, the hidden widths, 1.
  public let widths: [Int]
  /// Whether pairs hear of each other.
  public let hasMessages: Bool
  /// The activation of the hidden layers.
  public let nonlinearity: Nonlinearity
  /// What the loops are compiled for.
  public let instructionSet: InstructionSet
  private var answerScratch = Scratch()
  private var gradientScratch = Scratch()

  /// A network with a hidden layer at least.
  public init(
    features: Int, hiddenWidths: [Int], hasMessages: Bool, nonlinearity: Nonlinearity,
    instructionSet: InstructionSet = .best
  ) {
    precondition(
      features > 0 && !hiddenWidths.isEmpty && hiddenWidths.allSatisfy { $0 > 0 },
      "every layer needs a unit at least")
    widths = [features] + hiddenWidths + [1]
    self.hasMessages = hasMessages
    self.nonlinearity = nonlinearity
    self.instructionSet = instructionSet
  }

  /// The dense layers from first to last, as their numbers of inputs and outputs.
  public var layers: [(inputs: Int, outputs: Int)] {
    (0..<widths.count - 1).map { layer in
      let mixes = hasMessages && layer > 0 && layer + 2 < widths.count
      return (inputs: widths[layer] * (mixes ? 3 : 1), outputs: widths[layer + 1])
    }
  }

  /// The number of weights and biases.
  public var parameterCount: Int { layers.reduce(0) { $0 + ($1.inputs + 1) * $1.outputs } }

  /// Writes φ of every pair of n molecules, 6×n, from the features, feature f of pair e in row 6f + e.
  public mutating func evaluate(
    weights: [Float], features: [Double], into answers: inout [Double]
  ) {
    let count = check(weights, features, answers)
    let rows = 2 * PairKernel.pairs * mostRows + 8
    let (table, widths, layers) = (instructionSet.table, widths, widths.count - 1)
    let (code, messages) = (nonlinearity.rawValue, hasMessages ? 1 : 0)
    answerScratch.withFloats(rows * DenseNetwork.panelWidth) { scratch in
      table.pair_answers(
        widths, layers, code, messages, weights, features, nil, count, &answers, nil, scratch)
    }
  }

  /// The same, and in row 6e + f of `changes`, 36×n, how φ of pair e changes with the distance of pair f, where
  /// `slopes` say how every feature does with its own pair's.
  public mutating func evaluate(
    weights: [Float], features: [Double], slopes: [Double], into answers: inout [Double],
    changes: inout [Double]
  ) {
    let count = check(weights, features, answers)
    precondition(
      slopes.count == features.count && changes.count == 6 * answers.count,
      "a slope for each feature, and a change for each two pairs")
    let rows = 2 * 7 * PairKernel.pairs * mostRows + 8
    let (table, widths, layers) = (instructionSet.table, widths, widths.count - 1)
    let (code, messages) = (nonlinearity.rawValue, hasMessages ? 1 : 0)
    answerScratch.withFloats(rows * DenseNetwork.panelWidth) { scratch in
      table.pair_answers(
        widths, layers, code, messages, weights, features, slopes, count, &answers, &changes,
        scratch)
    }
  }

  /// Overwrites `gradient` by that of L = scale·Σ|v − target|² over n molecules with v_i = Σ_j φ_ij (x_i − x_j),
  /// and returns the sum Σ|v − target|² itself. The `ways` x_i − x_j of the pairs are 12×n, the target 8×n.
  ///
  /// A batch is cut into shards that the pool's threads share: the bits are the same whatever the pool.
  public mutating func squaredErrorGradient(
    weights: [Float], features: [Double], ways: [Double], target: [Double], scale: Double,
    gradient: inout [Float], pool: WorkerPool? = nil
  ) -> Double {
    let count = target.count / 8
    precondition(weights.count == parameterCount, "a weight is missing or left over")
    precondition(
      features.count == count * PairKernel.pairs * widths[0] && ways.count == 12 * count,
      "features and a way for each pair")
    precondition(gradient.count == parameterCount, "a gradient has an element per weight")
    let plan = PairPlan(self, count: count)
    let threads = plan.shards > 1 ? pool?.threads ?? 1 : 1
    let (table, code, messages) = (instructionSet.table, nonlinearity.rawValue, hasMessages)
    let widths = widths
    return gradientScratch.withFloats(plan.floats(threads: threads)) { scratch in
      gradientOfShards(
        plan, table, widths, code, messages ? 1 : 0, weights, features, ways, target,
        Float(scale), &gradient, scratch, threads > 1 ? pool : nil)
    }
  }

  /// Whether the gradient of a batch of `count` molecules is made of shards, which threads can share.
  public func sharesGradient(count: Int) -> Bool { PairPlan(self, count: count).shards > 1 }

  /// The most rows that a layer reads.
  fileprivate var mostRows: Int { layers.reduce(1) { max($0, $1.inputs) } }

  private func check(_ weights: [Float], _ features: [Double], _ answers: [Double]) -> Int {
    precondition(weights.count == parameterCount, "a weight is missing or left over")
    let row = PairKernel.pairs * widths[0]
    precondition(features.count % row == 0, "the features must fill whole rows")
    precondition(
      answers.count == features.count / widths[0], "an answer for each pair of a molecule")
    return features.count / row
  }
}

/// How a batch of molecules is cut: by the network and the batch alone.
struct PairPlan {
  static let mostShards = 16
  let layers, count, parameters: Int
  /// Blocks of 32 molecules at a time.
  let blocks = 4
  let shardSize, shards: Int
  /// Floats that a thread works in.
  let tape: Int

  init(_ network: PairKernel, count: Int) {
    layers = network.widths.count - 1
    self.count = count
    parameters = network.parameterCount
    let block = blocks * DenseNetwork.panelWidth
    let whole = PairPlan.mostShards * block
    shardSize = max(1, (count + whole - 1) / whole) * block
    shards = max(1, (count + shardSize - 1) / shardSize)
    let rows = network.layers.reduce(network.mostRows) { $0 + $1.inputs + $1.outputs }
    tape = rows * blocks * PairKernel.pairs * DenseNetwork.panelWidth
  }

  /// A gradient's floats, up to a whole number of cache lines.
  var stride: Int { (parameters + 15) / 16 * 16 }

  /// Floats of scratch memory: turned weights, the gradients of all shards but the first, their errors
  /// (Doubles), and every thread's own.
  func floats(threads: Int) -> Int {
    shards * stride + 2 * PairPlan.mostShards + threads * tape
  }
}

/// One shard after another, or side by side; then their sum.
private func gradientOfShards(
  _ plan: PairPlan, _ table: KernelTable, _ widths: UnsafePointer<Int>, _ activation: Int,
  _ messages: Int, _ weights: UnsafePointer<Float>, _ features: UnsafePointer<Double>,
  _ ways: UnsafePointer<Double>, _ target: UnsafePointer<Double>, _ scale: Float,
  _ gradient: UnsafeMutablePointer<Float>, _ scratch: UnsafeMutablePointer<Float>,
  _ pool: WorkerPool?
) -> Double {
  table.turn_pairs(widths, plan.layers, messages, weights, scratch)
  let others = scratch + plan.stride
  let errors = others + (plan.shards - 1) * plan.stride
  var job = PairJob(
    plan: plan, table: table, widths: widths, activation: activation, messages: messages,
    weights: weights, turned: UnsafePointer(scratch), features: features, ways: ways,
    target: target, scale: scale, gradient: gradient, others: others,
    errors: UnsafeMutableRawPointer(errors).bindMemory(
      to: Double.self, capacity: PairPlan.mostShards),
    tapes: errors + 2 * PairPlan.mostShards)
  return withUnsafeMutablePointer(to: &job) { job in
    if let pool {
      pool.perform(pieces: plan.shards, job) { context, shard, thread in
        context.assumingMemoryBound(to: PairJob.self).pointee.differentiate(shard, thread)
      }
    } else {
      for shard in 0..<plan.shards { job.pointee.differentiate(shard, 0) }
    }
    var sum = 0.0
    for shard in 0..<plan.shards {
      sum += job.pointee.errors[shard]
      if shard > 0 {
        table.add(gradient, others + (shard - 1) * plan.stride, plan.parameters)
      }
    }
    return sum
  }
}

/// What the threads of a gradient share; each piece writes memory of its own.
private struct PairJob {
  let plan: PairPlan
  let table: KernelTable
  let widths: UnsafePointer<Int>
  let activation, messages: Int
  let weights, turned: UnsafePointer<Float>
  let features, ways, target: UnsafePointer<Double>
  let scale: Float
  let gradient, others: UnsafeMutablePointer<Float>
  let errors: UnsafeMutablePointer<Double>
  let tapes: UnsafeMutablePointer<Float>

  /// The gradient and the error of a shard by themselves.
  func differentiate(_ shard: Int, _ thread: Int) {
    let first = shard * plan.shardSize
    let sum = shard == 0 ? gradient : others + (shard - 1) * plan.stride
    sum.update(repeating: 0, count: plan.parameters)
    errors[shard] = table.pair_gradient(
      widths, plan.layers, activation, messages, weights, turned, features, ways, plan.count,
      first, min(plan.shardSize, plan.count - first), target, scale, sum, plan.blocks,
      tapes + thread * plan.tape)
  }
}
