/// What a step does to the points of a grid's cells: with which probability they leave, and where to.
public struct GridJumps: Sendable, Hashable {
  /// The probability of leaving each cell.
  public let leaving: [Double]
  /// The cumulative probabilities of the cells where jumps lead; empty where there are none.
  let arrivals: [Double]

  /// The least jumps from probabilities `p` to `q`: as little as can be leaves, and nothing arrives
  /// where something leaves.
  ///
  /// The rate λ = [∂_t p]₋/p with destinations ∝ [∂_t p]₊, over the whole of a step: [q − p]₋/p, so
  /// that p becomes q exactly, however long the step is.
  public init(from p: [Double], to q: [Double]) {
    precondition(p.count == q.count, "cells of one grid")
    leaving = zip(p, q).map { $0 > $1 ? ($0 - $1) / $0 : 0 }
    var sum = 0.0
    var arrivals: [Double] = []
    for (before, after) in zip(p, q) {
      sum += max(0, after - before)
      arrivals.append(sum)
    }
    self.arrivals = sum > 0 ? arrivals.map { $0 / sum } : []
  }

  /// The cell where a jump leads, from a uniform variate.
  func destination(_ u: Double) -> Int {
    var (low, high) = (0, arrivals.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if u < arrivals[middle] { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

/// A resumable way of points along p_t by jumps alone: between jumps they stand still.
///
/// Points leave their cell of a grid for another where p_t grows, at the least rate that keeps p_t
/// there. A point that arrives is uniform in its cell; one outside the box counts as in the nearest.
/// The same seed gives the same bits whatever the budgets.
public struct JumpProcess<Density: PlanarDensity>: Sendable {
  /// The cells.
  public let grid: PlanarGrid
  /// The number of steps.
  public let steps: Int
  /// Where the way stands; it cannot fail.
  public private(set) var status = Integrator.Status.running
  /// The time that `state` belongs to.
  public private(set) var t: Double
  /// The last complete state, `2×n`.
  public private(set) var state: Batch
  /// The steps that lead to it.
  public private(set) var stepsTaken = 0
  /// How many jumps every point has made.
  public private(set) var jumps: [Int]
  /// p_t of the cells.
  public private(set) var probabilities: [Double]
  /// The times where it begins and ends.
  public let start, end: Double

  private var density: Density
  private var random: Random
  private var variates: [Double]
  private var next: [Double] = []

  /// A way that has not begun, from `x0` at time `start` to `end`, in equal steps.
  public init(
    _ density: Density, on grid: PlanarGrid, steps: Int, from x0: Batch, start: Double = 0,
    end: Double = 1, random: Random
  ) {
    precondition(x0.dimension == 2 && steps > 0, "points of the plane, and a step")
    precondition(start >= 0 && start < end && end <= 1, "jumps lead forwards, from 0 to 1")
    (self.density, self.grid, self.steps) = (density, grid, steps)
    (self.start, self.end) = (start, end)
    self.random = random.stream("planar jumps")
    t = start
    state = x0
    jumps = [Int](repeating: 0, count: x0.count)
    variates = [Double](repeating: 0, count: 4 * x0.count)
    probabilities = grid.probabilities(of: &self.density, at: start)
  }

  /// Works until a step is done or at least `budget` evaluations at points were spent; returns how many
  /// were, those of the density on the cells included. Does nothing unless the status is `running`.
  public mutating func advance(budget: Int) -> Int {
    guard status == .running else { return 0 }
    let time =
      stepsTaken + 1 == steps
      ? end : start + (end - start) * Double(stepsTaken + 1) / Double(steps)
    var spent = 0
    if next.isEmpty {
      next = grid.probabilities(of: &density, at: time)
      spent = 9 * grid.count
      if spent >= budget { return spent }
    }
    step()
    t = time
    probabilities = next
    next = []
    stepsTaken += 1
    if stepsTaken == steps { status = .finished }
    return spent + state.count
  }

  /// Runs to the end.
  public mutating func finish() {
    while status == .running { _ = advance(budget: .max) }
  }

  private mutating func step() {
    let jump = GridJumps(from: probabilities, to: next)
    random.fillUniforms(&variates)
    let n = state.count
    for j in 0..<n {
      guard let cell = grid.cell(state.values[j], state.values[n + j]),
        variates[4 * j] < jump.leaving[cell]
      else { continue }
      let corner = grid.corner(jump.destination(variates[4 * j + 1]))
      let place = corner + grid.step * SIMD2(variates[4 * j + 2], variates[4 * j + 3])
      state.values[j] = place.x
      state.values[n + j] = place.y
      jumps[j] += 1
    }
  }
}
