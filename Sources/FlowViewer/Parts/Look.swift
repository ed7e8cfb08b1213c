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
  /// Whether it is shown to a hall: a large clock, the plot and one chart.
  public internal(set) var isLecture = false

  /// Turns one of the looks, and says what it is now.
  mutating func perform(_ action: LookAction) -> Saying {
    switch action {
    case .map:
      appearance.map = ColorMap.sequential.moved(from: appearance.map, by: 1)
      return Saying("colour map", appearance.map.name)
    case .axes:
      appearance.showsAxes.toggle()
      return Saying("axes", appearance.showsAxes ? "on" : "off")
    case .theme:
      appearance.variant = ThemeVariant.allCases.moved(from: appearance.variant, by: 1)
      return Saying("theme", appearance.variant.rawValue)
    case .glyphs:
      appearance.isPlain.toggle()
      return Saying("glyphs", appearance.isPlain ? "ASCII" : "the terminal's best")
    case .costs:
      showsCosts.toggle()
      return Saying("costs", showsCosts ? "shown" : "hidden")
    case .lecture:
      isLecture.toggle()
      if isLecture { showsCosts = false }
      return Saying("lecture", isLecture ? "on" : "off")
    }
  }
}
