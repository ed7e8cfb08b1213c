#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Gauss–Legendre quadrature on [0, 1].
struct GaussLegendre: Sendable, Hashable {
  /// The nodes in (0, 1), rising.
  let nodes: [Double]
  /// Their weights, of sum 1.
  let weights: [Double]

  /// The rule with `count` ≥ 1 nodes, exact for polynomials of degree 2·count − 1.
  ///
  /// The nodes are the roots of the Legendre polynomial, by Newton's method from Tricomi's guess.
  init(_ count: Int) {
    precondition(count > 0, "a rule needs a node")
    var nodes = [Double](repeating: 0, count: count)
    var weights = nodes
    for k in 0..<count {
      var x = -cos(Double.pi * (Double(k) + 0.75) / (Double(count) + 0.5))
      var slope = 1.0
      for _ in 0..<100 {
        var (before, value) = (0.0, 1.0)
        for n in 1...count {
          let degree = Double(n)
          (before, value) = (value, ((2 * degree - 1) * x * value - (degree - 1) * before) / degree)
        }
        slope = Double(count) * (x * value - before) / (x * x - 1)
        let change = value / slope
        x -= change
        if abs(change) < 1e-15 { break }
      }
      nodes[k] = 0.5 * (1 + x)
      weights[k] = 1 / ((1 - x * x) * slope * slope)
    }
    self.nodes = nodes
    self.weights = weights
  }

  /// ∫₀¹ f(t) dt.
  func integrate(_ f: (Double) -> Double) -> Double {
    var sum = 0.0
    for k in nodes.indices { sum += weights[k] * f(nodes[k]) }
    return sum
  }
}
