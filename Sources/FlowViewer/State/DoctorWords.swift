import FlowMatching
import TerminalCanvas

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension NetworkHypothesis {
  /// What a network of it is: “velocity, t reversed, sign flipped”.
  public var words: String {
    if slips.isEmpty { return "\(prediction.doctorsWord), as it stands" }
    var parts = [prediction.doctorsWord]
    if slips.contains(.inputsTimeFirst) { parts.append("t before x") }
    if slips.contains(.inputsTimeLast) { parts.append("t after x") }
    if slips.contains(.timeReversed) { parts.append("t reversed") }
    if slips.contains(.signFlipped) { parts.append("sign flipped") }
    if slips.contains(.timeIgnored) { parts.append("t ignored") }
    if slips.contains(.timeScaled), case .linear(let scale, _) = clock {
      parts.append("t in 0 … \(Int(saturating: scale))")
    }
    if slips.contains(.shiftedTwice) { parts.append("t shifted twice") }
    if units != nil { parts.append("data in own units") }
    for case .schedule(let scheduler) in slips { parts.append("under \(scheduler.title)") }
    return parts.joined(separator: ", ")
  }

  /// What has to be mended where the network is trained or used.
  public var advice: String? {
    if slips.contains(.timeIgnored) {
      return "it was not told its times: give the network the t of its points, and train again"
    }
    if slips.contains(.shiftedTwice) {
      return "shift t once, before x is made of it, and tell the network that t; then train again"
    }
    return nil
  }
}

extension Prediction {
  fileprivate var doctorsWord: String {
    switch self {
    case .velocity: "velocity"
    case .target: "data x₁"
    case .source: "noise x₀"
    case .score: "score"
    }
  }
}

extension NetworkExamination.Findings {
  /// The verdict in one sentence.
  public var sentence: String {
    let words = diagnosis.best.hypothesis.words
    let activation = isActivationFound ? ", \(self.activation.title)" : ""
    switch diagnosis.verdict {
    case .sound:
      var text = "sound: \(words)\(activation)"
      if !diagnosis.equals.isEmpty {
        text += "; on these data no different from \(Self.list(diagnosis.equals))"
      }
      return text
    case .slips:
      let swapped =
        diagnosis.best.hypothesis.isSwapped
        ? "a field that runs from data to noise, its ends swapped: " : "a slip: "
      return swapped + words + activation
        + (diagnosis.isToldByWeights
          ? "; its weights tell: the first input counts for nothing, as a time may and x may not. Its field fits "
            + "these data in no reading" : "")
    case .notTrained:
      return "not trained: no reading is much better than no motion at all"
    case .undecided(let sets) where sets.isEmpty:
      return
        "undecided: no reading fits, the best is \(words)\(activation); other data, another "
        + "path or source, or far too little training"
    case .undecided(let sets) where sets.count == 1:
      return
        "undecided: no reading fits, but with \(Self.list(sets)) alone it points the right way; other data, "
        + "another path or source, or too little training"
    case .undecided(let sets):
      return "undecided: on these data \(Self.list(sets)) cannot be told apart"
    }
  }

  private static func list(_ sets: [[String]]) -> String {
    let names = sets.prefix(4).map { $0.joined(separator: " + ") }
    if names.count == 1 { return names[0] }
    return names.dropLast().joined(separator: ", ") + " and " + (names.last ?? "")
  }
}

/// A residual in figures: .01 to 1000 in two or three digits.
public enum ResidualFigure {
  /// “> 1000”, “31”, “0.45”, “0.012”.
  public static func text(_ value: Double) -> String {
    switch value {
    case _ where !value.isFinite || value > 999.5: "> 1000"
    case 9.95...: NumberFormat.fixed(value, 0)
    case 0.0995...: NumberFormat.fixed(value, 2)
    case 0.00095...: NumberFormat.fixed(value, 3)
    default: NumberFormat.significant(value, 2)
    }
  }

  /// Where a residual lies on an axis of five decades, .01 at 0 and 1000 at 1.
  public static func place(_ value: Double) -> Double {
    value.isFinite ? (log10(max(value, 1e-9)) + 2) / 5 : .infinity
  }
}
