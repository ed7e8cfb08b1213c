/// Why training stopped before its last step.
public enum TrainingFailure: Error, Sendable, Equatable, CustomStringConvertible {
  /// The loss of that step's batch was infinite or not a number; the step was not taken.
  case lossNotFinite(step: Int)
  /// That step made a weight infinite or not a number; the averaged weights are those before it.
  case weightsNotFinite(step: Int)

  public var description: String {
    switch self {
    case .lossNotFinite(let step): "the loss was not a finite number at step \(step)"
    case .weightsNotFinite(let step): "a weight was not a finite number after step \(step)"
    }
  }
}
