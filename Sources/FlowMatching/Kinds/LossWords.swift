/// What a kind calls its loss, and what is above the least one.
public struct LossWords: Sendable, Hashable {
  /// The loss in a few letters.
  public let name: String
  /// What is above the loss's floor, as a formula.
  public let excess: String
  /// Why no excess is known.
  public let unknownExcess: String
  /// Why there is no field to compare with.
  public let unknownField: String
  /// What stands behind a floor of the loss, and the same where there is less room.
  public let floor, briefFloor: String
  /// Whether what is above the floor is neither the field's error nor a relative entropy, but measured by
  /// itself.
  public var hasOwnExcess = false

  /// What stands behind a floor of the loss, as far as there is room; of which `times`, where over
  /// all of them it would be infinite.
  public func floorNote(isWide: Bool, of times: String? = nil) -> String {
    if let times { return isWide ? "floor of \(times), else infinite" : "of \(times)" }
    return isWide ? floor : briefFloor
  }

  /// Those of a squared error about what is regressed on.
  static let matching = LossWords(
    name: "loss", excess: "E|v−u*|²",
    unknownExcess: "the exact field of this target is not known",
    unknownField: "the exact field of this target is not known",
    floor: leastAverage.words, briefFloor: leastAverage.brief)

  /// Of a floor that the exact field's loss is.
  static let leastAverage = (words: "least possible average", brief: "least possible")

  /// Those of the drift of an interpolant.
  static let interpolant = LossWords(
    name: "drift", excess: "E|b−b*|²",
    unknownExcess: "the exact drift between these ends is not known",
    unknownField: "the exact drift between these ends is not known",
    floor: "floor unknown", briefFloor: "unknown")

  /// Those of the action of a potential.
  static let action = LossWords(
    name: "action", excess: "½E|∇s−∇s*|²",
    unknownExcess: "the least action of these distributions is not known",
    unknownField: "the gradient that moves these distributions is not known",
    floor: "−½ kinetic energy", briefFloor: "−½E|∇s*|²", hasOwnExcess: true)

  /// Those of a negative log-likelihood.
  static let likelihood = LossWords(
    name: "NLL", excess: "KL(q‖p₁)",
    unknownExcess: "the entropy of this target is not known",
    unknownField: "many fields have one density: none is the exact one",
    floor: "the entropy of the data", briefFloor: "entropy")
}
