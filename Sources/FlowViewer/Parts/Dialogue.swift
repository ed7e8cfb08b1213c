import FlowMatching
import TerminalCanvas

/// What stands over the panes: questions, lists, captions, and what is said for a moment.
public struct Dialogue: Sendable {
  public internal(set) var overlay: AppState.Overlay?
  /// The page of help, counted from 0; small screens need several.
  var helpPage = 0
  /// What help is searched for; nil while it is only read.
  var helpQuery: String?
  public internal(set) var flash: AppState.Flash?
  /// What is to be seen, in a paragraph; nil when it was closed.
  public internal(set) var caption: Caption?
  /// The file that is being read.
  var reading: FileRequest?
  /// What was drawn last, to go on with, and how many drawings were taken.
  var lastDrawing = Drawing()
  var drawings = 0

}
