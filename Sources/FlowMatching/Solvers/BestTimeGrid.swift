/// The N steps of a method that bring the points of a flow nearest to their own ends.
///
/// Knots are chosen among equally spaced candidates by dynamic programming. A step's cost is the error that it
/// makes from the flow's own trajectory, carried to t = 1 by the flow's Jacobian: local errors alone mislead,
/// since a flow contracts some and stretches others. Costs add as lengths or as squares; the better of both is
/// then moved knot by knot while the error at the end falls. On other points it is held against equal steps,
/// and whatever is better of the two is the answer.
public struct BestTimeGrid: Sendable, Hashable {
  /// The N + 1 times, from 0 to 1.
  public let times: [Double]
  /// √(mean |x − x*|²) at t = 1 over points that had no part in the choice: of these times, and of equal steps.
  public let error, uniformError: Double
  /// RMS of each candidate interval's error carried to t = 1, from its own start: where a flow bends.
  public let localErrors: [Double]

  /// Whether it is not that of equal steps.
  public var isBetter: Bool { error < uniformError }

  /// σ = 1 − t of every time.
  public var sigmas: [Double] { times.map { 1 - $0 } }

  /// The knots of N steps for a field from `d×n` points at t = 0, half of which choose and half judge; nil
  /// where the flow could not be followed.
  public init?(
    _ field: any VelocityField, _ tableau: ButcherTableau, steps: Int, from x0: Batch,
    candidates: Int = 64
  ) {
    precondition(
      steps > 0 && x0.count > 1, "a grid needs a step, and points to choose and to judge")
    let intervals = steps * max(1, (candidates + steps - 1) / steps)
    let even = (0...intervals).map { Double($0) / Double(intervals) }
    let half = x0.count / 2
    let choosing = x0.points(0..<half)
    guard
      let search = Search(field, tableau, along: even, from: choosing),
      let judge = Judge(field, tableau, from: x0.points(half..<x0.count), even)
    else { return nil }
    localErrors = (0..<intervals).map { search.cost($0, $0 + 1).squareRoot() }
    let own = Judge(field, tableau, from: choosing, ends: search.ends)
    let uniform = (0...steps).map { $0 * (intervals / steps) }
    var found = uniform
    for other in [search.cheapest(steps) { $0.squareRoot() }, search.cheapest(steps) { $0 }]
    where own.error(other.map { even[$0] }) < own.error(found.map { even[$0] }) { found = other }
    own.polish(&found, even)
    let (times, equal) = (found.map { even[$0] }, uniform.map { even[$0] })
    let (error, uniformError) = (judge.error(times), judge.error(equal))
    guard uniformError.isFinite || error.isFinite else { return nil }
    self.uniformError = uniformError
    // What differs by rounding alone is the same.
    let isBetter =
      !uniformError.isFinite || error < 0.999 * uniformError && uniformError > judge.rounding
    self.times = isBetter ? times : equal
    self.error = isBetter ? error : uniformError
  }
}

/// Solves on a grid, against ends that are known.
private struct Judge {
  let field: any VelocityField
  let tableau: ButcherTableau
  let start, ends: Batch

  init(
    _ field: any VelocityField, _ tableau: ButcherTableau, from start: Batch, ends: Batch
  ) {
    self.field = field
    self.tableau = tableau
    self.start = start
    self.ends = ends
  }

  /// The same with ends of its own; nil where there are none.
  init?(
    _ field: any VelocityField, _ tableau: ButcherTableau, from start: Batch, _ even: [Double]
  ) {
    var own = field
    let end = Integrator.solve(&own, .dop853, control: .grid(even), from: start)
    guard end.t == 1, end.x.isFinite else { return nil }
    self.init(field, tableau, from: start, ends: end.x)
  }

  /// Below this an error at the ends is rounding.
  var rounding: Double {
    1e-12 * (ends.values.reduce(1) { max($0, abs($1)) })
  }

