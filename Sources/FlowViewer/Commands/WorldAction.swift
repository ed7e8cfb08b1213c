import TerminalCanvas

/// What is done to an exact world.
public enum WorldAction: Sendable, Hashable {
  /// Turns the keys to another component, the cursor among them.
  case choose(Int)
  /// Moves what is chosen by shares of the spread.
  case move(x: Double, y: Double)
  /// Makes the chosen component so many times as wide.
  case widen(Double)
  /// Makes it so many times as likely.
  case weigh(Double)
  case add
  case remove
  case undo
  /// Asks for the whole way through the chosen place.
  case drop
  case clear
  /// Shows or hides the arrows of the field.
  case arrows
  case save
}

extension WorldAction {
  var words: ActionWords {
    switch self {
    case .choose(let offset):
      ActionWords(
        offset > 0 ? "World: next component" : "World: component before",
        "Keys move it; after the last comes the cursor.")
    case .move(let x, let y):
      ActionWords(
        "World: \(x < 0 ? "left" : x > 0 ? "right" : y < 0 ? "down" : "up")"
          + (abs(x + y) < 0.05 ? ", finely" : ""),
        "Moves the chosen component by a share of the spread; the mouse drags it.")
    case .widen(let factor):
      ActionWords(
        factor > 1 ? "World: wider" : "World: narrower",
        "The standard deviation of the chosen component.",
        factor > 1 ? "larger deviation" : "smaller deviation")
    case .weigh(let factor):
      ActionWords(
        factor > 1 ? "World: more likely" : "World: less likely",
        "The weight of the chosen component; all sum to 1.",
        factor > 1 ? "more weight" : "less weight")
    case .add:
      ActionWords(
        "World: a new component", "Like the chosen one, beside it, or at the cursor.",
        "add a component")
    case .remove:
      ActionWords("World: delete the component", "The last one stays.", "remove a component")
    case .undo:
      ActionWords("World: undo", "The components as they were before the last change.", "undo")
    case .drop:
      ActionWords(
        "World: drop a particle",
        "Its whole way through the chosen place at the present t, back to the noise and on to the data.",
        "drop a particle")
    case .clear: ActionWords("World: clear the dropped particles", "And their ways.")
    case .arrows: ActionWords("World: arrows on, off", "The exact velocity at t.")
    case .save:
      ActionWords(
        "World: save as a data set", "A file that --data reads, with the same components again.",
        "save as data set", "save the world", "export the mixture")
    }
  }
}

extension KeyBindings {
  /// What keys do while an exact world is on show; all others do what they always do.
  static let ofWorld: [KeyBinding] = [
    KeyBinding(
      .world, "Tab", "next component, cursor; Shift back", hint: "choose",
      [(.tab, .world(.choose(1))), (.backTab, .world(.choose(-1)))]),
    KeyBinding(
      .world, "← → ↓ ↑", "move it; Shift finely; drag", hint: "move",
      [
        (.left, .world(.move(x: -0.1, y: 0))), (.right, .world(.move(x: 0.1, y: 0))),
        (.down, .world(.move(x: 0, y: -0.1))), (.up, .world(.move(x: 0, y: 0.1))),
        (.shiftLeft, .world(.move(x: -0.01, y: 0))), (.shiftRight, .world(.move(x: 0.01, y: 0))),
        (.shiftDown, .world(.move(x: 0, y: -0.01))), (.shiftUp, .world(.move(x: 0, y: 0.01))),
      ]),
    KeyBinding(
      .world, "( )", "narrower, wider", hint: "width",
      [(.character("("), .world(.widen(1 / 1.1))), (.character(")"), .world(.widen(1.1)))]),
    KeyBinding(
      .world, "< >", "less, more likely", hint: "weight",
      [(.character("<"), .world(.weigh(1 / 1.2))), (.character(">"), .world(.weigh(1.2)))]),
    KeyBinding(.world, "B", "a new component", hint: "new", [(.character("B"), .world(.add))]),
    KeyBinding(
      .world, "Del", "delete it; Backspace", hint: "delete",
      [(.delete, .world(.remove)), (.backspace, .world(.remove))]),
    KeyBinding(.world, "U", "undo", hint: "undo", [(.character("U"), .world(.undo))]),
    KeyBinding(
      .world, "f F", "drop a particle; clear; click", hint: "drop",
      [(.character("f"), .world(.drop)), (.character("F"), .world(.clear))]),
    KeyBinding(.world, "u", "arrows on, off", [(.character("u"), .world(.arrows))]),
    KeyBinding(.world, "b", "save as a data set", hint: "save", [(.character("b"), .world(.save))]),
  ]

  /// The rows of the hint bar in an exact world.
  static var hintsOfWorld: [KeyBinding] {
    let order = [
      "Tab", "← → ↓ ↑", "( )", "< >", "f F", "B", "Del", "U", "space", "b", "v V", ": ^P",
    ]
    return order.compactMap { label in (ofWorld + all).first { $0.label == label } }
  }

  private static let worldActions: [Key: Action] = Dictionary(
    uniqueKeysWithValues: ofWorld.flatMap { $0.keys.map { ($0.key, $0.action) } })

  /// The action of a key in an exact world, where it has another than elsewhere.
  static func worldAction(for key: Key) -> Action? { worldActions[key] }
}
