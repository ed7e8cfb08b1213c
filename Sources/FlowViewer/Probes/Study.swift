/// Work that is done in slices of a budget of point evaluations.
protocol SlicedWork: Sendable {
  var isOver: Bool { get }
  mutating func advance(budget: inout Int)
}

/// Work that is begun anew from time to time: what is at work, what was completed last, and what was before,
/// since people go back and forth.
struct Study<Work: SlicedWork>: Sendable {
  /// What is at work; nil while there is nothing to do.
  fileprivate(set) var running: Work?
  /// What was completed last.
  private(set) var shown: Work?
  /// What was completed before that, the oldest first.
  fileprivate var earlier: [Work] = []
  private static var mostEarlier: Int { 6 }
  /// When newer weights are reason enough to begin again, in seconds since the viewer started.
  fileprivate(set) var nextTime = 0.0

  /// Begins work; for newer weights alone not again before a time.
  mutating func begin(_ work: Work, nextTime: Double) {
    running = work
    self.nextTime = nextTime
  }

  /// Works until the budget is used up; true when something new is complete.
  mutating func advance(budget: inout Int) -> Bool {
    guard budget > 0, running != nil else { return false }
    if running?.isOver == false { running?.advance(budget: &budget) }
    guard let done = running, done.isOver else { return false }
    if let shown { earlier = earlier.suffix(Study.mostEarlier - 1) + [shown] }
    shown = done
    running = nil
    return true
  }

  /// Forgets everything; what is asked for may begin `now`.
  mutating func forget(now: Double) {
    running = nil
    shown = nil
    earlier = []
    nextTime = now
  }
}

/// What work is of: for other weights alone it is done again after a while, for all else at once.
protocol RenewedKey: Equatable, Sendable {
  associatedtype WeightsStep: Equatable
  /// The training step of the weights; of several lanes that of each.
  var weightsStep: WeightsStep { get set }
}

extension RenewedKey {
  /// Whether only the weights may be others.
  func isAlike(_ other: Self?) -> Bool {
    guard var other else { return false }
    other.weightsStep = weightsStep
    return self == other
  }
}

/// What is of a time too: a picture at another one goes on being shown, and says its own.
protocol TimedKey: RenewedKey {
  var t: Double { get set }
}

extension TimedKey {
  /// Whether it is the same at another time at most.
  func isAtAnyTime(_ other: Self?) -> Bool {
    guard var other else { return false }
    other.t = t
    return self == other
  }
}

/// Work that says what it is of.
protocol KeyedWork: SlicedWork {
  associatedtype Key: RenewedKey
  var key: Key { get }
}

extension Study where Work: KeyedWork {
  /// Begins work, and has ended it where it was done before.
  mutating func begin(_ work: Work, nextTime: Double) {
    running = earlier.last { $0.key == work.key } ?? work
    earlier.removeAll { $0.key == work.key }
    self.nextTime = nextTime
  }

  /// The seconds until there is something to do; nil where what is asked for is known.
  func delay(for key: Work.Key, now: Double) -> Double? {
    if let running, running.key.isAlike(key) { return 0 }
    guard let shown = shown?.key, shown.isAlike(key) else { return 0 }
    return shown == key ? nil : max(0, nextTime - now)
  }

  /// Whether work on it is to begin.
  func wants(_ key: Work.Key, now: Double) -> Bool {
    if running?.key.isAlike(key) ?? false || shown?.key == key { return false }
    return !(shown?.key.isAlike(key) ?? false) || now >= nextTime
  }

  /// What is known of exactly that; nil where nothing is, or of other weights.
  func shown(of key: Work.Key?) -> Work? { shown.flatMap { $0.key == key ? $0 : nil } }
}
