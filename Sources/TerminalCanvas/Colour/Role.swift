/// What a piece of the interface is for; a theme knows how it looks.
public enum Role: String, Hashable, Sendable, CaseIterable {
  /// Titles of panes.
  case title
  /// Names of keys.
  case key
  /// Numbers.
  case value
  /// Words beside values.
  case label
  /// Units and descriptions.
  case hint
  /// Numbers at axes.
  case axis
  /// Borders and the part of a line not yet played.
  case border
  /// Dots of a grid.
  case grid
  /// The outline of the target.
  case ghost
  /// Now and focus.
  case accent
  /// All is well; always with ● or ✓ or a word.
  case good
  /// Take care; always with × or a word.
  case warn
  /// Something is wrong; always with ! or a word.
  case bad
  /// The averaged line of a chart.
  case series
  /// Single values in a chart.
  case raw
  /// Every floor, line and number.
  case floor
  /// Solver lanes.
  case lane1, lane2, lane3, lane4
  /// The fill of overlays; a background.
  case panel
  /// The chosen row of a list; a background.
  case selectedRow

  /// The role of lane `index`, counted from 0; the fifth lane looks like the first.
  public static func lane(_ index: Int) -> Role {
    [Role.lane1, .lane2, .lane3, .lane4][((index % 4) + 4) % 4]
  }

  /// How a role looks on one kind of background.
  struct Look {
    let index: UInt8
    let basic: UInt8?
    var attributes: Attributes = []
  }

  /// Entries of the 256 palette, so that 24-bit and 256 show the same interface. Sixteen colours
  /// need numbers of their own on light, where white text would vanish.
  func look(on background: Background) -> Look {
    let dark = background == .dark
    func look(
      _ d: UInt8, _ d16: UInt8?, _ l: UInt8, _ l16: UInt8?, _ attributes: Attributes = []
    ) -> Look {
      Look(index: dark ? d : l, basic: dark ? d16 : l16, attributes: attributes)
    }
    switch self {
    case .title, .key: return look(255, 15, 232, 0, .bold)
    case .value: return look(252, 7, 235, 0)
    case .label: return look(248, 7, 239, 0)
    case .hint, .axis: return look(244, 8, 242, 8)
    case .border: return look(238, 8, 250, 7)
    case .grid: return look(237, 8, 253, 7)
    case .ghost: return look(240, 8, 249, 7)
    // The light accent reaches a contrast of 3.6 only, so its text is bold.
    case .accent: return look(209, 9, 166, 1, dark ? [] : .bold)
    case .good: return look(114, 10, 28, 2)
    case .warn: return look(221, 11, 130, 3)
    case .bad: return look(197, 9, 161, 1, .bold)
    case .series: return look(110, 12, 25, 4)
    case .raw: return look(60, 8, 146, 8)
    case .floor: return look(180, 3, 94, 3)
    case .lane1: return look(75, 12, 25, 4)
    case .lane2: return look(222, 11, 130, 3)
    case .lane3: return look(114, 10, 28, 2)
    case .lane4: return look(183, 13, 90, 5)
    case .panel: return look(234, nil, 255, nil)
    case .selectedRow: return look(236, nil, 253, nil)
    }
  }

  /// Without colour roles are told apart by weight.
  var monoAttributes: Attributes {
    switch self {
    case .title, .key, .accent, .good, .warn, .bad: .bold
    case .label, .hint, .axis, .border, .grid, .ghost, .raw: .dim
    case .value, .series, .floor, .lane1, .lane2, .lane3, .lane4, .panel: []
    case .selectedRow: .reverse
    }
  }
}

/// Whether the terminal's background is dark or light.
public enum Background: String, Hashable, Sendable, CaseIterable {
  /// Light text on dark, or dark text on light.
  case dark, light
}
