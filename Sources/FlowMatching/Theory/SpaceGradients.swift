extension SpaceCheck {
  /// Flow matching and conditional flow matching have the same gradient in the metric of the space, for
  /// a network whose answer is projected on to the tangent plane (Chen and Lipman, 2024, eq. 11).
  static let gradients = SpaceCheck(
    19, "∇FM = ∇CFM in the metric", "∇_θ|Pf − ū|² = Σ w_i ∇_θ|Pf − u_i|²", bound: 1e-10,
    coefficients: [1, 1]
  ) { setting, c in
    gradientDifference(setting, c) { _, _, conditional in conditional }
  }

  /// Conditional velocities of the straight paths have another mean.
  static let straightGradients = SpaceCheck(
    19, "straight velocities (control)", "∇_θ|Pf − ū|² = Σ w_i ∇_θ|Pf − P(y_i − y)/(1 − t)|²",
    bound: 1e-2, isControl: true, coefficients: [1, 1]
  ) { setting, c in
    gradientDifference(setting, c) { i, place, _ in
      setting.chords(place.x, to: setting.data.point(i)).values.map { $0 / (1 - place.t) }
    }
  }

  /// The difference of both sides at a few places, relative to the largest component.
  private static func gradientDifference(
    _ setting: SpaceTheorySetting, _ c: [Double],
    velocity: (_ index: Int, _ place: (x: Batch, t: Double), _ conditional: [Double]) -> [Double]
  ) -> Double {
    let space = setting.space
    var random = setting.random.stream("gradients")
    let network = ProbeNetwork(dimension: space.coordinates, using: &random)
    let posterior = GeodesicPosterior(setting)
    let field = space.pointField(to: setting.data, weights: nil)
    var (worst, largest) = (0.0, 0.0)
    for t in setting.times(12, using: &random) {
      let places = setting.points(8, at: t, using: &random)
      for j in 0..<places.count {
        let x = places.points(j..<j + 1)
        let f = network.value(x.point(0), t)
        // (∂f)ᵀ 2P(Pf − u) for a velocity u.
        func gradient(_ u: [Double]) -> [Double] {
          var pull = Batch(dimension: space.coordinates, values: f)
          space.makeTangent(&pull, at: x)
          for k in pull.values.indices { pull.values[k] = 2 * (pull.values[k] - u[k]) }
          space.makeTangent(&pull, at: x)
          return network.gradient(x.point(0), t, pull.values)
        }
        let exact = gradient(field.velocity(x, at: t).values.map { c[0] * $0 })
        var sum = [Double](repeating: 0, count: exact.count)
        let (weights, conditional) = (posterior.weights(x, at: t), posterior.velocities(x, at: t))
        for i in weights.indices where weights[i][0] > 0 {
          let terms = gradient(velocity(i, (x, t), conditional[i].values))
          for k in sum.indices { sum[k] += c[1] * weights[i][0] * terms[k] }
        }
        for k in sum.indices {
          worst = worse(worst, abs(sum[k] - exact[k]))
          largest = worse(largest, abs(exact[k]))
        }
      }
    }
    return worst / largest
  }
}
