#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Optimal transport up to symmetry: every x₁ is turned, mirrored and renumbered so that |x₀ − x₁|² is least
/// (Klein, Krämer and Noé, 2023, section 4.2), for four particles in the plane.
///
/// With particles as complex numbers a, b of mean 0, a rotation leaves the greatest Σ Re(ā_i e^{iφ} b_i) =
/// |Σ ā_i b_i|, and a mirror image |Σ a_i b_i|: each of the 24 permutations is one sum of four products. Along the
/// straight line between the two no angular momentum is left, Im Σ ā_i b_i = 0, so that forces along the lines
/// between particles are all that a field of such pairs needs.
public struct OrbitTransport: Coupling {
  public init() {}

  public var drawsNothing: Bool { true }

  /// All orders of four particles.
  static let permutations: [[Int]] = {
    var all: [[Int]] = []
    for a in 0..<4 {
      for b in 0..<4 where b != a {
        for c in 0..<4 where c != a && c != b { all.append([a, b, c, 6 - a - b - c]) }
      }
    }
    return all
  }()

  public mutating func pair(_ x0: inout Batch, _ x1: inout Batch, using random: inout Random) {
    for j in 0..<x1.count { OrbitTransport.align(&x1, to: x0, at: j) }
  }

  /// Replaces a molecule by that of its orbit which is nearest to another; both have the mean 0.
  static func align(_ points: inout Batch, to goal: Batch, at j: Int) {
    let n = points.count
    var (a, b) = ([SIMD2<Double>](), [SIMD2<Double>]())
    for i in 0..<4 {
      a.append(SIMD2(goal.values[2 * i * n + j], goal.values[(2 * i + 1) * n + j]))
      b.append(SIMD2(points.values[2 * i * n + j], points.values[(2 * i + 1) * n + j]))
    }
    let best = motion(of: b, to: a)
    for i in 0..<4 {
      let place = best.moved(b[best.permutation[i]])
      points.values[2 * i * n + j] = place.x
      points.values[(2 * i + 1) * n + j] = place.y
    }
  }

  /// What is done to a molecule: renumbered, mirrored by y → −y where it is, then turned.
  struct Motion {
    var permutation: [Int]
    var isMirrored: Bool
    /// e^{iφ}.
    var turn: SIMD2<Double>

    func moved(_ b: SIMD2<Double>) -> SIMD2<Double> {
      let y = isMirrored ? -b.y : b.y
      return SIMD2(turn.x * b.x - turn.y * y, turn.y * b.x + turn.x * y)
    }
  }

  /// The best motion of `b` to `a`.
  static func motion(of b: [SIMD2<Double>], to a: [SIMD2<Double>]) -> Motion {
    // ā_i b_j, and with b mirrored ā_i b̄_j, as pairs of real and imaginary part.
    var products = [SIMD4<Double>](repeating: SIMD4(), count: 16)
    for i in 0..<4 {
      for j in 0..<4 {
        let (p, q) = (a[i].x * b[j].x, a[i].y * b[j].y)
        let (r, s) = (a[i].x * b[j].y, a[i].y * b[j].x)
        products[4 * i + j] = SIMD4(p + q, r - s, p - q, -r - s)
      }
    }
    var best = (square: -1.0, index: 0, isMirrored: false, sum: SIMD2<Double>(1, 0))
    for (index, order) in permutations.enumerated() {
      let sum =
        products[order[0]] + products[4 + order[1]] + products[8 + order[2]]
        + products[12 + order[3]]
      let squares = sum * sum
      let (plain, mirrored) = (squares[0] + squares[1], squares[2] + squares[3])
      if plain > best.square { best = (plain, index, false, SIMD2(sum[0], sum[1])) }
      if mirrored > best.square { best = (mirrored, index, true, SIMD2(sum[2], sum[3])) }
    }
    let length = best.square.squareRoot()
    // e^{iφ} turns the sum on to the real axis.
    let turn = length > 0 ? SIMD2(best.sum.x / length, -best.sum.y / length) : SIMD2(1, 0)
    return Motion(
      permutation: permutations[best.index], isMirrored: best.isMirrored, turn: turn)
  }
}
