/// A separable Gaussian blur of a grid of numbers, cut off at three σ; nothing comes from outside.
struct GaussianBlur: Sendable {
  private let across: [Float]
  private let down: [Float]
  private var columns: [SIMD8<Float>] = []
  private var strip: [SIMD8<Float>] = []

  /// A blur of standard deviations `sigmaX`, `sigmaY` in cells of the grid.
  init(sigmaX: Double, sigmaY: Double) {
    across = GaussianBlur.weights(sigmaX)
    down = GaussianBlur.weights(sigmaY)
  }

  /// Weights at distances 0 … 3σ; both sides together sum to 1.
  private static func weights(_ sigma: Double) -> [Float] {
    let reach = max(0, Int(saturating: (3 * sigma).rounded(.up)))
    let values = (0...reach).map { Elementary.exp(-Double($0 * $0) / (2 * sigma * sigma)) }
    let sum = 2 * values.reduce(0, +) - values[0]
    return values.map { Float($0 / sum) }
  }

  /// Writes the blurred `input` (`width × height`, row after row) to `output`.
  ///
  /// Sums run over vectors of eight places that need no shift: across over the same place of eight
  /// rows, down over eight neighbours of a row.
  mutating func apply(_ input: [Float], width: Int, height: Int, into output: inout [Float]) {
    let count = width * height
    precondition(input.count == count, "the grid has width × height values")
    if output.count != count { output = [Float](repeating: 0, count: count) }
    guard count > 0 else { return }
    let blocks = (width + 7) / 8
    // Nothing comes from beyond the edges: zeros lie there, so that no place needs its own rule.
    let overhang = down.count - 1
    GaussianBlur.zero(&columns, (height + 2 * overhang) * blocks)
    GaussianBlur.zero(&strip, width + 2 * (across.count - 1))
    for y in stride(from: 0, to: height, by: 8) {
      blurAcross(input, width, rows: y..<min(y + 8, height), overhang * blocks, blocks)
    }
    for y in 0..<height {
      for block in 0..<blocks {
        let sum = GaussianBlur.sum(down, columns, at: (y + overhang) * blocks + block, blocks)
        let first = y * width + 8 * block
        for lane in 0..<min(8, width - 8 * block) { output[first + lane] = sum[lane] }
      }
    }
  }

  /// Blurs up to eight rows along x, and leaves them in `columns` from `start` on.
  private mutating func blurAcross(
    _ input: [Float], _ width: Int, rows: Range<Int>, _ start: Int, _ blocks: Int
  ) {
    // Rows without particles cost a look only: clouds leave much of a window empty.
    guard GaussianBlur.hasValue(input, rows.lowerBound * width, rows.count * width) else { return }
    let margin = across.count - 1
    for x in 0..<width {
      var places = SIMD8<Float>.zero
      for (lane, y) in rows.enumerated() { places[lane] = input[y * width + x] }
      strip[margin + x] = places
    }
    for x in 0..<width {
      let sum = GaussianBlur.sum(across, strip, at: margin + x, 1)
      for (lane, y) in rows.enumerated() {
        columns[start + y * blocks + x >> 3][x & 7] = sum[lane]
      }
    }
  }

  /// Σ_k weights[|k|] · places[at + k·stride].
  @inline(__always)
  private static func sum(
    _ weights: [Float], _ places: [SIMD8<Float>], at: Int, _ stride: Int
  ) -> SIMD8<Float> {
    var sum = weights[0] * places[at]
    var (before, behind) = (at, at)
    for weight in weights.dropFirst() {
      before -= stride
      behind += stride
      sum += weight * (places[before] + places[behind])
    }
    return sum
  }

  private static func zero(_ values: inout [SIMD8<Float>], _ count: Int) {
    if values.count == count {
      for i in 0..<count { values[i] = .zero }
    } else {
      values = [SIMD8<Float>](repeating: .zero, count: count)
    }
  }

  private static func hasValue(_ values: [Float], _ start: Int, _ count: Int) -> Bool {
    for i in start..<(start + count) where values[i] != 0 { return true }
    return false
  }
}
