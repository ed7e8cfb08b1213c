import FlowMatching
import TerminalCanvas

/// Which part of training the charts show.
public struct Charts: Sendable {
  /// Which part of training the charts show, and what they showed when they were held.
  public internal(set) var span = ChartSpan.whole
  var frozenReport: TrainingReport?

}
