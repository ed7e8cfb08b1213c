import FlowMatching
import TerminalCanvas

/// Which part of training the charts show.
public struct Charts: Sendable {
  /// Which part of training the charts show, and what they showed when they were held.
  public internal(set) var span = ChartSpan.whole
  var frozenReport: TrainingReport?

  /// Turns to the next span; a report is held as it is now.
  mutating func turn(_ report: TrainingReport) -> Saying {
    span = ChartSpan.allCases.moved(from: span, by: 1)
    frozenReport = span == .frozen ? report : nil
    return Saying("charts", span.rawValue)
  }

  /// Lets go of a held report: of another run it would be shown for good.
  mutating func release() {
    guard span == .frozen else { return }
    span = .whole
    frozenReport = nil
  }
}
