#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What a network of pairs reads of four particles in the plane: of every pair its distance and the time.
///
/// The distance is s = √(|x_i − x_j|² + 0.01), smooth where two particles meet; the features are s/4 − 1, sixteen
/// Gaussians of s that stand as wide apart as they are, t, cos πt and cos 2πt.
struct PairInputs: Sendable {
  /// The Gaussians' number, and how far they stand apart.
  static let bells = 16
  static let spacing = 0.6
  /// The number of features.
  static let features = 1 + bells + 3
  /// What is added to a squared distance.
  static let softening = 0.01

  /// The ways x_i − x_j of the pairs, 12×n, x before y.
  private(set) var ways: [Double] = []
  /// Their lengths s, 6×n.
  private(set) var lengths: [Double] = []
  /// The features, feature f of pair e in row 6f + e.
  private(set) var features: [Double] = []
  /// How they change with s; empty until asked for.
  private(set) var slopes: [Double] = []
  private var count = -1

  /// Takes the points of an 8×n batch at their times; nothing is allocated from the second of a size on.
  mutating func load(_ x: Batch, at t: Times, slopes hasSlopes: Bool) {
    precondition(x.dimension == 2 * DoubleWells.particles, "four particles have eight coordinates")
    let n = x.count
    let pairs = DoubleWells.pairs
    if n != count {
      count = n
      ways = [Double](repeating: 0, count: 2 * pairs * n)
      lengths = [Double](repeating: 0, count: pairs * n)
      features = [Double](repeating: 0, count: PairInputs.features * pairs * n)
      slopes = []
    }
    if hasSlopes && slopes.count != features.count {
      slopes = [Double](repeating: 0, count: features.count)
    }
    for (e, (a, b)) in ParticlePairs.all.enumerated() {
      for j in 0..<n {
        let dx = x.values[2 * a * n + j] - x.values[2 * b * n + j]
        let dy = x.values[(2 * a + 1) * n + j] - x.values[(2 * b + 1) * n + j]
        ways[2 * e * n + j] = dx
        ways[(2 * e + 1) * n + j] = dy
        let s = (dx * dx + dy * dy + PairInputs.softening).squareRoot()
        lengths[e * n + j] = s
        write(s, e * n + j, pairs * n, hasSlopes)
      }
    }
    writeTimes(t, n)
  }

  /// The features of a distance at a place; the next feature stands `stride` further.
  private mutating func write(_ s: Double, _ place: Int, _ stride: Int, _ hasSlopes: Bool) {
    features[place] = 0.25 * s - 1
    // e^{−(z−k)²/2} of neighbours differ by e^{z−k−½}: two exponentials serve all sixteen.
    let z = s / PairInputs.spacing
    let nearest = min(max(z.rounded(), 0), Double(PairInputs.bells - 1))
    let centre = exp(-0.5 * (z - nearest) * (z - nearest))
    let step = exp(z - nearest)
    let start = Int(nearest)
    let root = 0.606_530_659_712_633_4  // e^{−½}
    let drop = root * root
    var (bell, factor) = (centre, step * root)
    for k in start..<PairInputs.bells {
      features[place + (1 + k) * stride] = bell
      bell *= factor
      factor *= drop
    }
    (bell, factor) = (centre, root / step)
    for k in Swift.stride(from: start - 1, to: -1, by: -1) {
      bell *= factor
      factor *= drop
      features[place + (1 + k) * stride] = bell
    }
    guard hasSlopes else { return }
    slopes[place] = 0.25
    for k in 0..<PairInputs.bells {
      slopes[place + (1 + k) * stride] =
        -(z - Double(k)) / PairInputs.spacing * features[place + (1 + k) * stride]
    }
  }

  private mutating func writeTimes(_ t: Times, _ n: Int) {
    let pairs = DoubleWells.pairs
    let first = (1 + PairInputs.bells) * pairs * n
    for j in 0..<n {
      let time = t[j]
      let (one, two) = (cos(.pi * time), cos(2 * .pi * time))
      for e in 0..<pairs {
        features[first + e * n + j] = time
        features[first + (pairs + e) * n + j] = one
        features[first + (2 * pairs + e) * n + j] = two
      }
    }
  }

  /// v_i = Σ_j φ_ij (x_i − x_j) of φ, 6×n.
  func velocities(_ answers: [Double], into velocity: inout Batch) {
    let n = count
    for k in velocity.values.indices { velocity.values[k] = 0 }
    for (e, (a, b)) in ParticlePairs.all.enumerated() {
      for axis in 0..<2 {
        for j in 0..<n {
          let push = answers[e * n + j] * ways[(2 * e + axis) * n + j]
          velocity.values[(2 * a + axis) * n + j] += push
          velocity.values[(2 * b + axis) * n + j] -= push
        }
      }
    }
  }

  /// ∇·v = Σ_e 4φ_e + Σ_{e,f} c_ef ∂φ_e/∂s_f (w_e·w_f)/s_f with the ways w, where c is 2 for a pair with itself,
  /// ±1 where two pairs share a particle, 0 where they share none; the changes are 36×n, row 6e + f.
  func divergences(_ answers: [Double], _ changes: [Double], into divergence: inout [Double]) {
    let n = count
    let all = ParticlePairs.all
    for j in divergence.indices { divergence[j] = 0 }
    for (e, one) in all.enumerated() {
      for j in 0..<n { divergence[j] += 4 * answers[e * n + j] }
      for (f, other) in all.enumerated() {
        let shared =
          (one.0 == other.0 ? 1.0 : 0) + (one.1 == other.1 ? 1 : 0) - (one.0 == other.1 ? 1 : 0)
          - (one.1 == other.0 ? 1 : 0)
        if shared == 0 { continue }
        for j in 0..<n {
          let along =
            ways[2 * e * n + j] * ways[2 * f * n + j]
            + ways[(2 * e + 1) * n + j] * ways[(2 * f + 1) * n + j]
          divergence[j] += shared * changes[(6 * e + f) * n + j] * along / lengths[f * n + j]
        }
      }
    }
  }

  /// εᵀ(∂v/∂x)ε of 8×n probes ε.
  func probed(
    _ answers: [Double], _ changes: [Double], _ probes: Batch, into divergence: inout [Double]
  ) {
    let (n, all) = (count, ParticlePairs.all)
    for j in 0..<n {
      // ẇ of every way along the probe, and how its length changes.
      var (dx, dy, ds) = (SIMD8<Double>(), SIMD8<Double>(), SIMD8<Double>())
      for (e, (a, b)) in all.enumerated() {
        dx[e] = probes.values[2 * a * n + j] - probes.values[2 * b * n + j]
        dy[e] = probes.values[(2 * a + 1) * n + j] - probes.values[(2 * b + 1) * n + j]
        ds[e] =
          (ways[2 * e * n + j] * dx[e] + ways[(2 * e + 1) * n + j] * dy[e]) / lengths[e * n + j]
      }
      // ε·v̇ = Σ_e (ε_i − ε_j)·(φ̇_e w_e + φ_e ẇ_e).
      var sum = 0.0
      for e in all.indices {
        var change = 0.0
        for f in all.indices { change += changes[(6 * e + f) * n + j] * ds[f] }
        sum += change * (dx[e] * ways[2 * e * n + j] + dy[e] * ways[(2 * e + 1) * n + j])
        sum += answers[e * n + j] * (dx[e] * dx[e] + dy[e] * dy[e])
      }
      divergence[j] = sum
    }
  }
}
