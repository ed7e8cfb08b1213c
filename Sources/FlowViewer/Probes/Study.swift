/// Work that is done in slices of a budget of point evaluations.
protocol SlicedWork: Sendable {
  var isOver: Bool { get }
  mutating func advance(budget: inout Int)
}

/// Work that is begun anew from time to time: what is at work, and what was completed last.
struct Study<Work: SlicedWork>: Sendable {
  /// What is at work; nil while there is nothing to do.
  private(set) var running: Work?
  /// What was completed last.
  private(set) var shown: Work?
  /// When newer weights are reason enough to begin again, in seconds since the viewer started.
  private(set) var nextTime = 0.0

  /// Begins work; for newer weights alone not again before a time.
  mutating func begin(_ work: Work, nextTime: Double) {
    running = work
    self.nextTime = nextTime
  }

  /// Works until the budget is used up; true when something new is complete.
  mutating func advance(budget: inout Int) -> Bool {
    guard budget > 0, running != nil else { return false }
    running?.advance(budget: &budget)
    guard let done = running, done.isOver else { return false }
    shown = done
    running = nil
    return true
  }

  /// Forgets everything; what is asked for may begin `now`.
  mutating func forget(now: Double) {
    running = nil
    shown = nil
    nextTime = now
  }
}
