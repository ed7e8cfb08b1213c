/// A separable Gaussian blur of a grid of numbers, cut off at three σ; nothing comes from outside.
struct GaussianBlur: Sendable {
  private let across: [Float]
  private let down: [Float]
  private var scratch: [Float] = []

  /// A blur of standard deviations `sigmaX`, `sigmaY` in cells of the grid.
  init(sigmaX: Double, sigmaY: Double) {
    across = GaussianBlur.weights(sigmaX)
    down = GaussianBlur.weights(sigmaY)
  }

  /// Weights at distances 0 … 3σ; both sides together sum to 1.
  private static func weights(_ sigma: Double) -> [Float] {
    let reach = max(0, Int((3 * sigma).rounded(.up)))
    let values = (0...reach).map { Elementary.exp(-Double($0 * $0) / (2 * sigma * sigma)) }
    let sum = 2 * values.reduce(0, +) - values[0]
    return values.map { Float($0 / sum) }
  }

  /// Writes the blurred `input` (`width × height`, row after row) to `output`.
  mutating func apply(_ input: [Float], width: Int, height: Int, into output: inout [Float]) {
    let count = width * height
    precondition(input.count == count, "the grid has width × height values")
    GaussianBlur.zero(&scratch, count)
    GaussianBlur.zero(&output, count)
    guard count > 0 else { return }
    for y in 0..<height {
      // Rows without particles cost a look only: clouds leave much of a window empty.
      guard GaussianBlur.hasValue(input, y * width, width) else { continue }
      for (k, weight) in across.enumerated() where k < width {
        let n = width - k
        GaussianBlur.add(weight, input, y * width, to: &scratch, y * width + k, n)
        if k > 0 { GaussianBlur.add(weight, input, y * width + k, to: &scratch, y * width, n) }
      }
    }
    for y in 0..<height {
      for (k, weight) in down.enumerated() {
        if y + k < height {
          GaussianBlur.add(weight, scratch, (y + k) * width, to: &output, y * width, width)
        }
        if k > 0, y >= k {
          GaussianBlur.add(weight, scratch, (y - k) * width, to: &output, y * width, width)
        }
      }
    }
  }

  private static func zero(_ values: inout [Float], _ count: Int) {
    if values.count == count {
      for i in 0..<count { values[i] = 0 }
    } else {
      values = [Float](repeating: 0, count: count)
    }
  }

  private static func hasValue(_ values: [Float], _ start: Int, _ count: Int) -> Bool {
    for i in start..<(start + count) where values[i] != 0 { return true }
    return false
  }

  /// `target[to + i] += weight · source[from + i]`: the only inner loop, plain enough to become
  /// vector instructions.
  @inline(__always)
  private static func add(
    _ weight: Float, _ source: [Float], _ from: Int, to target: inout [Float], _ to: Int,
    _ count: Int
  ) {
    for i in 0..<count { target[to &+ i] += weight * source[from &+ i] }
  }
}
