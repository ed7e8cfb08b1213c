#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension TheoryCheck {
  /// The identities of jumps along a flow's p_t.
  public static let jumps: [TheoryCheck] = [jumpRates, teleportRates]

  /// The least jump rates and the field move the same probability in and out of a cell; relative to the
  /// largest ∮p|u·n|.
  static let jumpRates = TheoryCheck(
    32, "jumps and flow", "[∂_t P]₊ − λP = −∮ p u·n for every cell, λ = [∂_t P]₋/P", bound: 1e-6,
    rounding: 1e-10, coefficients: [1, 1, -1]
  ) { setting, c in
    CellBalance(setting, stream: "jumps").residual(c) { cell, t in
      // P of the cell at another time, and its net rate of jumps now.
      let rate = CentralDifference.derivative(step: CentralDifference.step / setting.reach) {
        [cell.mass(at: t + $0)]
      }[0]
      let mass = cell.mass(at: t)
      let leaving = max(0, -rate) / mass
      return (max(0, rate), leaving * mass)
    }
  }

  /// The jumps of the teleport mixture of the same ends follow another p_t.
  static let teleportRates = TheoryCheck(
    32, "teleport and flow (control)", "κ̇(P₁ − P₀) = −∮ p u·n for every cell", bound: 1e-2,
    isControl: true, coefficients: [1, 1, -1]
  ) { setting, c in
    CellBalance(setting, stream: "jumps").residual(c) { cell, _ in
      (cell.mass(at: 1), cell.mass(at: 0))
    }
  }
}

/// Small square cells around draws of X_t, and what flows through their edges.
private struct CellBalance {
  let setting: TheorySetting
  var random: Random

  /// A cell, its probabilities and its edges by Gauss–Legendre quadrature.
  struct Cell {
    let setting: TheorySetting
    let centre: [Double]
    let side: Double
    static let rule = GaussLegendre(6)

    /// P_t of the cell.
    func mass(at t: Double) -> Double {
      var exact = setting.exact
      let rule = Cell.rule
      let points = rule.nodes.flatMap { a in
        rule.nodes.map { [centre[0] + side * (a - 0.5), centre[1] + side * ($0 - 0.5)] }
      }
      let weights = rule.weights.flatMap { a in rule.weights.map { a * $0 } }
      let logs = exact.logDensity(Batch(points: points), at: .shared(t))
      return side * side * zip(weights, logs).reduce(0) { $0 + $1.0 * exp($1.1) }
    }

    /// ∮p u·n, and ∮p|u·n|.
    func flux(at t: Double) -> (net: Double, size: Double) {
      var exact = setting.exact
      let rule = Cell.rule
      var (net, size) = (0.0, 0.0)
      for axis in 0..<2 {
        for sign in [-1.0, 1] {
          let points = rule.nodes.map { node in
            var point = centre
            point[axis] += 0.5 * sign * side
            point[1 - axis] += side * (node - 0.5)
            return point
          }
          let x = Batch(points: points)
          let logs = exact.logDensity(x, at: .shared(t))
          let velocity = setting.exact.velocity(x, at: t)
          for k in points.indices {
            let term = side * rule.weights[k] * exp(logs[k]) * velocity[axis, k]
            net += sign * term
            size += abs(term)
          }
        }
      }
      return (net, size)
    }
  }

  init(_ setting: TheorySetting, stream: String) {
    self.setting = setting
    random = setting.random.stream(stream)
  }

  /// The largest |a·gain − b·loss − c·(∮p u·n)| relative to the largest ∮p|u·n|.
  func residual(
    _ c: [Double], _ rates: (Cell, Double) -> (gain: Double, loss: Double)
  ) -> Double {
    var random = random
    var (worst, largest) = (0.0, 0.0)
    for t in setting.times(4, 0.1, 0.9, using: &random) {
      let x = setting.points(8, at: t, using: &random)
      for j in 0..<x.count {
        let cell = Cell(setting: setting, centre: x.point(j), side: 0.5 * setting.narrowest(at: t))
        let (gain, loss) = rates(cell, t)
        let flux = cell.flux(at: t)
        worst = worse(worst, abs(c[0] * gain - c[1] * loss - c[2] * flux.net))
        largest = worse(largest, flux.size)
      }
    }
    return worst / largest
  }
}
