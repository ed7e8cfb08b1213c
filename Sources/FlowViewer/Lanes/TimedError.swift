import FlowMatching
import TerminalCanvas

/// How far a lane's particles are from their exact places, with the time at which that is so.
///
/// An error grows along t, so that two of them tell two lanes apart at one and the same t only. The
/// number alone is there to be read; what compares lanes is `ErrorComparison`, which has one t.
public struct TimedError: Sendable, Equatable {
  /// Where along its schedule a lane was measured.
  public struct Place: Sendable, Hashable {
    /// The lane's time.
    public let t: Double
    /// The time of the reference that passes the same place; the lane's own under one schedule.
    let reference: Double
    /// By what the reference's places are multiplied there.
    let scale: Double

    init(t: Double, reference: Double? = nil, scale: Double = 1) {
      self.t = t
      self.reference = reference ?? t
      self.scale = scale
    }

    /// Whether an error here and one there are of the same thing.
    func isComparable(to other: Place) -> Bool {
      // Knots of equal steps differ in their last bits.
      abs(t - other.t) < 1e-9 && abs(reference - other.reference) < 1e-9
        && abs(scale - other.scale) < 1e-9
    }
  }

  /// Where it was measured.
  public let place: Place
  /// √(mean |x − x*|²) over the points that W2 judges, at every t the same ones.
  public let rms: Double
  /// |x − x*| of each particle on show that has a reference.
  let particles: [Double]
  /// What the places x* may be off themselves, √(mean |x* − x|²); nil where nobody has measured it.
  var resolution: Double?
  /// Whether x* are `ExactPlaces`.
  var isExact = false

  /// What the error may be at most, where it cannot be told from the places' own.
  var bound: Double? {
    guard let resolution, rms <= resolution else { return nil }
    return rms + resolution
  }
}

/// The errors of the lanes that stand at one t: no other takes part.
struct ErrorComparison: Sendable {
  private let errors: [TimedError?]
  /// The reference's own error, where it is known: what is below cannot be told from nothing.
  let resolution: Double?

  /// The errors among those of all lanes that were measured where `place` is.
  init(_ errors: [TimedError?], at place: TimedError.Place, resolution: Double? = nil) {
    self.errors = errors.map { error in
      error.flatMap { $0.place.isComparable(to: place) ? $0 : nil }
    }
    self.resolution = resolution ?? self.errors.compactMap { $0?.resolution }.max()
  }

  /// The error of a lane that takes part.
  subscript(lane: Int) -> TimedError? { errors.indices.contains(lane) ? errors[lane] : nil }
}

extension AppState {
  /// The errors of the lanes that stand where the clock does.
  var comparison: ErrorComparison {
    ErrorComparison(lanes.map(\.error), at: TimedError.Place(t: clock.t))
  }

  /// Whether a lane stands elsewhere than the clock, so that it is compared with no other.
  func standsApart(_ index: Int) -> Bool {
    guard !comparesTrainings else { return false }
    let lane = lanes[index]
    if abs(lane.t - clock.t) >= 1e-9 { return true }
    return lane.error.map { !$0.place.isComparable(to: TimedError.Place(t: clock.t)) } ?? false
  }

  /// Whether a lane is drawn grey: it stands elsewhere, or has failed.
  func isOutOfComparison(_ index: Int) -> Bool {
    standing(ofLane: index) != nil || isComparing && failure(ofLane: index) != nil
  }

  /// Where a lane stands that is not compared: “reached t 0.10 of 1”; shorter for a narrow pane.
  func standing(ofLane index: Int, isBrief: Bool = false) -> String? {
    guard standsApart(index) else { return nil }
    let (t, wanted) = AppState.times(lanes[index].t, clock.t)
    // Another schedule leads elsewhere on the way, and to the same end.
    guard t != wanted else { return isBrief ? "see t 1" : "is compared at t 1" }
    if isBrief { return lanes[index].t < clock.t ? "reached t \(t)" : "at t \(t)" }
    return lanes[index].t < clock.t ? "reached t \(t) of \(wanted)" : "is at t \(t), not \(wanted)"
  }

  /// Two times with as many decimals, 2 or 3, as tell them apart.
  private static func times(_ a: Double, _ b: Double) -> (String, String) {
    func text(_ t: Double, _ decimals: Int) -> String {
      t == 0 ? "0" : t == 1 ? "1" : NumberFormat.fixed(t, decimals)
    }
    let short = (text(a, 2), text(b, 2))
    return short.0 == short.1 ? (text(a, 3), text(b, 3)) : short
  }
}