  func error(_ times: [Double]) -> Double {
    var own = field
    let end = Integrator.solve(&own, tableau, control: .grid(times), from: start)
    guard end.t == 1, end.x.isFinite else { return .infinity }
    return end.x.rootMeanSquareDistance(to: ends)
  }

  /// Moves inner knots one by one to where the error is least, as long as it falls.
  func polish(_ knots: inout [Int], _ even: [Double]) {
    var least = error(knots.map { even[$0] })
    for shift in [4, 2, 1, 1] {
      for k in knots.indices.dropFirst().dropLast() {
        for move in [-shift, shift] {
          var other = knots
          other[k] += move
          guard other[k - 1] < other[k], other[k] < other[k + 1] else { continue }
          let error = error(other.map { even[$0] })
          if error < least { (least, knots) = (error, other) }
        }
      }
    }
  }
}

/// The trajectories at the candidates, the Jacobians from there to t = 1, and what a step costs.
private struct Search {
  let even: [Double]
  private var knots: [Knot] = []
  /// ∂x(1)/∂x(t_j) of every point, `d·d×n`, row-major.
  private var jacobians: [Batch] = []
  private var costs: [Double] = []

  /// Where the points arrive.
  var ends: Batch { knots[knots.count - 1].x }

  init?(
    _ field: any VelocityField, _ tableau: ButcherTableau, along even: [Double], from x0: Batch
  ) {
    self.even = even
    var own = field
    var solve = Integrator(.dop853, control: .grid(even), from: x0)
    while solve.status == .running {
      _ = solve.advance(&own, budget: .max)
      if solve.isKnotReady, knots.last?.t != solve.knot.t { knots.append(solve.knot) }
    }
    guard solve.status == .finished, knots.count == even.count,
      knots.allSatisfy({ $0.x.isFinite })
    else { return nil }
    setJacobians(&own)
    setCosts(&own, tableau)
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

  /// Products of the Jacobians of all intervals from the end, each by central differences of a solve.
  private mutating func setJacobians(_ field: inout any VelocityField) {
    let x = knots[0].x
    let (d, n) = (x.dimension, x.count)
    var jacobian = Batch(dimension: d * d, count: n)
    for i in 0..<d { for j in 0..<n { jacobian[i * d + i, j] = 1 } }
    jacobians = [Batch](repeating: jacobian, count: even.count)
    let h = 1e-5
    for interval in (0..<even.count - 1).reversed() {
      let later = jacobians[interval + 1]
      var product = Batch(dimension: d * d, count: n)
      for column in 0..<d {
        func end(_ shift: Double) -> Batch {
          Integrator.solve(
            &field, .dop853, control: .fixed(steps: 1),
            from: knots[interval].x.moved(column, by: shift), start: even[interval],
            end: even[interval + 1]
          ).x
        }
        let (after, before) = (end(h), end(-h))
        for i in 0..<d {
          for k in 0..<d {
            for j in 0..<n {
              product[i * d + column, j] +=
                later[i * d + k, j] * (after[k, j] - before[k, j]) / (2 * h)
            }
          }
        }
      }
      jacobians[interval] = product
    }
  }

  private mutating func setCosts(_ field: inout any VelocityField, _ tableau: ButcherTableau) {
    let count = even.count
    costs = [Double](repeating: .infinity, count: count * count)
    var method = RungeKutta(tableau)
    var (next, error) = (knots[0], knots[0].x)
    for i in 0..<count - 1 {
      for j in i + 1..<count {
        method.step(&field, from: knots[i], by: even[j] - even[i], to: &next, error: &error)
        costs[i * count + j] = carried(next.x, to: j)
      }
    }
  }

  /// The mean |J(x − x*)|² of points at candidate j.
  private func carried(_ x: Batch, to j: Int) -> Double {
    let (d, n) = (x.dimension, x.count)
    var sum = 0.0
    for p in 0..<n {
      for i in 0..<d {
        var value = 0.0
        for k in 0..<d {
          value += jacobians[j][i * d + k, p] * (x[k, p] - knots[j].x[k, p])
        }
        sum += value * value
      }
    }
    return sum.isFinite ? sum / Double(n) : .infinity
  }
}
