import FlowMatching
import TerminalCanvas

/// The screen and what of the plane it shows: its size, the panes and the lanes' viewports.
public struct Window: Sendable {
  public internal(set) var size: Size
  /// Height over width of a cell, as the terminal has it.
  public internal(set) var cellAspect = 2.0
  /// The window of each lane.
  public internal(set) var viewports = [Viewport](repeating: .fitted, count: 4)
  /// Whether all lanes show the same window.
  public internal(set) var areLinked = true
  /// The share of the columns that the plot takes, where a person has dragged its border.
  public internal(set) var plotShare: Double?
  /// The pane that has the whole body, and the one that keys are turned to.
  public internal(set) var expanded: PaneName?
  public internal(set) var focusedPane = PaneName.plot
  /// Where a button went down, and whether the pointer has moved since.
  var drag: AppState.Drag?
  /// What is written where a button was used last.
  var pointed: PointedText?

  /// A screen of that size, on which everything fits.
  init(size: Size) { self.size = size }
}
