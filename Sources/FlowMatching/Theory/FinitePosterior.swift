#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The conditional velocities of a finite data set at one (t, x), with their posterior weights.
///
/// w_i = softmax(−|x − αx_i|²/2σ²), u_i = (σ̇/σ)(x − αx_i) + α̇x_i.
struct FinitePosterior {
  /// w_i.
  let weights: [Double]
  /// u_i, `d×n`.
  let velocities: Batch
  /// E[X₁|x] = Σ w_i x_i.
  let target: [Double]

  init(_ data: Batch, _ c: PathCoefficients, x: [Double]) {
    let n = data.count
    var exponents = [Double](repeating: 0, count: n)
    var velocities = data
    for j in 0..<n {
      for i in x.indices {
        let offset = x[i] - c.alpha * data[i, j]
        exponents[j] -= offset * offset / (2 * c.sigma * c.sigma)
        velocities[i, j] = c.sigmaRate / c.sigma * offset + c.alphaRate * data[i, j]
      }
    }
    let total = logSumExp(exponents)
    let weights = exponents.map { exp($0 - total) }
    self.weights = weights
    self.velocities = velocities
    target = x.indices.map { i in (0..<n).reduce(0) { $0 + weights[$1] * data[i, $1] } }
  }

  /// Σ w_i f(u_i), each term added to the sum.
  func average(_ f: (_ velocity: [Double]) -> [Double]) -> [Double] {
    var sum: [Double] = []
    for j in weights.indices {
      let value = f(velocities.point(j))
      if sum.isEmpty { sum = value.map { _ in 0 } }
      for k in value.indices { sum[k] += weights[j] * value[k] }
    }
    return sum
  }

  /// ū by way of the expected target: a(σ̇/σ)x + b(D/σ)E[X₁|x], a = b = 1.
  func marginal(_ c: PathCoefficients, x: [Double], _ a: Double, _ b: Double) -> [Double] {
    x.indices.map {
      a * c.sigmaRate / c.sigma * x[$0] + b * c.determinant / c.sigma * target[$0]
    }
  }
}

/// A small network v_θ(x, t) = A tanh(Bx + bt + c) in Double, with its gradient by θ.
struct ProbeNetwork {
  private let dimension: Int
  private let width = 12
  /// A by rows, then B by rows, b and c.
  private let theta: [Double]

  init(dimension: Int, using random: inout Random) {
    self.dimension = dimension
    theta = (0..<width * (2 * dimension + 2)).map { _ in random.normal() }
  }

  private func hidden(_ x: [Double], _ t: Double) -> [Double] {
    let shift = dimension * width
    return (0..<width).map { k in
      var sum = theta[2 * shift + k] * t + theta[2 * shift + width + k]
      for i in x.indices { sum += theta[shift + k * dimension + i] * x[i] }
      return tanh(sum)
    }
  }

  /// v_θ(x, t).
  func value(_ x: [Double], _ t: Double) -> [Double] {
    let h = hidden(x, t)
    return x.indices.map { o in
      (0..<width).reduce(0) { $0 + theta[o * width + $1] * h[$1] }
    }
  }

  /// (∂v/∂θ)ᵀg.
  func gradient(_ x: [Double], _ t: Double, _ g: [Double]) -> [Double] {
    let h = hidden(x, t)
    var (outer, inner, times, biases) = ([Double](), [Double](), [Double](), [Double]())
    for o in x.indices { for k in 0..<width { outer.append(g[o] * h[k]) } }
    for k in 0..<width {
      var delta = 0.0
      for o in x.indices { delta += g[o] * theta[o * width + k] }
      delta *= 1 - h[k] * h[k]
      inner += x.map { delta * $0 }
      times.append(delta * t)
      biases.append(delta)
    }
    return outer + inner + times + biases
  }
}

/// A few places (t, x) where a small network and a finite data set of the setting's meet.
struct FinitePlaces {
  let network: ProbeNetwork
  /// One for each place.
  let places: [(t: Double, x: [Double], c: PathCoefficients, posterior: FinitePosterior)]

  init(_ setting: TheorySetting, stream: String) {
    var random = setting.random.stream(stream)
    network = ProbeNetwork(dimension: setting.dimension, using: &random)
    // In units of their own spread and around their centre: beside far points the network would be 0,
    // and every point's weight 1 or 0.
    let drawn = setting.dataset.distribution.sample(count: 100, using: &random)
    let data = Standardisation(of: drawn)?.applied(to: drawn) ?? drawn
    places = setting.times(12, 0.1, 0.9, using: &random).map { t in
      let c = setting.scheduler.coefficients(at: t)
      let near = data.point(random.integer(below: data.count))
      let x = near.map { c.alpha * $0 + c.sigma * random.normal() }
      return (t, x, c, FinitePosterior(data, c, x: x))
    }
  }

  /// The largest |a − b| over all places, relative to the largest |b|.
  func difference(
    _ pair: (_ t: Double, _ x: [Double], _ c: PathCoefficients, FinitePosterior) -> (
      a: [Double], b: [Double]
    )
  ) -> Double {
    var (worst, largest) = (0.0, 0.0)
    for place in places {
      let (a, b) = pair(place.t, place.x, place.c, place.posterior)
      for k in a.indices {
        worst = worse(worst, abs(a[k] - b[k]))
        largest = worse(largest, abs(b[k]))
      }
    }
    return worst / largest
  }
}
