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
    var search = BestGridSearch(field, tableau, steps: steps, from: x0, candidates: candidates)
    var budget = Int.max
    search.advance(budget: &budget)
    guard let result = search.result else { return nil }
    self = result
  }

  /// What was found.
  init(times: [Double], error: Double, uniformError: Double, localErrors: [Double]) {
    (self.times, self.error) = (times, error)
    (self.uniformError, self.localErrors) = (uniformError, localErrors)
  }
}
