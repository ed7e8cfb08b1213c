import FlowMatching
import FlowViewer

extension Diagnosis {
  /// What to do about a slip; nil where there is none, or none that is sure.
  var advice: String? { if case .slips = verdict { best.hypothesis.advice } else { nil } }
}

extension NetworkHypothesis {
  /// Which variant of its slips fits, such as the scale; nil where there is but one.
  var variant: String? {
    switch clock {
    case .linear(let scale, _) where scale != 1: "×\(Int(scale))"
    case .shifted(let shift): "shift \(TableFigure.short(shift, 3))"
    case .fixed(let time): "t = \(TableFigure.short(time, 3))"
    default: nil
    }
  }
}

extension DoctorExamination {
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
