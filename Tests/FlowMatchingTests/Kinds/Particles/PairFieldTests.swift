import Foundation
import Kernels
import Testing

@testable import FlowMatching

@Suite("Forces between pairs of particles")
struct PairFieldTests {
  static func weights(messages: Bool, activation: Activation = .silu) -> MLPWeights {
    var random = Random(seed: 3)
    let shape = MLPShape(
      pairs: PairShape(hasMessages: messages), widths: [20, 12, 9], activation: activation)
    return MLPWeights(shape: shape, using: &random)
  }

  static func points(_ count: Int, seed: UInt64 = 5) -> Batch {
    var random = Random(seed: seed)
    return MeanFreeNormal.doubleWells.sample(count: count, using: &random)
  }

  private func velocity(_ field: some VelocityField, _ x: Batch, _ t: Double = 0.4) -> Batch {
    var (field, velocity) = (field, x)
    field.evaluate(x, at: .shared(t), into: &velocity)
    return velocity
  }

  /// The same molecules moved, turned, mirrored and renumbered.
  private func moved(_ x: Batch, by shift: Double) -> Batch {
    var moved = x
    let (c, s) = (cos(1.1), sin(1.1))
    for (i, from) in [2, 0, 3, 1].enumerated() {
      for j in 0..<x.count {
        let (u, v) = (x[2 * from, j], -x[2 * from + 1, j])
        moved[2 * i, j] = c * u - s * v + shift
        moved[2 * i + 1, j] = s * u + c * v - 0.5 * shift
      }
    }
    return moved
  }

