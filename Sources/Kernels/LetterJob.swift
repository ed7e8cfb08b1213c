import CKernels

/// How a batch of sequences is cut: by the network and the batch alone.
struct LetterPlan {
  let layers, count, parameters, firstLayer: Int
  let isWide: Bool
  let panels = 8
  let shardSize, shards: Int
  /// Floats that a thread works in: a turned first layer, and the tape with what is turned of it.
  let tape: Int

  init(widths: [Int], count: Int, parameters: Int, firstLayer: Int, isWide: Bool) {
    layers = widths.count - 1
    self.count = count
    self.parameters = parameters
    self.firstLayer = firstLayer
    self.isWide = isWide
    let panel = DenseNetwork.panelWidth
    let block = panels * panel
    // At least two blocks: a shard turns the gradient of its first layer back once.
    shardSize = max(2, (count + 8 * block - 1) / (8 * block)) * block
    shards = max(1, (count + shardSize - 1) / shardSize)
    let rows = widths[0] + 2 * widths[1..<layers].reduce(0, +) + widths[layers]
    tape = firstLayer + (rows * panels + panels * panel + 8 + 2 * panel + 8) * panel
  }

  /// A gradient's floats, up to a whole number of cache lines.
  var stride: Int { (parameters + 15) / 16 * 16 }

  /// Floats of scratch memory: the turned first layer, turned weights, the gradients of all shards but
  /// the first, and every thread's own.
  func floats(threads: Int) -> Int {
    firstLayer + (isWide ? shards : shards - 1) * stride + threads * tape
  }
}

/// What the threads of a gradient share; each piece writes memory of its own.
struct LetterJob {
  let plan: LetterPlan
  let table: KernelTable
  let widths: UnsafePointer<Int>
  let activation: Int
  let weights: UnsafePointer<Float>
  let first: UnsafeMutablePointer<Float>
  let turned: UnsafePointer<Float>?
  let sequences: letters_t
  let loss: letter_loss_t
  let gradient, others: UnsafeMutablePointer<Float>
  let tapes: UnsafeMutablePointer<Float>

  /// The pieces in which gradients are added.
  private static let slices = 8

  /// One shard after another, or side by side; then their sum.
  static func run(
    _ plan: LetterPlan, _ table: KernelTable, _ widths: UnsafePointer<Int>, _ activation: Int,
    _ weights: UnsafePointer<Float>, _ sequences: letters_t, _ loss: letter_loss_t,
    _ gradient: UnsafeMutablePointer<Float>, _ scratch: UnsafeMutablePointer<Float>,
    _ pool: WorkerPool?
  ) {
    table.turn_first_layer(widths, plan.layers, weights, scratch)
    let turned = scratch + plan.firstLayer
    if plan.isWide { table.transpose(widths, plan.layers, weights, turned) }
    let others = turned + (plan.isWide ? plan.stride : 0)
    var job = LetterJob(
      plan: plan, table: table, widths: widths, activation: activation, weights: weights,
      first: scratch, turned: plan.isWide ? UnsafePointer(turned) : nil, sequences: sequences,
      loss: loss, gradient: gradient, others: others,
      tapes: others + (plan.shards - 1) * plan.stride)
    withUnsafeMutablePointer(to: &job) { job in
      if let pool {
        pool.perform(pieces: plan.shards, job) { context, shard, thread in
          context.assumingMemoryBound(to: LetterJob.self).pointee.differentiate(shard, thread)
        }
        pool.perform(pieces: slices, job) { context, slice, _ in
          context.assumingMemoryBound(to: LetterJob.self).pointee.addShards(slice)
        }
      } else {
        for shard in 0..<plan.shards { job.pointee.differentiate(shard, 0) }
        for slice in 0..<slices { job.pointee.addShards(slice) }
      }
    }
  }

  /// The gradient of a shard by itself.
  private func differentiate(_ shard: Int, _ thread: Int) {
    let start = shard * plan.shardSize
    let sum = shard == 0 ? gradient : others + (shard - 1) * plan.stride
    sum.update(repeating: 0, count: plan.parameters)
    let room = tapes + thread * plan.tape
    table.letter_gradient(
      widths, plan.layers, activation, weights, first, turned, sequences, start,
      min(plan.shardSize, plan.count - start), loss, sum, room, plan.panels,
      room + plan.firstLayer)
  }

  /// Adds the shards' gradients in their order, for a slice of the weights.
  private func addShards(_ slice: Int) {
    let size = (plan.parameters + LetterJob.slices - 1) / LetterJob.slices
    let first = min(slice * size, plan.parameters)
    let length = min(size, plan.parameters - first)
    for shard in 1..<plan.shards {
      table.add(gradient + first, others + (shard - 1) * plan.stride + first, length)
    }
  }
}
