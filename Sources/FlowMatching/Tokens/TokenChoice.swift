/// How letters jump, as far as there is a choice beside the number of steps.
public struct TokenChoice: Codable, Hashable, Sendable {
  /// How rates become probabilities.
  public var rule = TokenRule.exact
  /// How often letters are thrown back to the source at a constant rate, η ≥ 0.
  public var stochasticity = 0.0
  /// The corrector's c ≥ 0: letters are thrown back at the rate cκ̇/κ.
  public var corrector = 0.0
  /// The posterior's logits are divided by it.
  public var temperature = 1.0
  /// So many times a letter of every sequence is drawn anew after the last step, from masks.
  public var redraws = 0

  /// Every letter jumps by itself and once.
  public init() {}

  /// What is thrown back on the way.
  public var noise: TokenNoise {
    if stochasticity > 0 { return .constant(stochasticity) }
    return corrector > 0 ? .corrector(corrector) : .none
  }

  /// What is wrong with it along a path; nil where nothing is.
  public func complaint(along path: TokenPath) -> String? {
    if stochasticity > 0 && corrector > 0 {
      return "letters are thrown back by the stochasticity or by the corrector: choose one of them"
    }
    if !(stochasticity >= 0 && stochasticity.isFinite) || !(corrector >= 0 && corrector.isFinite) {
      return "the stochasticity and the corrector are 0 or positive numbers"
    }
    return TokenPlan(self, steps: 1).complaint(along: path)
  }

  /// What differs from the usual in a few words, “η 2, T 0.8”; empty where nothing does.
  public var words: String {
    var parts: [String] = []
    if rule == .rate { parts.append("rates") }
    if stochasticity > 0 { parts.append("η \(stochasticity.shortText)") }
    if corrector > 0 { parts.append("corrector \(corrector.shortText)") }
    if temperature != 1 { parts.append("T \(temperature.shortText)") }
    if redraws > 0 { parts.append("\(redraws) redrawn") }
    return parts.joined(separator: ", ")
  }
}
