/// A key of the keyboard as a terminal reports it.
public enum Key: Hashable, Sendable {
  /// A printable character; the space bar is `.character(" ")`.
  case character(Character)
  /// A letter with Ctrl, in lower case.
  case control(Character)
  /// F1 … F12 and beyond.
  case function(Int)
  /// The arrows.
  case left, right, up, down
  /// The arrows with Shift.
  case shiftLeft, shiftRight, shiftUp, shiftDown
  /// The keys that jump.
  case home, end, pageUp, pageDown
  /// The keys beside them.
  case insert, delete
  /// The keys that edit and close; `backTab` is Shift-Tab.
  case enter, escape, backspace, tab, backTab

  /// The name that scripts and help use: `space`, `q`, `Left`, `S-Left`, `C-p`, `F1`, `End`.
  public var name: String {
    switch self {
    case .character(" "): "space"
    case .character(let character): String(character)
    case .control(let character): "C-" + String(character)
    case .function(let number): "F" + String(number)
    default: Key.names.first { $0.key == self }?.name ?? "?"
    }
  }

  /// The key of the given name, or nil; the names of words count in any case.
  public init?(name: String) {
    if name.count == 1, let only = name.first {
      self = .character(only)
      return
    }
    let lower = name.lowercased()
    if lower == "space" {
      self = .character(" ")
    } else if let named = Key.names.first(where: { $0.name.lowercased() == lower }) {
      self = named.key
    } else if lower.hasPrefix("c-"), name.count == 3, let last = lower.last {
      self = .control(last)
    } else if lower.hasPrefix("f"), let number = Int(lower.dropFirst()), (1...63).contains(number) {
      self = .function(number)
    } else {
      return nil
    }
  }

  private struct Named {
    let name: String
    let key: Key
  }

  private static let names: [Named] = [
    Named(name: "Left", key: .left), Named(name: "Right", key: .right),
    Named(name: "Up", key: .up), Named(name: "Down", key: .down),
    Named(name: "S-Left", key: .shiftLeft), Named(name: "S-Right", key: .shiftRight),
    Named(name: "S-Up", key: .shiftUp), Named(name: "S-Down", key: .shiftDown),
    Named(name: "Home", key: .home), Named(name: "End", key: .end),
    Named(name: "PageUp", key: .pageUp), Named(name: "PageDown", key: .pageDown),
    Named(name: "Insert", key: .insert), Named(name: "Delete", key: .delete),
    Named(name: "Enter", key: .enter), Named(name: "Esc", key: .escape),
    Named(name: "Escape", key: .escape), Named(name: "Backspace", key: .backspace),
    Named(name: "Tab", key: .tab), Named(name: "S-Tab", key: .backTab),
  ]
}
