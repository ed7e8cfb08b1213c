/// A statement about a number of the state: captions wait for one, and a replay can find it false.
struct Claim: Sendable, Hashable, CustomStringConvertible {
  /// The name of a `StateFigure`.
  let figure: String
  let isAbove: Bool
  let bound: Double
  /// The figure in which the bound is counted; nil where it is a plain number.
  let unit: String?

  /// The figure is greater than a bound.
  init(_ figure: String, above bound: Double, times unit: String? = nil) {
    (self.figure, isAbove, self.bound, self.unit) = (figure, true, bound, unit)
  }

  /// The figure is less than a bound.
  init(_ figure: String, below bound: Double, times unit: String? = nil) {
    (self.figure, isAbove, self.bound, self.unit) = (figure, false, bound, unit)
  }

  /// Whether it is so; what is not known yet is not.
  func holds(in state: AppState) -> Bool {
    guard let value = StateFigure.named(figure)?.value(state),
      let unit = unit == nil ? 1 : unit.flatMap({ StateFigure.named($0)?.value(state) })
    else { return false }
    return isAbove ? value > bound * unit : value < bound * unit
  }

  /// “excess < 0.15 × floor”.
  var description: String {
    "\(figure) \(isAbove ? ">" : "<") \(bound)" + (unit.map { " × \($0)" } ?? "")
  }
}
