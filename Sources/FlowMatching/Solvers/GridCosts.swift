/// The trajectories at the candidates, the Jacobians from there to t = 1, and what a step costs.
struct GridCosts: Sendable {
  let even: [Double]
  private var knots: [Knot] = []
  /// ∂x(1)/∂x(t) of every point at the candidate at hand, `d·d×n`, row-major.
  private var jacobian: Batch
  private var costs: [Double] = []

  /// Where the points arrive.
  var ends: Batch { knots[knots.count - 1].x }

  /// The trajectories of points; nil where they cannot be followed. Costs are set afterwards, from the last
  /// candidate to the first.
  init?(_ field: inout any VelocityField, along even: [Double], from x0: Batch) {
    self.even = even
    let (d, n) = (x0.dimension, x0.count)
    jacobian = Batch(dimension: d * d, count: n)
    for i in 0..<d { for j in 0..<n { jacobian[i * d + i, j] = 1 } }
    costs = [Double](repeating: .infinity, count: even.count * even.count)
    var solve = Integrator(.dop853, control: .grid(even), from: x0)
    while solve.status == .running {
      _ = solve.advance(&field, budget: .max)
      if solve.isKnotReady, knots.last?.t != solve.knot.t { knots.append(solve.knot) }
    }
    guard solve.status == .finished, knots.count == even.count,
      knots.allSatisfy({ $0.x.isFinite })
    else { return nil }
  }

  /// The mean square of the error of one step from candidate i to j, at t = 1.
  func cost(_ i: Int, _ j: Int) -> Double { costs[i * even.count + j] }

  /// The knots of so many steps whose costs, counted by `measure`, have the least sum.
  func cheapest(_ steps: Int, _ measure: (Double) -> Double) -> [Int] {
    let last = even.count - 1
    var best = [Double](repeating: .infinity, count: even.count)
    best[0] = 0
    var origins: [[Int]] = []
    for _ in 0..<steps {
      var next = [Double](repeating: .infinity, count: even.count)
      var origin = [Int](repeating: 0, count: even.count)
      for j in 1...last {
        for i in 0..<j where best[i] < .infinity {
          let sum = best[i] + measure(cost(i, j))
          if sum < next[j] { (next[j], origin[j]) = (sum, i) }
        }
      }
      origins.append(origin)
      best = next
    }
    var way = [last]
    for origin in origins.reversed() { way.append(origin[way[way.count - 1]]) }
    return way.reversed()
  }

  /// The costs of all steps that end at candidate j, and then the Jacobian at the one before it.
  mutating func settle(
    _ j: Int, _ field: inout any VelocityField, _ tableau: ButcherTableau
  ) {
    var method = RungeKutta(tableau)
    var (next, error) = (knots[0], knots[0].x)
    for i in 0..<j {
      method.step(&field, from: knots[i], by: even[j] - even[i], to: &next, error: &error)
      costs[i * even.count + j] = carried(next.x, to: j)
    }
    // No step ends at the start.
    if j > 1 { stepBack(from: j, &field) }
  }

  /// ∂x(1)/∂x(t_{j−1}) = ∂x(1)/∂x(t_j)·∂x(t_j)/∂x(t_{j−1}), the last by central differences of a solve.
  private mutating func stepBack(from j: Int, _ field: inout any VelocityField) {
    let (d, n) = (knots[0].x.dimension, knots[0].x.count)
    var product = Batch(dimension: d * d, count: n)
    for column in 0..<d {
      let change = CentralDifference.derivative { shift in
        Integrator.ends(
          &field, .dop853, control: .fixed(steps: 1),
          from: knots[j - 1].x.moved(column, by: shift), start: even[j - 1], end: even[j]
        ).values
      }
      for i in 0..<d {
        for k in 0..<d {
          for p in 0..<n {
            product[i * d + column, p] += jacobian[i * d + k, p] * change[k * n + p]
          }
        }
      }
    }
    jacobian = product
  }

  /// The mean |J(x − x*)|² of points at candidate j.
  private func carried(_ x: Batch, to j: Int) -> Double {
    let (d, n) = (x.dimension, x.count)
    var sum = 0.0
    for p in 0..<n {
      for i in 0..<d {
        var value = 0.0
        for k in 0..<d { value += jacobian[i * d + k, p] * (x[k, p] - knots[j].x[k, p]) }
        sum += value * value
      }
    }
    return sum.isFinite ? sum / Double(n) : .infinity
  }
}
