import FlowMatching
import Foundation

extension Compare {
  /// What the errors are taken against.
  struct Reference: Encodable {
    let solver: String
    let tolerance: Double
    let nfe: Int
    /// How far it may be from the truth itself, as the endpoint errors are.
    let error: Double
    /// Whether it follows the exact field of the data, as a flow map is to, and not the network's.
    let isExact: Bool

    enum CodingKeys: String, CodingKey {
      case solver, tolerance, nfe, error
      case isExact = "exact"
    }
  }

  /// One solver with one budget; null where a number does not apply or is not known.
  struct Lane: Encodable {
    let solver: String
    let steps: Int?
    let tolerance: Double?
    let nfe: Int
    /// nil where it is not above the reference's own.
    let endpointError: Double?
    /// Then what it is at most.
    let endpointErrorAtMost: Double?
    /// The tolerance that an adaptive solver could keep to, where the network's rounding hindered it.
    let toleranceReached: Double?
    let w2: Double?
    let npe: Double?
    /// Of the draws that `npe` is of.
    let npeStandardError: Double?
    var order: Double?
    let milliseconds: Double

    init(
      solver: String, control: StepControl, nfe: Int, error: Double, reference: Double,
      toleranceReached: Double?, w2: Double?, npe: Estimate?, milliseconds: Double
    ) {
      self.solver = solver
      steps = control.steps
      tolerance = if case .adaptive(let relative, _) = control { relative } else { nil }
      self.nfe = nfe
      (endpointError, endpointErrorAtMost) =
        error > reference ? (error, nil) : (nil, error + reference)
      self.toleranceReached = toleranceReached
      self.w2 = w2
      self.npe = npe?.mean
      npeStandardError = npe?.standardError
      self.milliseconds = milliseconds
    }

    /// The slope of log error over log work from another lane to this; nil where one of the errors is not
    /// above `least`, so that it says nothing of the method.
    func order(after other: Lane, above least: Double) -> Double? {
      guard nfe > other.nfe, let endpointError, let otherError = other.endpointError,
        min(endpointError, otherError) > least
      else { return nil }
      return log(otherError / endpointError) / log(Double(nfe) / Double(other.nfe))
    }

    enum CodingKeys: CodingKey {
      case solver, steps, tolerance, toleranceReached, nfe, endpointError, endpointErrorAtMost, w2
      case npe, npeStandardError, order, milliseconds
    }

    // By hand: an unknown number is null, not a key that is missing.
    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(solver, forKey: .solver)
      try container.encode(steps, forKey: .steps)
      try container.encode(tolerance, forKey: .tolerance)
      try container.encode(nfe, forKey: .nfe)
      try container.encode(endpointError, forKey: .endpointError)
      try container.encode(endpointErrorAtMost, forKey: .endpointErrorAtMost)
      try container.encode(toleranceReached, forKey: .toleranceReached)
      try container.encode(w2, forKey: .w2)
      try container.encode(npe, forKey: .npe)
      try container.encode(npeStandardError, forKey: .npeStandardError)
      try container.encode(order, forKey: .order)
      try container.encode(milliseconds, forKey: .milliseconds)
    }
  }

  /// All of it.
  struct Report: Encodable {
    let reference: Reference
    let lanes: [Lane]
    let seed: UInt64
    /// Of what lengths are: "file", "standardised" points, or the space.
    let units: String

    /// A table for people; `heading` says how its first line stands out.
    func text(heading: (String) -> TerminalText) -> TerminalText {
      // Figures to four digits take ten columns at most, and no column touches the next.
      let widths = [10, 7, 11, 7, 11, 10, 10]
      func row(_ name: String, _ cells: [String]) -> String {
        zip(cells, widths).reduce(TableFigure.left(name, 12)) { $0 + TableFigure.right($1.0, $1.1) }
      }
      func figure(_ value: Double?) -> String {
        value.map { TableFigure.text($0, digits: 4) } ?? "–"
      }
      func number(_ value: Double?, _ format: String) -> String {
        value.map { String(format: format, $0) } ?? "–"
      }
      let head = row("solver", ["steps", "NFE", "error", "order", "W2", "NPE", "ms"])
      let rows = lanes.map { lane in
        row(
          lane.solver,
          [
            lane.steps.map(String.init) ?? String(format: "tol %.0e", lane.tolerance ?? 0),
            "\(lane.nfe)",
            lane.endpointError.map { number($0, "%.2e") }
              ?? number(lane.endpointErrorAtMost, "≤ %.0e"),
            number(lane.order, "%.1f"), figure(lane.w2), figure(lane.npe),
            number(lane.milliseconds, "%.2f"),
          ])
      }
      let foot =
        "errors against \(reference.solver) "
        + (reference.isExact ? "of the exact field at " : "in Double at ")
        + String(
          format: "%.0e, NFE \(reference.nfe), itself within %.0e", reference.tolerance,
          reference.error)
      // A tolerance that the network's rounding does not allow is no tolerance.
      let notes = lanes.compactMap { lane in
        lane.toleranceReached.map {
          String(
            format: "\(lane.solver) at %.0e: the network's rounding ends at %.0e",
            lane.tolerance ?? 0, $0)
        }
      }
      let lengths = units == "standardised" ? ["lengths in units of the standardised points"] : []
      return ([heading(head)] + (rows + [foot] + lengths + notes).map { TerminalText($0) }).lines
    }
  }
}
