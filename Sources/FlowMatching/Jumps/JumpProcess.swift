/// A resumable way of points along p_t by jumps alone: between jumps they stand still.
///
/// Points leave their cell of a grid for another where p_t grows, at the least rate that keeps p_t
/// there. A point that arrives is uniform in its cell; one outside the box counts as in the nearest.
/// The same seed gives the same bits whatever the budgets.
public struct JumpProcess<Density: PlanarDensity>: Transport {
  /// The cells.
  public let grid: PlanarGrid
  /// The number of steps.
  public let stepCount: Int
  /// Where the way stands; it cannot fail.
  public private(set) var status = Integrator.Status.running
  /// The time that `state` belongs to.
  public private(set) var t: Double
  /// The last complete state, `2×n`.
  public private(set) var state: Batch
  /// The steps that lead to it.
  public private(set) var steps = 0
  /// How many jumps every point has made.
  public private(set) var jumps: [Int]
  /// p_t of the cells.
  public private(set) var probabilities: [Double]
  /// The times where it begins and ends.
  public let start, end: Double

  private var density: Density
  private var random: Random
  private var variates: [Double]
  /// p of the cells after the step in hand, as far as it is known.
  private var next: CellQuadrature

  /// A way that has not begun, from `x0` at time `start` to `end`, in equal steps.
  public init(
    _ density: Density, on grid: PlanarGrid, steps: Int, from x0: Batch, start: Double = 0,
    end: Double = 1, random: Random
  ) {
    precondition(x0.dimension == 2 && steps > 0, "points of the plane, and a step")
    precondition(start >= 0 && start < end && end <= 1, "jumps lead forwards, from 0 to 1")
    (self.density, self.grid, stepCount) = (density, grid, steps)
    (self.start, self.end) = (start, end)
    self.random = random.stream("planar jumps")
    t = start
    state = x0
    jumps = [Int](repeating: 0, count: x0.count)
    variates = [Double](repeating: 0, count: 4 * x0.count)
    probabilities = []
    next = CellQuadrature(grid, at: start)
  }

  /// Points that stand still have no velocity.
  public var velocity: Batch? { nil }
  public var knot: Knot? { Knot(t: t, x: state) }
  public var progress: Double { Double(steps) / Double(stepCount) }
  /// Of p_t on all cells, once a step and once at the start.
  public var evaluations: Int { steps }
  public var totalEvaluations: Int { stepCount }
  public var lostCount: Int { state.lostCount }

  /// Works until a step is done or at least `budget` evaluations at points were spent; returns how many
  /// were, those of the density on the cells included. Does nothing unless the status is `running`.
  public mutating func advance(budget: Int) -> Int {
    var spent = 0
    while status == .running {
      spent += next.advance(&density)
      if let complete = next.probabilities {
        if !probabilities.isEmpty {
          step(to: complete)
          spent += state.count
          t = next.t
          steps += 1
          if steps == stepCount { status = .finished }
        }
        let isFirst = probabilities.isEmpty
        probabilities = complete
        let index = steps + 1
        next = CellQuadrature(
          grid,
          at: index >= stepCount
            ? end : start + (end - start) * Double(index) / Double(stepCount))
        if !isFirst { break }
      }
      if spent >= budget { break }
    }
    return spent
  }

  private mutating func step(to q: [Double]) {
    let jump = GridJumps(from: probabilities, to: q)
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
