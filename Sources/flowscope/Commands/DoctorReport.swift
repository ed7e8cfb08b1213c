import FlowMatching
import FlowViewer

/// What `doctor --json` prints.
struct DoctorReport: Encodable {
  /// A hypothesis with its residual; null where it is no number.
  struct Hypothesis: Encodable {
    let names: [String]
    let residual, residualStandardError: Double?
    let variant: String?
  }

  struct Reading: Encodable {
    let activation: String
    let residual: Double?
  }

  struct Part: Encodable {
    let time: Double
    let residual, residualStandardError: Double?
  }

  let file, dataset: String
  let activation: String
  let activations: [Reading]
  /// The slips; `["as-is"]` where there is none, empty where it is not trained or cannot be told.
  let best: [String]
  /// What cannot be told apart.
  let candidates: [[String]]
  /// One of `sound`, `slip`, `not-trained`, `undecided`.
  let outcome: String
  let verdict: String
  let residual, residualStandardError: Double?
  /// How much greater the residual of the next other slip is.
  let margin, marginStandardError: Double?
  let next: [String]?
  /// From which margin on all verdicts were right in trials.
  let marginThreshold: Double
  let command, advice: String?
  let options: [String]?
  let hypotheses: [Hypothesis]
  let noMotion = 1.0
  let overTime: [Part]
  let worstTime: Double?
  let draws: Int
  let fileFindings, dataFindings: [String]

  init(_ examination: DoctorExamination) {
    func finite(_ value: Double?) -> Double? { value.flatMap { $0.isFinite ? $0 : nil } }
    let diagnosis = examination.diagnosis
    file = examination.path
    dataset = examination.dataset.name
    activation = examination.activations.first?.activation.rawValue ?? ""
    activations = examination.activations.map {
      Reading(activation: $0.activation.rawValue, residual: finite($0.residual.mean))
    }
    switch diagnosis.verdict {
    case .sound: (outcome, best, candidates) = ("sound", [Slip.none], [])
    case .slips(let names): (outcome, best, candidates) = ("slip", names, [])
    case .notTrained: (outcome, best, candidates) = ("not-trained", [], [])
    case .undecided(let sets): (outcome, best, candidates) = ("undecided", [], sets)
    }
    verdict = examination.findings.sentence
    residual = finite(diagnosis.best.residual.mean)
    residualStandardError = finite(diagnosis.best.residual.standardError)
    margin = finite(diagnosis.margin?.mean)
    marginStandardError = finite(diagnosis.margin?.standardError)
    next = diagnosis.next?.hypothesis.names
    marginThreshold = Diagnosis.sureMargin
    command = examination.command
    options = examination.options
    advice = diagnosis.advice
    hypotheses = diagnosis.table.rows.map {
      Hypothesis(
        names: $0.hypothesis.names, residual: finite($0.residual.mean),
        residualStandardError: finite($0.residual.standardError),
        variant: $0.hypothesis.variant)
    }
    overTime = examination.overTime.map {
      Part(
        time: $0.time, residual: finite($0.residual.mean),
        residualStandardError: finite($0.residual.standardError))
    }
    worstTime = examination.worst?.time
    draws = diagnosis.table.draws
    fileFindings = examination.ofFile
    dataFindings = examination.ofData
  }

  /// One line for people: the verdict with its figures.
  var line: String {
    let figures = [
      residual.map { "residual \(ResidualFigure.text($0))" },
      next.map {
        "next \($0.joined(separator: " + ")) + \(ResidualFigure.text(margin ?? .infinity))"
      },
    ]
    return ([verdict] + figures.compactMap { $0 }).joined(separator: "   ")
  }
}
