/// Which points of a solve are no longer finite.
struct LostPoints: Sendable {
  private(set) var flags: [Bool]
  private(set) var count = 0

  /// None of `total` points.
  init(of total: Int) { flags = [Bool](repeating: false, count: total) }

  var isEverything: Bool { count == flags.count && count > 0 }

  /// Adds the points that are not finite in that state.
  mutating func mark(_ state: Knot) {
    if state.x.isFinite && state.velocity.isFinite { return }
    for i in 0..<state.x.dimension {
      let shift = i * state.x.count
      for j in 0..<state.x.count where !flags[j] {
        if !(state.x.values[shift + j].isFinite && state.velocity.values[shift + j].isFinite) {
          flags[j] = true
          count += 1
        }
      }
    }
  }

  /// Whether all other points of the state are finite.
  func isFiniteElsewhere(_ state: Knot) -> Bool {
    for i in 0..<state.x.dimension {
      let shift = i * state.x.count
      for j in 0..<state.x.count where !flags[j] {
        if !(state.x.values[shift + j].isFinite && state.velocity.values[shift + j].isFinite) {
          return false
        }
      }
    }
    return true
  }
}
