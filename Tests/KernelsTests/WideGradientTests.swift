import Kernels
import Testing

@Suite("The reverse pass of wide layers")
struct WideGradientTests {
  private func gradient(_ example: inout Example, _ pool: WorkerPool?) -> (Double, [Float]) {
    var result = [Float](repeating: .nan, count: example.weights.count)
    let error = example.network.squaredErrorGradient(
      weights: example.weights, points: example.points, times: example.times,
      target: example.target, scale: 0.5, gradient: &result, pool: pool)
    return (error, result)
  }

  @Test(
    "agrees with the plain loops to 1e-5 for odd numbers of points and units",
    arguments: InstructionSet.available, [1, 33, 257])
  func oddSizes(set: InstructionSet, count: Int) {
    for (k, hidden) in [[128, 128], [129, 150], [160, 33, 7], [5, 135, 64]].enumerated() {
      for dimension in [1, 2, 9] {
        var example = Example(
          dimension: dimension, hidden: hidden, .silu, set, count: count, seed: UInt64(70 + k))
        let (error, gradient) = example.gradient(scale: 0.5)
        let (naiveError, naiveGradient) = example.naiveGradient(scale: 0.5)
        #expect(abs(error - naiveError) < 1e-5 * naiveError)
        let difference = relativeDifference(gradient, naiveGradient)
        #expect(difference < 1e-5, "\(hidden) in \(dimension) dimensions")
      }
    }
  }

  @Test(
    "a batch in shards agrees with the plain loops to 1e-5", arguments: InstructionSet.available)
  func shards(set: InstructionSet) {
    // Three shards, the last one short.
    var example = Example(hidden: [130], .tanh, set, count: 2100, seed: 75)
    let (error, gradient) = example.gradient(scale: 0.5)
    let (naiveError, naiveGradient) = example.naiveGradient(scale: 0.5)
    #expect(abs(error - naiveError) < 1e-5 * naiveError)
    #expect(relativeDifference(gradient, naiveGradient) < 1e-5)
    #expect(example.network.sharesGradient(count: 2100))
    #expect(!example.network.sharesGradient(count: 1024))
  }

  @Test(
    "the bits are the same for 1, 2 and 3 threads, and without a pool",
    arguments: InstructionSet.available)
  func threads(set: InstructionSet) {
    for count in [1500, 4096, 9000] {
      var example = Example(hidden: [128, 130], .silu, set, count: count, seed: 76)
      let alone = gradient(&example, nil)
      for threads in 1...3 {
        let pool = WorkerPool(threads: threads)
        for _ in 0..<3 {
          let shared = gradient(&example, pool)
          #expect(shared.0 == alone.0 && shared.1 == alone.1)
        }
      }
    }
  }

  @Test("narrow networks are never cut")
  func narrow() {
    let example = Example(hidden: [64, 64, 64], .silu, .baseline, count: 1, seed: 77)
    #expect(!example.network.sharesGradient(count: 100_000))
  }
}
