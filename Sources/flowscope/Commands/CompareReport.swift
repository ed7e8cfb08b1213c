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
    var order: Double?
    let milliseconds: Double

    init(
      solver: String, control: StepControl, nfe: Int, error: Double, reference: Double,
      toleranceReached: Double?, w2: Double?, npe: Double?, milliseconds: Double
    ) {
      self.solver = solver
      switch control {
      case .fixed(let count): (steps, tolerance) = (count, nil)
      case .adaptive(let relative, _, _): (steps, tolerance) = (nil, relative)
      }
      self.nfe = nfe
      (endpointError, endpointErrorAtMost) =
        error > reference ? (error, nil) : (nil, error + reference)
      self.toleranceReached = toleranceReached
      self.w2 = w2
      self.npe = npe
      self.milliseconds = milliseconds
    }

    /// The slope of log error over log work from another lane to this.
    func order(after other: Lane) -> Double? {
      guard nfe > other.nfe, let endpointError, let otherError = other.endpointError else {
        return nil
      }
      return log(otherError / endpointError) / log(Double(nfe) / Double(other.nfe))
    }

    enum CodingKeys: CodingKey {
      case solver, steps, tolerance, toleranceReached, nfe, endpointError, endpointErrorAtMost, w2
      case npe, order, milliseconds
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
      try container.encode(order, forKey: .order)
      try container.encode(milliseconds, forKey: .milliseconds)
    }
  }

  /// All of it.
  struct Report: Encodable {
    let reference: Reference
    let lanes: [Lane]
    let seed: UInt64

    /// A table for people; `heading` says how its first line stands out.
    func text(heading: (String) -> TerminalText) -> TerminalText {
      func cell(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
      }
      func number(_ value: Double?, _ format: String, _ width: Int) -> String {
        cell(value.map { String(format: format, $0) } ?? "–", width)
      }
      let head =
        "solver".padding(toLength: 12, withPad: " ", startingAt: 0) + cell("steps", 10)
        + cell("NFE", 7) + cell("error", 11) + cell("order", 7) + cell("W2", 8) + cell("NPE", 8)
        + cell("ms", 9)
      let rows = lanes.map { lane in
        let control = lane.steps.map(String.init) ?? String(format: "tol %.0e", lane.tolerance ?? 0)
        return lane.solver.padding(toLength: 12, withPad: " ", startingAt: 0) + cell(control, 10)
          + cell("\(lane.nfe)", 7)
          + (lane.endpointError.map { number($0, "%.2e", 11) }
            ?? number(lane.endpointErrorAtMost, "≤ %.0e", 11))
          + number(lane.order, "%.1f", 7) + number(lane.w2, "%.3f", 8)
          + number(lane.npe, "%.3f", 8)
          + number(lane.milliseconds, "%.2f", 9)
      }
      let foot =
        "errors against \(reference.solver) in Double at "
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
      return ([heading(head)] + (rows + [foot] + notes).map { TerminalText($0) }).lines
    }
  }
}
