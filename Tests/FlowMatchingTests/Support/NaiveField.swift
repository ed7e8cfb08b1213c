import FlowMatching

/// A network in Double throughout, whose solves difference quotients can follow.
struct NaiveField: PullbackField {
  var network: NaiveNetwork

  /// A network of two dimensions with weights drawn from the seed.
  init(hidden: [Int], _ activation: String = "silu", seed: UInt64, scale: Double = 1.5) {
    var random = Random(seed: seed)
    let widths = [3] + hidden + [2]
    var weights: [Double] = []
    for (inputs, outputs) in zip(widths, widths.dropFirst()) {
      for _ in 0..<(inputs + 1) * outputs {
        weights.append((2 * random.uniform() - 1) * scale / Double(inputs).squareRoot())
      }
    }
    network = NaiveNetwork(widths: widths, activation: .named(activation), weights: weights)
  }

  var dimension: Int { network.widths.last! }

  func evaluate(_ x: Batch, at t: Times, into velocity: inout Batch) {
    for j in 0..<x.count {
      for (i, value) in network.output(x.point(j), t[j]).enumerated() { velocity[i, j] = value }
    }
  }

  func evaluate(_ x: Batch, at t: Times, into velocity: inout Batch, divergence: inout [Double]) {
    evaluate(x, at: t, into: &velocity)
    for j in 0..<x.count { divergence[j] = network.divergence(x.point(j), t[j]) }
  }

  func evaluate(
    _ x: Batch, at t: Times, probes: Batch, into velocity: inout Batch, divergence: inout [Double]
  ) {
    evaluate(x, at: t, into: &velocity)
    for j in 0..<x.count {
      divergence[j] = network.divergence(x.point(j), t[j], probe: probes.point(j))
    }
  }

  func pullBack(
    _ x: Batch, at t: Double, probes: Batch?, velocity: Batch, divergence: [Double]?,
    to points: inout Batch, gradient: inout [Double]
  ) {
    for j in 0..<x.count {
      let back = network.pullBack(
        x.point(j), t, probe: probes?.point(j), velocity: velocity.point(j),
        divergence: divergence?[j] ?? 0, to: &gradient)
      for (i, value) in back.enumerated() { points[i, j] = value }
    }
  }
}
