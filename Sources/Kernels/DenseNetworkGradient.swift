import CKernels

/// Reverse mode: the gradient of the squared error.
extension DenseNetwork {
  /// Whether the gradient of a batch of `count` points is made of shards, which threads can share.
  public func sharesGradient(count: Int) -> Bool { GradientPlan(self, count: count).shards > 1 }

  /// Overwrites `gradient` by that of L = scale·Σ|f(x, t) − target|² over all points and
  /// coordinates, and returns the sum Σ|f(x, t) − target|² itself.
  ///
  /// Where it `isTangent`, the first coordinates of every point are a normal of length 1, as many as there
  /// are outputs, and only the part of f − target at right angles to it counts.
  ///
  /// A large batch of a wide network is cut into shards that the pool's threads share. The cuts,
  /// and the order in which their gradients are added, depend on the network and the batch alone:
  /// the bits are the same whatever the pool, or without one.
  public mutating func squaredErrorGradient(
    weights: [Float], points: [Double], times: [Double], target: [Double],
    isTangent: Bool = false, scale: Double, gradient: inout [Float], pool: WorkerPool? = nil
  ) -> Double {
    let count = check(weights, points, target.count)
    precondition(times.count == count, "a time for each point")
    precondition(gradient.count == parameterCount, "a gradient has an element per weight")
    precondition(!isTangent || coordinates >= outputs, "a normal has a number for each output")
    let plan = GradientPlan(self, count: count)
    let threads = plan.shards > 1 ? pool?.threads ?? 1 : 1
    let (table, code) = (instructionSet.table, nonlinearity.rawValue)
    let widths = widths
    return gradientScratch.withFloats(plan.floats(threads: threads)) { scratch in
      gradientOfShards(
        plan, table, widths, code, weights, points, times, target, isTangent, Float(scale),
        &gradient, scratch, threads > 1 ? pool : nil)
    }
  }
}

/// How a batch is cut, and how much memory the pieces need: by the network and the batch alone.
struct GradientPlan {
  let layers, count, parameters: Int
  /// Whether the layers are wide enough for turned weights and inputs, and for shards.
  let isWide: Bool
  /// Panels of 32 points at a time: the more, the fewer passes over the gradient.
  let panels = 8
  /// The points of a shard, and the number of shards, at most eight.
  let shardSize, shards: Int
  /// Floats that a thread works in: the tape and, for wide layers, what is turned of it.
  let tape: Int

  init(_ network: DenseNetwork, count: Int) {
    let widths = network.widths
    layers = widths.count - 1
    self.count = count
    parameters = network.parameterCount
    isWide = (widths.max() ?? 1) >= 128
    let panelWidth = DenseNetwork.panelWidth
    let rows = widths[0] + 2 * widths[1..<layers].reduce(0, +) + widths[layers]
    tape = (rows * panels + panels * panelWidth + 8) * panelWidth
    let block = panels * panelWidth
    shardSize = isWide ? max(4, (count + 8 * block - 1) / (8 * block)) * block : max(count, 1)
    shards = max(1, (count + shardSize - 1) / shardSize)
  }

  /// A gradient's floats, up to a whole number of cache lines.
  var stride: Int { (parameters + 15) / 16 * 16 }

  /// Floats of scratch memory: turned weights, the gradients of all shards but the first, their
  /// errors (Doubles), and every thread's own.
  func floats(threads: Int) -> Int { (isWide ? shards * stride : 0) + 2 * 16 + threads * tape }
}

/// One shard after another, or side by side; then their sum.
private func gradientOfShards(
  _ plan: GradientPlan, _ table: KernelTable, _ widths: UnsafePointer<Int>, _ activation: Int,
  _ weights: UnsafePointer<Float>, _ points: UnsafePointer<Double>,
  _ times: UnsafePointer<Double>, _ target: UnsafePointer<Double>,
  _ isTangent: Bool, _ scale: Float,
  _ gradient: UnsafeMutablePointer<Float>, _ scratch: UnsafeMutablePointer<Float>,
  _ pool: WorkerPool?
) -> Double {
  if plan.isWide { table.transpose(widths, plan.layers, weights, scratch) }
  let others = scratch + (plan.isWide ? plan.stride : 0)
  let errors = others + (plan.shards - 1) * plan.stride
  var job = GradientJob(
    plan: plan, table: table, widths: widths, activation: activation, weights: weights,
    turned: plan.isWide ? UnsafePointer(scratch) : nil, points: points, times: times,
    target: target, isTangent: isTangent, scale: scale, gradient: gradient, others: others,
    errors: UnsafeMutableRawPointer(errors).bindMemory(to: Double.self, capacity: 16),
    tapes: errors + 2 * 16)
  return withUnsafeMutablePointer(to: &job) { job in
    if let pool {
      pool.perform(pieces: plan.shards, job) { context, shard, thread in
        context.assumingMemoryBound(to: GradientJob.self).pointee.differentiate(shard, thread)
      }
      pool.perform(pieces: GradientJob.slices, job) { context, slice, _ in
        context.assumingMemoryBound(to: GradientJob.self).pointee.addShards(slice)
      }
    } else {
      for shard in 0..<plan.shards { job.pointee.differentiate(shard, 0) }
      for slice in 0..<GradientJob.slices { job.pointee.addShards(slice) }
    }
    var sum = 0.0
    for shard in 0..<plan.shards { sum += job.pointee.errors[shard] }
    return sum
  }
}

/// What the threads of a gradient share; each piece writes memory of its own.
private struct GradientJob {
  let plan: GradientPlan
  let table: KernelTable
  let widths: UnsafePointer<Int>
  let activation: Int
  let weights: UnsafePointer<Float>
  let turned: UnsafePointer<Float>?
  let points, times, target: UnsafePointer<Double>
  let isTangent: Bool
  let scale: Float
  let gradient, others: UnsafeMutablePointer<Float>
  let errors: UnsafeMutablePointer<Double>
  let tapes: UnsafeMutablePointer<Float>

  /// The pieces in which gradients are added.
  static let slices = 8

  /// The gradient and the error of a shard by themselves.
  func differentiate(_ shard: Int, _ thread: Int) {
    let first = shard * plan.shardSize
    let sum = shard == 0 ? gradient : others + (shard - 1) * plan.stride
    sum.update(repeating: 0, count: plan.parameters)
    errors[shard] = table.squared_error_gradient(
      widths, plan.layers, activation, weights, turned, points, times, plan.count, first,
      min(plan.shardSize, plan.count - first), target, isTangent ? 1 : 0, scale, sum, plan.panels,
      tapes + thread * plan.tape)
  }

  /// Adds the shards' gradients in their order, for a slice of the weights.
  func addShards(_ slice: Int) {
    let size = (plan.parameters + GradientJob.slices - 1) / GradientJob.slices
    let first = min(slice * size, plan.parameters)
    let length = min(size, plan.parameters - first)
    for shard in 1..<plan.shards {
      table.add(gradient + first, others + (shard - 1) * plan.stride + first, length)
    }
  }
}
