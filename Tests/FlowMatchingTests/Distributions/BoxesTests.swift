import Testing

@testable import FlowMatching

@Suite struct BoxesTests {
  static let pair = Boxes(
    lows: [[0, 0], [-2, 1]], highs: [[1, 0.5], [-1.5, 3]], weights: [1, 3], noise: 0.2)

  @Test("boxes without weights are uniform on their union, a box owning its lower sides")
  func uniform() {
    let boxes = Boxes(lows: [[0, 0], [1, 0]], highs: [[1, 1], [3, 1]])
    #expect(abs(boxes.weights[0] - 1.0 / 3) < 1e-15)
    let p = boxes.logDensity(
      Batch(points: [[0, 0], [1, 0.5], [2.9, 0.9], [3, 0.5], [0.5, 1]]))
    #expect(p[0...2].allSatisfy { abs($0 + logarithm(3)) < 1e-12 })
    #expect(p[3] == -.infinity && p[4] == -.infinity)
  }

  @Test("with noise the density is the boxes' convolution with a Gaussian, and draws agree with it")
  func noisy() {
    // ∫ p = 1 and the mean of −log p over draws is −∫ p log p, both on one grid.
    let h = 0.04
    let points = (0..<150).flatMap { i in
      (0..<140).map { j in [-3.4 + h * Double(i), -1.2 + h * Double(j)] }
    }
    let logs = Self.pair.logDensity(Batch(points: points))
    let mass = logs.reduce(0) { $0 + exponential($1) } * h * h
    #expect(abs(mass - 1) < 1e-6)
    let entropy = -logs.reduce(0) { $0 + exponential($1) * $1 } * h * h
    var random = Random(seed: 4)
    let draws = Self.pair.sample(count: 20_000, using: &random)
    expectMean(of: Self.pair.logDensity(draws).map { -$0 }, entropy)
    expectMean(of: (0..<20_000).map { draws[0, $0] }, 0.25 * 0.5 - 0.75 * 1.75)
  }

  @Test("a truncated normal has its mean and variance from the middle to the far tail")
  func intervals() {
    // Mass, mean and variance by mpmath with 40 digits.
    for (a, b, logMean, mean, variance) in [
      (-1.0, 2.0, -1.298_778_582_99, 0.229_637_179_091, 0.519_762_539_212),
      (-7.0, 9.0, -2.772_588_722_24, 9.134_719e-12, 0.999_999_999_936),
      (0.5, 6.0, -2.880_659_857_03, 1.141_077_754_32, 0.268_480_327_44),
      (3.0, 3.001, -5.420_438_324_75, 3.000_499_749_96, 8.333_329_304e-8),
      (15.0, 19.0, -117.517_679_206_832, 15.066_086_827_167_8, 0.004_330_123_757_56),
    ] {
      for sign in [1.0, -1] {
        let interval = NormalInterval(min(sign * a, sign * b), max(sign * a, sign * b))
        let width = b - a
        let fraction = sign > 0 ? interval.fraction : 1 - interval.fraction
        #expect(abs(interval.logMeanDensity - logMean) < 1e-10 * max(1, abs(logMean)))
        #expect(abs(a + width * fraction - mean) < 1e-10)
        #expect(abs(interval.spread * width * width / variance - 1) < 1e-9)
      }
    }
  }

  @Test("the ways to integrate an interval agree where one takes over from another")
  func seams() {
    // A mass is the sum of the masses of its parts, whichever way each goes.
    for (a, b) in [(-3.0, 8.0), (0.2, 6), (5, 12), (19, 60), (21, 70), (-40, 1), (30, 31)] {
      let whole = NormalInterval(a, b)
      let parts = 16
      let step = (b - a) / Double(parts)
      let pieces = (0..<parts).map { k in
        NormalInterval(a + step * Double(k), a + step * Double(k + 1))
      }
      let sum = logSumExp(pieces.map { $0.logMeanDensity - logarithm(Double(parts)) })
      #expect(abs(sum - whole.logMeanDensity) < 1e-11 * max(1, abs(sum)), "\(a), \(b)")
      let mean = pieces.enumerated().reduce(0.0) { total, piece in
        let share = exponential(
          piece.element.logMeanDensity - logarithm(Double(parts)) - whole.logMeanDensity)
        return total + share * (Double(piece.offset) + piece.element.fraction) / Double(parts)
      }
      #expect(abs(mean - whole.fraction) < 1e-10, "\(a), \(b)")
    }
  }

  @Test("an interval of width 0 has the density of its point")
  func point() {
    let interval = NormalInterval(1.5, 1.5)
    #expect(abs(interval.logMeanDensity + 0.5 * 2.25 + 0.918_938_533) < 1e-8)
    #expect(abs(interval.fraction - 0.5) < 1e-14 && abs(interval.spread - 1 / 12.0) < 1e-14)
  }
}
