#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How the step size of a solve is chosen.
public enum StepControl: Sendable, Hashable, Codable {
  /// That many equal steps; where the field has kinks in time, equal between them.
  case fixed(steps: Int)
  /// Steps that end at these times between 0 and 1, rising, whichever way the solve runs; a solve of a part of
  /// [0, 1] takes those in it. They go over kinks.
  case grid([Double])
  /// Steps whose estimated error stays below absolute + relative·|x|, by the RMS over the batch.
  case adaptive(relative: Double, absolute: Double)
}

extension StepControl {
  /// The number of steps from t = 0 to 1 where it is known; nil where steps are chosen on the way.
  public var steps: Int? {
    switch self {
    case .fixed(let steps): steps
    case .grid(let times): times.count - 1
    case .adaptive: nil
    }
  }
}

/// One attempted step, whether it met the tolerance or not.
public struct StepAttempt: Sendable, Hashable {
  /// Where it began.
  public let t: Double
  /// Its size, negative when integrating backwards.
  public let h: Double
  /// Whether it was accepted.
  public let accepted: Bool

  /// An attempt.
  public init(t: Double, h: Double, accepted: Bool) {
    self.t = t
    self.h = h
    self.accepted = accepted
  }
}

/// The choice of the next step size from the error of the last: h⁺ = 0.9·h·err^(−1/p), by a factor
/// within [0.2, 10].
///
/// The estimated error of a method of order p is O(hᵖ): its embedded method has order p − 1 (Hairer,
/// Nørsett and Wanner, Solving Ordinary Differential Equations I, eq. II.4.13).
public struct StepSizeController: Sendable, Hashable {
  /// The tolerances of the weighted error.
  public let relative, absolute: Double
  /// The order p of the method.
  public let order: Int
  private var hasJustRejected = false

  /// A controller with positive tolerances; a relative tolerance of 0 is allowed.
  public init(relative: Double, absolute: Double, order: Int) {
    precondition(relative >= 0 && absolute > 0, "tolerances must be positive")
    self.relative = relative
    self.absolute = absolute
    self.order = order
  }

  /// The weighted norm of a batch: √(mean (eᵢ/(absolute + relative·max(|aᵢ|, |bᵢ|)))²) over all
  /// coordinates of the points that are not `lost`; 0 where there are none. All batches are `d×n`.
  public func norm(
    of batch: Batch, _ a: Batch, _ b: Batch, excluding lost: [Bool]
  ) -> Double {
    let n = batch.count
    var sum = 0.0
    var count = 0
    for i in 0..<batch.dimension {
      for j in 0..<n where !lost[j] {
        let k = i * n + j
        let scale = absolute + relative * max(abs(a.values[k]), abs(b.values[k]))
        let ratio = batch.values[k] / scale
        sum += ratio * ratio
        count += 1
      }
    }
    return count == 0 ? 0 : (sum / Double(count)).squareRoot()
  }

  /// Whether a step of weighted error `error` is accepted, and the factor for the next size.
  ///
  /// A step with an error that is not finite is rejected and shrinks as far as one step may. After
  /// a rejection the size does not grow at once.
  public mutating func judge(error: Double) -> (isAccepted: Bool, factor: Double) {
    guard error.isFinite else {
      hasJustRejected = true
      return (false, 0.2)
    }
    let isAccepted = error <= 1
    let ideal = error == 0 ? 10 : 0.9 * pow(error, -1 / Double(order))
    let largest = isAccepted ? (hasJustRejected ? 1.0 : 10.0) : 1.0
    hasJustRejected = !isAccepted
    return (isAccepted, min(max(ideal, 0.2), largest))
  }

  /// The size of a trial step for Hairer's choice of the first step, from the weighted norms of
  /// x₀ and u(x₀); at most `span`.
  public func trialStep(positionNorm: Double, velocityNorm: Double, span: Double) -> Double {
    let isTiny = positionNorm < 1e-5 || velocityNorm < 1e-5
    let trial = isTiny ? 1e-6 : 0.01 * positionNorm / velocityNorm
    return min(trial, span)
  }

  /// The size of the first step, from the weighted norm of the change of velocity over the trial
  /// step divided by its size, an estimate of the second derivative; at most `span`.
  public func firstStep(
    trial: Double, velocityNorm: Double, curvatureNorm: Double, span: Double
  ) -> Double {
    guard curvatureNorm.isFinite else { return trial }
    let steepest = max(velocityNorm, curvatureNorm)
    let step =
      steepest <= 1e-15 ? max(1e-6, trial * 1e-3) : pow(0.01 / steepest, 1 / Double(order))
    return min(100 * trial, step, span)
  }
}
