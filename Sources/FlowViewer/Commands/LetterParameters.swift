import FlowMatching

extension Parameter {
  /// What the focused lane has where letters jump.
  static let ofLetters = [stochasticity, corrector, temperature, redraws]

  /// η.
  static let stochasticity = number(
    "stochasticity", "How often letters are thrown back to the source and drawn again, the rate η.",
    ["0", "0.5", "1", "2", "8"], \.stochasticity, .notNegative, "0 or a positive number")

  /// c.
  static let corrector = number(
    "corrector", "The corrector's c: letters are thrown back at the rate cκ̇/κ.",
    ["0", "0.5", "1", "2", "4"], \.corrector, .notNegative, "0 or a positive number")

  /// What logits are divided by.
  static let temperature = number(
    "temperature", "What the posterior's logits are divided by; below 1 likelier letters gain.",
    ["0.5", "0.8", "1", "1.25", "2"], \.temperature, .positive, "a positive number")

  /// How often letters are drawn anew at the end.
  static let redraws = Parameter(
    "redraws", "redraws",
    "How often one letter of each word is drawn anew after t = 1, from masks.",
    range: "0 to 1000", choices: ["0", "4", "16", "32", "64"],
    counts: { $0.traits.tokens?.path.source == .mask },
    value: { "\($0.focusedLane.settings.letters?.redraws ?? 0)" },
    change: { state, text throws(ParameterMistake) in
      let count = try read(.whole(0...1000), text, "0 to 1000")
      return try letters(state) { $0.redraws = count }
    })

  private static func number(
    _ name: String, _ summary: String, _ choices: [String],
    _ property: WritableKeyPath<TokenChoice, Double> & Sendable, _ domain: SettingDomain<Double>,
    _ range: String
  ) -> Parameter {
    Parameter(
      name, name, summary, range: range, choices: choices,
      counts: { $0.traits.tokens != nil },
      value: { "\(($0.focusedLane.settings.letters ?? TokenChoice())[keyPath: property])" },
      change: { state, text throws(ParameterMistake) in
        let value = try read(domain, text, range)
        return try letters(state) { $0[keyPath: property] = value }
      })
  }

  /// The focused lane with another way of its letters.
  private static func letters(
    _ state: AppState, _ change: (inout TokenChoice) -> Void
  ) throws(ParameterMistake) -> ParameterChange {
    guard let tokens = state.traits.tokens else {
      throw ParameterMistake(reason: "is of letters that jump; here points move")
    }
    var choice = state.focusedLane.settings.letters ?? TokenChoice()
    change(&choice)
    if let complaint = choice.complaint(along: tokens.path) {
      throw ParameterMistake(reason: "cannot be that: " + complaint)
    }
    return lane(state) { $0.letters = choice }
  }
}
