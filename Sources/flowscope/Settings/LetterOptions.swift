import ArgumentParser
import FlowMatching
import FlowViewer

/// How letters jump: the same options wherever words are sampled.
struct LetterOptions: SettingOptions {
  private static let stochasticity = Setting(
    "stochasticity", SettingDomain<Double>.notNegative, fallback: "0",
    "Of letters: how often they are thrown back to the source and drawn again, the rate η.")
  private static let corrector = Setting(
    "corrector", SettingDomain<Double>.notNegative, fallback: "0",
    "Of letters: c of the corrector, which throws them back at the rate cκ̇/κ.")
  private static let temperature = Setting(
    "temperature", SettingDomain<Double>.positive, fallback: "1",
    "Of letters: what logits are divided by; below 1 the likelier letters gain.")
  private static let redraws = Setting(
    "redraws", SettingDomain<Int>.whole(0...10_000), fallback: "0",
    "Of letters, from masks: how often one of each word is drawn anew at the end.")

  static let settings = [stochasticity, corrector, temperature, redraws]

  var given = GivenSettings()

  /// What was given, as one choice.
  var choice: TokenChoice {
    var choice = TokenChoice()
    choice.stochasticity = given.number(LetterOptions.stochasticity) ?? 0
    choice.corrector = given.number(LetterOptions.corrector) ?? 0
    choice.temperature = given.number(LetterOptions.temperature) ?? 1
    choice.redraws = given.integer(LetterOptions.redraws) ?? 0
    return choice
  }

  /// The choice where letters jump along a path.
  func choice(along path: TokenPath) throws -> TokenChoice {
    let choice = choice
    if let complaint = choice.complaint(along: path) { throw Failure.usage(complaint) }
    return choice
  }

  /// Refuses what somebody typed where points move.
  func refuse() throws {
    for name in given.names {
      guard case .option? = given[name]?.origin else { continue }
      throw Failure.usage(
        "--\(name) is of letters that jump; this flow moves points", option: "--" + name)
    }
  }
}

extension SolverOptions {
  /// The settings of the viewer's first lane, as suits what is learned.
  func settings(of experiment: Experiment, _ letters: LetterOptions) throws -> LaneSettings {
    guard let tokens = experiment.traits.tokens else {
      try letters.refuse()
      // Refuses a map of a flow that has none.
      _ = try jumps(of: experiment.traits)
      return try settings()
    }
    let steps = try letterSteps()
    guard LaneSettings.possibleSteps.contains(steps) else {
      throw Failure.usage(
        "--solver-steps must be \(LaneSettings.possibleSteps.lowerBound) to "
          + "\(LaneSettings.possibleSteps.upperBound) in the viewer, not \(steps)",
        option: "--solver-steps")
    }
    return .letters(try letters.choice(along: tokens.path), steps: steps)
  }

  /// The steps in which letters jump unless others are asked for.
  static let usualLetterSteps = 64

  /// The steps in which letters jump; refuses what letters do not know.
  func letterSteps() throws -> Int {
    for (name, why) in [
      ("solver", "letters jump and need no solver: leave out --solver"),
      ("tolerance", "letters jump in equal steps: give --steps, not --tolerance"),
      ("time-grid", "letters jump in equal steps: leave out --time-grid"),
    ] {
      if case .option? = given[name]?.origin { throw Failure.usage(why, option: "--" + name) }
    }
    return steps ?? SolverOptions.usualLetterSteps
  }
}
