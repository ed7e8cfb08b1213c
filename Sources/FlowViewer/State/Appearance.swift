import TerminalCanvas

/// What a person chose of the looks; the terminal's theme has the rest.
public struct Appearance: Sendable, Hashable {
  /// The map of densities and magnitudes.
  public internal(set) var map = ColorMap.viridis
  /// How the interface is coloured.
  public internal(set) var variant = ThemeVariant.standard
  /// Whether plots have numbers and grids.
  public internal(set) var showsAxes = true
  /// Whether ASCII is drawn whatever the terminal can.
  public internal(set) var isPlain = false

  /// A terminal's theme with these choices.
  public func applied(to theme: Theme) -> Theme {
    var theme = theme
    theme.map = map
    theme.variant = variant
    if isPlain { theme.glyphs = .ascii }
    return theme
  }
}

extension AppState {
  mutating func performLook(_ action: Action) {
    switch action {
    case .map:
      look.appearance.map = ColorMap.sequential.moved(from: look.appearance.map, by: 1)
      say("colour map", look.appearance.map.name)
    case .axes:
      look.appearance.showsAxes.toggle()
      say("axes", look.appearance.showsAxes ? "on" : "off")
    case .theme:
      look.appearance.variant = ThemeVariant.allCases.moved(from: look.appearance.variant, by: 1)
      say("theme", look.appearance.variant.rawValue)
    case .glyphs:
      look.appearance.isPlain.toggle()
      say("glyphs", look.appearance.isPlain ? "ASCII" : "the terminal's best")
    case .costs:
      look.showsCosts.toggle()
      say("costs", look.showsCosts ? "shown" : "hidden")
    default: break
    }
  }
}
