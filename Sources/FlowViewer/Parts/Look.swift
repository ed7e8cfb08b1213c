import FlowMatching
import TerminalCanvas

/// How the plots look and what is recorded of them.
public struct Look: Sendable {
  /// What the plots show.
  public internal(set) var scenery = Scenery()
  public internal(set) var appearance = Appearance()
  /// Whether every frame goes to a file.
  public internal(set) var isRecording = false
  /// Whether the costs of a frame stand over the plot.
  public internal(set) var showsCosts = false

}
