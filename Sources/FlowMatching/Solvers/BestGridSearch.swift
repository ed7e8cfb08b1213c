/// The search for a `BestTimeGrid`, in slices.
public struct BestGridSearch: Sendable {
  /// The grid; nil before it is found, and where the flow cannot be followed.
  public private(set) var result: BestTimeGrid?
  /// Whether there is nothing left to do.
  public private(set) var isOver = false

  private var field: any VelocityField
  private let tableau: ButcherTableau
  private let steps: Int
  private let even: [Double]
  /// The points that choose, and those that judge.
  private let choosing, judging: Batch
  private var stage = Stage.follow
  private var costs: GridCosts?
  private var own: Judge?
  private var found: [Int] = []
  private var least = 0.0

  private enum Stage {
    case follow
    case costs(to: Int)
    case choose
    case polish(round: Int, knot: Int)
    case judge
  }

  /// How far knots are moved in each round.
  private static let shifts = [4, 2, 1, 1]

  /// A search that has not begun, see `BestTimeGrid`.
  public init(
    _ field: any VelocityField, _ tableau: ButcherTableau, steps: Int, from x0: Batch,
    candidates: Int = 64
  ) {
    precondition(
      steps > 0 && x0.count > 1, "a grid needs a step, and points to choose and to judge")
    self.field = field
    self.tableau = tableau
    self.steps = steps
    let intervals = steps * max(1, (candidates + steps - 1) / steps)
    even = (0...intervals).map { Double($0) / Double(intervals) }
    let half = x0.count / 2
    choosing = x0.points(0..<half)
    judging = x0.points(half..<x0.count)
  }

  /// Works until the budget of evaluations is used up or all is known.
  public mutating func advance(budget: inout Int) {
    while !isOver, budget > 0 { budget -= step() }
  }

  /// A piece of the work; returns its evaluations.
  private mutating func step() -> Int {
    let (intervals, n) = (even.count - 1, choosing.count)
    switch stage {
    case .follow:
      costs = GridCosts(&field, along: even, from: choosing)
      isOver = costs == nil
      stage = .costs(to: intervals)
      return 12 * intervals * n
    case .costs(let j):
      // Taken out, they are nobody else's.
      var known = costs.take()
      known?.settle(j, &field, tableau)
      costs = known
      stage = j == 1 ? .choose : .costs(to: j - 1)
      return (tableau.evaluationsPerStep * j + 48 * choosing.dimension) * n
    case .choose:
      choose()
      stage = .polish(round: 0, knot: 1)
      return 4 * solveCost
    case .polish(let round, let knot):
      guard knot < steps else {
        stage =
          round + 1 < BestGridSearch.shifts.count && steps > 1
          ? .polish(round: round + 1, knot: 1) : .judge
        return 1
      }
      own?.polish(&found, knot, by: BestGridSearch.shifts[round], even, least: &least)
      stage = .polish(round: round, knot: knot + 1)
      return 2 * solveCost
    case .judge:
      judge()
      isOver = true
      return 12 * intervals * n + 2 * solveCost
    }
  }

  private var solveCost: Int { tableau.evaluationsPerStep * steps * choosing.count }

  private var uniform: [Int] { (0...steps).map { $0 * ((even.count - 1) / steps) } }

  /// The better of two measures of cost, or equal steps.
  private mutating func choose() {
    guard let costs else { return }
    let judge = Judge(field, tableau, from: choosing, ends: costs.ends)
    found = uniform
    for other in [costs.cheapest(steps) { $0.squareRoot() }, costs.cheapest(steps) { $0 }]
    where judge.error(other.map { even[$0] }) < judge.error(found.map { even[$0] }) {
      found = other
    }
    least = judge.error(found.map { even[$0] })
    own = judge
  }

  private mutating func judge() {
    guard let costs, let judge = Judge(field, tableau, from: judging, even) else { return }
    let (times, equal) = (found.map { even[$0] }, uniform.map { even[$0] })
    let (error, uniformError) = (judge.error(times), judge.error(equal))
    guard uniformError.isFinite || error.isFinite else { return }
    // What differs by rounding alone is the same.
    let isBetter =
      !uniformError.isFinite || error < 0.999 * uniformError && uniformError > judge.rounding
    result = BestTimeGrid(
      times: isBetter ? times : equal, error: isBetter ? error : uniformError,
      uniformError: uniformError,
      localErrors: (0..<even.count - 1).map { costs.cost($0, $0 + 1).squareRoot() })
  }
}

/// Solves on a grid, against ends that are known.
private struct Judge: Sendable {
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

  /// Moves an inner knot by a shift to one side or the other, where that lessens the error.
  func polish(_ knots: inout [Int], _ k: Int, by shift: Int, _ even: [Double], least: inout Double)
  {
    for move in [-shift, shift] {
      var other = knots
      other[k] += move
      guard other[k - 1] < other[k], other[k] < other[k + 1] else { continue }
      let error = error(other.map { even[$0] })
      if error < least { (least, knots) = (error, other) }
    }
  }
}
