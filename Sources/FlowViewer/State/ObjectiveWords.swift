import FlowMatching

/// What the loss and its excess are called, by what is minimised.
extension Objective {
  /// The loss in a few letters.
  var lossName: String {
    switch self {
    case .flowMatching: "loss"
    case .likelihood: "NLL"
    }
  }

  /// What is above the loss's floor, as a formula.
  var excessFormula: String {
    switch self {
    case .flowMatching: "E|v−u*|²"
    case .likelihood: "KL(q‖p₁)"
    }
  }

  /// Why no excess is known.
  var unknownExcess: String {
    switch self {
    case .flowMatching: "the exact field of this target is not known"
    case .likelihood: "the entropy of this target is not known"
    }
  }

  /// Why there is no field to compare with.
  var unknownField: String {
    switch self {
    case .flowMatching: "the exact field of this target is not known"
    case .likelihood: "many fields have one density: none is the exact one"
    }
  }

  /// What stands behind a floor of the loss, as far as there is room; of which `times`, where over
  /// all of them it would be infinite.
  func floorNote(isWide: Bool, of times: String? = nil) -> String {
    if let times { return isWide ? "floor of \(times), else infinite" : "of \(times)" }
    return switch self {
    case .flowMatching: isWide ? "no average can go below" : "no average below"
    case .likelihood: isWide ? "the entropy of the data" : "entropy"
    }
  }
}
