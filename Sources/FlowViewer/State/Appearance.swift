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
