extension SpaceCheck {
  /// The marginal field is tangent, and has one value at a point whatever its coordinates.
  static let tangentField = SpaceCheck(
    17, "tangent field", "Pu = u; u(x) is the same for every name of x", bound: 1e-10,
    coefficients: [1, 1]
  ) { setting, c in
    tangency(setting, c) { x, t in
      setting.field.velocity(x, at: t)
    }
  }

  /// The mean of the straight ways through the coordinates is not.
  static let straightTangent = SpaceCheck(
    17, "mean of straight ways (control)", "P(E[x₁] − x) = E[x₁] − x for every name of x",
    bound: 1e-2, isControl: true, coefficients: [1, 1]
  ) { setting, c in
    tangency(setting, c) { x, t in
      var mean = x
      for k in mean.values.indices { mean.values[k] = 0 }
      for i in 0..<setting.data.count {
        let ways = setting.straightWays(x, to: setting.data.point(i))
        for k in mean.values.indices {
          mean.values[k] += ways.values[k] / ((1 - t) * Double(setting.data.count))
        }
      }
      return mean
    }
  }

  /// The largest difference of a field from its projection and from its value under another name,
  /// relative to its largest value.
  private static func tangency(
    _ setting: SpaceTheorySetting, _ c: [Double], field: (_ x: Batch, _ t: Double) -> Batch
  ) -> Double {
    var random = setting.random.stream("tangent")
    var (worst, largest) = (0.0, 0.0)
    for t in setting.times(4, using: &random) {
      let x = setting.points(16, at: t, using: &random)
      let u = field(x, t)
      var projected = u
      setting.space.makeTangent(&projected, at: x)
      let renamed = field(setting.space.renamed(x), t)
      for k in u.values.indices {
        worst = worse(worst, abs(c[0] * u.values[k] - projected.values[k]))
        worst = worse(worst, abs(c[1] * u.values[k] - renamed.values[k]))
        largest = worse(largest, abs(u.values[k]))
      }
    }
    return worst / largest
  }
}
