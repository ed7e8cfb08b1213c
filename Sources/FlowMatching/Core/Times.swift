/// The times at which a batch is evaluated: one for all points, or one for each.
public enum Times: Sendable, Hashable {
  /// Every point at the same time, as a solver needs it.
  case shared(Double)
  /// Point `j` at time `times[j]`, as training needs it.
  case each([Double])

  /// One time, or one for each point.
  var list: [Double] {
    switch self {
    case .shared(let t): [t]
    case .each(let times): times
    }
  }

  /// The time of point `index`.
  public subscript(index: Int) -> Double {
    switch self {
    case .shared(let t): t
    case .each(let times): times[index]
    }
  }
}
