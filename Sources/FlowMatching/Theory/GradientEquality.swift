#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension TheoryCheck {
  /// Flow matching and conditional flow matching have the same gradient (Lipman et al., 2023, theorem
  /// 2), at each (t, x) of a finite data set; relative to the largest component.
  static let gradients = TheoryCheck(
    6, "∇FM = ∇CFM", "∇_θ|v − ū|² = Σ w_i ∇_θ|v − u_i|²", bound: 1e-10, coefficients: [1, 1]
  ) { setting, c in
    let places = FinitePlaces(setting, stream: "gradients")
    return places.difference { t, x, path, posterior in
      let v = places.network.value(x, t)
      func gradient(_ u: [Double]) -> [Double] {
        places.network.gradient(x, t, zip(v, u).map { 2 * ($0 - $1) })
      }
      return (
        gradient(posterior.marginal(path, x: x, c[0], c[1])), posterior.average(gradient)
      )
    }
  }

  /// From n draws of x₁ given x the CFM gradient's error falls as n^(−½): the slope of its root mean
  /// square over 400 repeats between n = 16 and 1024, beside −½.
  static let gradientNoise = TheoryCheck(
    6, "Monte-Carlo CFM gradients", "|∇CFM_n − ∇FM| ∝ n^(−½)", bound: 0.1, needsSpread: true,
    coefficients: [-0.5]
  ) { setting, c in
    let places = FinitePlaces(setting, stream: "gradient noise")
    var random = setting.random.stream("gradient noise draws")
    let place = places.places[0]
    let v = places.network.value(place.x, place.t)
    func gradient(_ u: [Double]) -> [Double] {
      places.network.gradient(place.x, place.t, zip(v, u).map { 2 * ($0 - $1) })
    }
    let exact = gradient(place.posterior.marginal(place.c, x: place.x, 1, 1))
    var cumulative = place.posterior.weights
    for j in 1..<cumulative.count { cumulative[j] += cumulative[j - 1] }
    func rootMeanSquare(_ n: Int) -> Double {
      var sum = 0.0
      for _ in 0..<400 {
        // The gradient is linear in u: that of the mean velocity is the mean gradient.
        var mean = [Double](repeating: 0, count: place.x.count)
        for _ in 0..<n {
          let u = random.uniform()
          let j = cumulative.firstIndex { u < $0 } ?? cumulative.count - 1
          for i in mean.indices { mean[i] += place.posterior.velocities[i, j] / Double(n) }
        }
        for (a, b) in zip(gradient(mean), exact) { sum += (a - b) * (a - b) }
      }
      return (sum / 400).squareRoot()
    }
    let slope = log(rootMeanSquare(1024) / rootMeanSquare(16)) / log(64)
    return abs(slope - c[0])
  }
}
