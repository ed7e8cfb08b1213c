import Kernels
import Testing

@Suite("The gradient of a part of the error")
struct FramedGradientTests {
  /// Two orthonormal vectors for each point, by Gram and Schmidt.
  private func frame(_ example: Example) -> [Double] {
    let (d, n) = (example.dimension, example.count)
    var frame = [Double](repeating: 0, count: 2 * d * n)
    Noise.fillNormals(&frame, seed: 5)
    for j in 0..<n {
      func at(_ axis: Int, _ i: Int) -> Int { (axis * d + i) * n + j }
      for axis in 0..<2 {
        if axis == 1 {
          let along = (0..<d).reduce(0) { $0 + frame[at(0, $1)] * frame[at(1, $1)] }
          for i in 0..<d { frame[at(1, i)] -= along * frame[at(0, i)] }
        }
        let length = (0..<d).reduce(0) { $0 + frame[at(axis, $1)] * frame[at(axis, $1)] }
        for i in 0..<d { frame[at(axis, i)] /= length.squareRoot() }
      }
    }
    return frame
  }

  @Test(
    "is that of the plain error towards f − P(f − target), of narrow and wide layers and in shards",
    arguments: InstructionSet.available)
  func projected(set: InstructionSet) {
    for (hidden, count) in [([24, 24], 1), ([64], 45), ([130], 2100)] {
      var example = Example(
        dimension: 8, hidden: hidden, .silu, set, count: count, seed: UInt64(count))
      let (frame, f, n) = (frame(example), example.velocities(), count)
      var gradient = [Float](repeating: .nan, count: example.weights.count)
      let error = example.network.squaredErrorGradient(
        weights: example.weights, points: example.points, times: example.times,
        target: example.target, frame: frame, scale: 0.5, gradient: &gradient)
      for j in 0..<n {
        var part = [Double](repeating: 0, count: 8)
        for axis in 0..<2 {
          let along = (0..<8).reduce(0) {
            $0 + frame[(axis * 8 + $1) * n + j] * (f[$1 * n + j] - example.target[$1 * n + j])
          }
          for i in 0..<8 { part[i] += along * frame[(axis * 8 + i) * n + j] }
        }
        for i in 0..<8 { example.target[i * n + j] = f[i * n + j] - part[i] }
      }
      let (plainError, plainGradient) = example.gradient(scale: 0.5)
      #expect(abs(error - plainError) < 1e-5 * plainError)
      #expect(relativeDifference(gradient.map(Double.init), plainGradient) < 1e-5)
    }
  }

  @Test("a frame of the whole plane changes nothing but rounding")
  func whole() {
    var example = Example(hidden: [32], .tanh, .best, count: 50, seed: 3)
    var frame = [Double](repeating: 0, count: 4 * 50)
    for j in 0..<50 { (frame[j], frame[150 + j]) = (1, 1) }
    var gradient = [Float](repeating: .nan, count: example.weights.count)
    let error = example.network.squaredErrorGradient(
      weights: example.weights, points: example.points, times: example.times,
      target: example.target, frame: frame, scale: 0.5, gradient: &gradient)
    let plain = example.gradient(scale: 0.5)
    #expect(error == plain.error && gradient.map(Double.init) == plain.gradient)
  }
}
