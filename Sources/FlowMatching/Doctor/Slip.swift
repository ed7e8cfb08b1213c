/// A mistake that makes of a right network another field than the velocity that it is read as.
public enum Slip: Hashable, Sendable {
  /// It was told 1 − t: f(x, t) = u(x, 1 − t).
  case timeReversed
  /// It answers −u.
  case signFlipped
  /// It was told one time for all t, or times that say nothing: f(x) = E[u_t | X_t = x], t drawn too.
  case timeIgnored
  /// It was told so many times t.
  case timeScaled
  /// It answers something else than the velocity.
  case predicts(Prediction)
  /// It learned the data in units of their own.
  case dataUnscaled
  /// It learned another schedule.
  case schedule(Scheduler)
  /// It was told a time that was shifted once more than the points.
  case shiftedTwice
  /// It takes t before x.
  case inputsTimeFirst
  /// It takes t after x, though it was said to take it before.
  case inputsTimeLast

  /// The name in reports: “time-reversed”, “schedule-cosine”.
  public var name: String {
    switch self {
    case .timeReversed: "time-reversed"
    case .signFlipped: "sign-flipped"
    case .timeIgnored: "time-ignored"
    case .timeScaled: "time-scaled"
    case .predicts(let prediction): "predicts-\(prediction.rawValue)"
    case .dataUnscaled: "data-unscaled"
    case .schedule(let scheduler): "schedule-\(scheduler.name)"
    case .shiftedTwice: "shifted-twice"
    case .inputsTimeFirst: "inputs-time-first"
    case .inputsTimeLast: "inputs-time-last"
    }
  }

  /// The name of no slip.
  public static let none = "as-is"
}
