import FlowMatching
import TerminalCanvas

extension Diagnosis {
  /// What to do about a slip; nil where there is none, or none that is sure.
  var advice: String? { if case .slips = verdict { best.hypothesis.advice } else { nil } }
}

extension NetworkHypothesis {
  /// What a network of it is: “velocity, t reversed, sign flipped”.
  var words: String {
    if slips.isEmpty { return "\(prediction.doctorsWord), as it stands" }
    var parts = [prediction.doctorsWord]
    if slips.contains(.inputsTimeFirst) { parts.append("t before x") }
    if slips.contains(.inputsTimeLast) { parts.append("t after x") }
    if slips.contains(.timeReversed) { parts.append("t reversed") }
    if slips.contains(.signFlipped) { parts.append("sign flipped") }
    if slips.contains(.timeIgnored) { parts.append("t ignored") }
    if slips.contains(.timeScaled), case .linear(let scale, _) = clock {
      parts.append("t in 0 … \(Int(scale))")
    }
    if slips.contains(.shiftedTwice) { parts.append("t shifted twice") }
    if units != nil { parts.append("data in own units") }
    for case .schedule(let scheduler) in slips { parts.append("under \(scheduler.title)") }
    return parts.joined(separator: ", ")
  }

  /// Which variant of its slips fits, such as the scale; nil where there is but one.
  var variant: String? {
    switch clock {
    case .linear(let scale, _) where scale != 1: "×\(Int(scale))"
    case .shifted(let shift): "shift \(TableFigure.short(shift, 3))"
    case .fixed(let time): "t = \(TableFigure.short(time, 3))"
    default: nil
    }
  }

  /// What has to be mended where the network is trained or used.
  var advice: String? {
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

extension DoctorExamination {
  /// The verdict in one sentence.
  var sentence: String {
    let best = diagnosis.best
    let activation = activations.count > 1 ? ", \(best.activationTitle(activations))" : ""
    switch diagnosis.verdict {
    case .sound:
      var text = "sound: \(best.hypothesis.words)\(activation)"
      if !diagnosis.equals.isEmpty {
        text += "; on these data no different from \(Self.list(diagnosis.equals))"
      }
      return text
    case .slips:
      let swapped =
        best.hypothesis.isSwapped
        ? "a field that runs from data to noise, its ends swapped: " : "a slip: "
      return swapped + best.hypothesis.words + activation
    case .notTrained:
      return "not trained: no reading is much better than no motion at all"
    case .undecided(let sets) where sets.isEmpty:
      return
        "undecided: no reading fits, the best is \(best.hypothesis.words)\(activation); other data, another "
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

  /// The command that uses the network as it should be read; nil where no reading helps.
  var command: String? {
    guard let options else { return nil }
    let words = ["flowscope", "watch", "--checkpoint", path] + options + targetOption
    return words.map(Self.quoted).joined(separator: " ")
  }

  /// A word as a shell takes it for one.
  private static func quoted(_ word: String) -> String {
    let plain = word.unicodeScalars.allSatisfy {
      ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0)
        || "-_./,=:+@%".unicodeScalars.contains($0)
    }
    return plain && !word.isEmpty ? word : "'" + word.replacing("'", with: "'\\''") + "'"
  }

  /// Where over time the reading is worst.
  var worst: (time: Double, residual: Estimate)? {
    overTime.max { $0.residual.mean < $1.residual.mean }
  }
}

extension DoctorTable.Row {
  fileprivate func activationTitle(
    _ activations: [(activation: Activation, residual: Estimate)]
  ) -> String { activations[0].activation.title }
}

/// A residual in figures: .01 to 1000 in two or three digits.
enum ResidualFigure {
  static func text(_ value: Double) -> String {
    switch value {
    case _ where !value.isFinite || value > 999.5: "> 1000"
    case 9.95...: NumberFormat.fixed(value, 0)
    case 0.0995...: NumberFormat.fixed(value, 2)
    case 0.00095...: NumberFormat.fixed(value, 3)
    default: NumberFormat.significant(value, 2)
    }
  }
}
