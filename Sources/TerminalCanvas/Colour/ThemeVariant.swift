/// How the interface is coloured: as designed, with more contrast, or safe for the colour-blind.
public enum ThemeVariant: String, Codable, Hashable, Sendable, CaseIterable {
  /// Four greys and one accent.
  case standard
  /// Greys that stand further from the background.
  case highContrast = "high contrast"
  /// Marks and lanes in colours that every eye tells apart (Okabe and Ito, 2008).
  case colourBlind = "colour-blind safe"

  /// How a role looks; a mark always comes with a glyph or a word as well.
  func look(of role: Role, on background: Background) -> Role.Look {
    var look = role.look(on: background)
    let entries: (dark: UInt8, light: UInt8)? =
      switch (self, role) {
      case (.highContrast, .value), (.highContrast, .title), (.highContrast, .key): (231, 16)
      case (.highContrast, .label): (254, 233)
      case (.highContrast, .hint), (.highContrast, .axis): (251, 236)
      case (.highContrast, .border), (.highContrast, .ghost): (246, 241)
      case (.highContrast, .grid): (242, 247)
      case (.highContrast, .accent): (215, 130)
      case (.colourBlind, .good): (74, 25)
      case (.colourBlind, .warn): (220, 136)
      case (.colourBlind, .bad): (202, 166)
      case (.colourBlind, .lane1): (74, 25)
      case (.colourBlind, .lane2): (214, 172)
      case (.colourBlind, .lane3): (36, 29)
      case (.colourBlind, .lane4): (175, 132)
      default: nil
      }
    if let entries {
      look = Role.Look(
        index: background == .dark ? entries.dark : entries.light, basic: look.basic,
        attributes: look.attributes)
    }
    return look
  }
}