  @Test(
    "v(gx) = g·v(x) to 1e-10 in Double and 1e-5 in Float, with messages and without",
    arguments: [true, false])
  func equivariance(messages: Bool) {
    let (weights, x) = (Self.weights(messages: messages), Self.points(70))
    let gx = moved(x, by: 0.7)
    for (v, w, bound) in [
      (velocity(PrecisePairField(weights), x), velocity(PrecisePairField(weights), gx), 1e-10),
      (velocity(PairField(weights), x), velocity(PairField(weights), gx), 1e-5),
    ] {
      let expected = moved(v, by: 0)
      let scale = max(1, v.values.map(abs).max() ?? 0)
      for k in w.values.indices { #expect(abs(w.values[k] - expected.values[k]) <= bound * scale) }
      for axis in 0..<2 {
        for j in 0..<x.count {
          #expect(abs((0..<4).reduce(0) { $0 + v[2 * $1 + axis, j] }) <= 1e-12 * scale)
        }
      }
    }
  }

  @Test("A network of coordinates is not equivariant: the control must fail")
  func control() {
    var random = Random(seed: 3)
    let shape = MLPShape(dimension: 8, widths: [20, 12], activation: .silu)
    let field = MeanFreeField(MLP(MLPWeights(shape: shape, using: &random)))
    let x = Self.points(20)
    let (v, w) = (velocity(field, x), velocity(field, moved(x, by: 0)))
    let expected = moved(v, by: 0)
    let worst = zip(w.values, expected.values).map { abs($0 - $1) }.max() ?? 0
    #expect(worst > 1e-2)
  }

  @Test(
    "The divergence, the probes and the mean are what differences say",
    arguments: [true, false], [Activation.silu, .tanh, .gelu])
  func divergence(messages: Bool, activation: Activation) {
    let weights = Self.weights(messages: messages, activation: activation)
    check(PrecisePairField(weights), bound: 1e-7)
    check(PairField(weights), bound: 2e-3)
  }

  @Test("The divergence of a field without its mean is the trace on the points of mean 0")
  func meanFree() {
    var random = Random(seed: 3)
    let shape = MLPShape(dimension: 8, widths: [20, 12], activation: .silu)
    let field = MeanFreeField(PreciseMLP(MLPWeights(shape: shape, using: &random)))
    let x = Self.points(5)
    var (copy, v, divergence) = (field, x, [Double](repeating: 0, count: 5))
    copy.evaluate(x, at: .shared(0.4), into: &v, divergence: &divergence)
    // Six orthogonal directions that move no mean.
    let basis: [[Double]] = [[1, -1, 0, 0], [1, 1, -2, 0], [1, 1, 1, -3]]
    for j in 0..<5 {
      var trace = 0.0
      for row in basis {
        for axis in 0..<2 {
          let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
          var direction = Batch(dimension: 8, count: 5)
          for i in 0..<4 { direction[2 * i + axis, j] = row[i] / length }
          let up = velocity(field, x.moved(along: direction, by: 1e-5))
          let down = velocity(field, x.moved(along: direction, by: -1e-5))
          for i in 0..<8 { trace += direction[i, j] * (up[i, j] - down[i, j]) / 2e-5 }
        }
      }
      #expect(abs(trace - divergence[j]) < 1e-7)
    }
  }

  private func check(_ field: some DivergenceField, bound: Double) {
    let x = Self.points(33)
    var (copy, v, divergence) = (field, x, [Double](repeating: 0, count: x.count))
    copy.evaluate(x, at: .shared(0.4), into: &v, divergence: &divergence)
    #expect(zip(v.values, velocity(field, x).values).allSatisfy { abs($0 - $1) < 1e-5 })
    let step = bound < 1e-4 ? 1e-5 : 1e-2
    var traces = divergence.map { _ in 0.0 }
    for i in 0..<8 {
      let up = velocity(field, x.moved(i, by: step))
      let down = velocity(field, x.moved(i, by: -step))
      for j in traces.indices { traces[j] += (up[i, j] - down[i, j]) / (2 * step) }
    }
    for j in traces.indices {
      #expect(abs(traces[j] - divergence[j]) <= bound * max(1, abs(divergence[j])))
    }
    let probes = Self.points(33, seed: 9)
    copy.evaluate(x, at: .shared(0.4), probes: probes, into: &v, divergence: &divergence)
    let up = velocity(field, x.moved(along: probes, by: step))
    let down = velocity(field, x.moved(along: probes, by: -step))
    for j in 0..<x.count {
      let slope = (0..<8).reduce(0) { $0 + probes[$1, j] * (up[$1, j] - down[$1, j]) } / (2 * step)
      #expect(abs(slope - divergence[j]) <= 10 * bound * max(1, abs(slope)))
    }
  }

  @Test("Without messages the divergence is Σ_{i≠j} (d·φ′ + 2φ), with φ of one pair alone")
  func pairwise() {
    let (weights, x) = (Self.weights(messages: false), Self.points(4))
    var (field, v, divergence) = (PrecisePairField(weights), x, [Double](repeating: 0, count: 4))
    field.evaluate(x, at: .shared(0.4), into: &v, divergence: &divergence)
    for j in 0..<4 {
      var sum = 0.0
      for (a, b) in ParticlePairs.all {
        let (dx, dy) = (x[2 * a, j] - x[2 * b, j], x[2 * a + 1, j] - x[2 * b + 1, j])
        let d = (dx * dx + dy * dy).squareRoot()
        let slope = (phi(weights, d + 1e-5) - phi(weights, d - 1e-5)) / 2e-5
        sum += 2 * (d * slope + 2 * phi(weights, d))
      }
      #expect(abs(sum - divergence[j]) < 1e-7)
    }
  }

  /// φ of a distance: a particle so far from three at one place is pushed by each of them along x.
  private func phi(_ weights: MLPWeights, _ distance: Double) -> Double {
    var x = Batch(dimension: 8, count: 1)
    x[0, 0] = distance
    return velocity(PrecisePairField(weights), x)[0, 0] / (3 * distance)
  }

  @Test(
    "The gradient of the loss by the weights is what differences say, on every instruction set",
    arguments: InstructionSet.available, [true, false])
  func gradient(instructionSet: InstructionSet, messages: Bool) {
    let weights = Self.weights(messages: messages)
    var kernel = PairKernel(weights.shape, instructionSet: instructionSet)
    let (x, target) = (Self.points(50), Self.points(50, seed: 8))
    var inputs = PairInputs()
    inputs.load(x, at: .each((0..<50).map { Double($0) / 50 }), slopes: false)
    var gradient = [Float](repeating: .nan, count: weights.values.count)
    let scale = 1.0 / 400
    let loss = kernel.squaredErrorGradient(
      weights: weights.values, features: inputs.features, ways: inputs.ways,
      target: target.values, scale: scale, gradient: &gradient)
    func precise(_ values: [Float]) -> Double {
      var field = PrecisePairField(MLPWeights(shape: weights.shape, values: values))
      var v = x
      field.evaluate(x, at: .each((0..<50).map { Double($0) / 50 }), into: &v)
      return zip(v.values, target.values).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
    let exact = precise(weights.values)
    #expect(abs(loss - exact) <= 1e-5 * exact)
    var random = Random(seed: 2)
    let largest = gradient.map(abs).max() ?? 0
    for _ in 0..<40 {
      let k = random.integer(below: gradient.count)
      var (up, down) = (weights.values, weights.values)
      up[k] += 1 / 256
      down[k] -= 1 / 256
      let slope = scale * (precise(up) - precise(down)) * 128
      #expect(abs(Double(gradient[k]) - slope) <= 2e-3 * Double(largest))
    }
  }

  @Test("The bits do not depend on the threads")
  func threads() {
    let weights = Self.weights(messages: true)
    var kernel = PairKernel(weights.shape, instructionSet: .baseline)
    let x = Self.points(300)
    var inputs = PairInputs()
    inputs.load(x, at: .shared(0.3), slopes: false)
    #expect(kernel.sharesGradient(count: 300))
    var gradients: [[Float]] = []
    for pool in [nil, WorkerPool(threads: 3)] {
      var gradient = [Float](repeating: 0, count: weights.values.count)
      _ = kernel.squaredErrorGradient(
        weights: weights.values, features: inputs.features, ways: inputs.ways, target: x.values,
        scale: 1, gradient: &gradient, pool: pool)
      gradients.append(gradient)
    }
    #expect(gradients[0] == gradients[1])
  }
}
