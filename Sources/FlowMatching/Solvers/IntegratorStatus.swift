extension Integrator {
  /// Why a solve could not reach its end; each with the time it got to.
  public enum Failure: Sendable, Hashable, CustomStringConvertible {
    /// The tolerance asked for steps below the resolution of the time.
    case stepTooSmall(Double)
    /// The field or the positions stopped being finite.
    case notFinite(Double)
    /// More steps were tried than a solve may take, 100 000 unless it was given a limit.
    case tooManySteps(Double)

    public var description: String {
      switch self {
      case .stepTooSmall(let t): "the step became too small at t = \(t)"
      case .notFinite(let t): "the field is not finite at t = \(t)"
      case .tooManySteps(let t): "the most steps a solve may take did not get beyond t = \(t)"
      }
    }
  }

  /// Where the solve stands.
  public enum Status: Sendable, Hashable {
    case running, finished
    case failed(Failure)
  }
}
