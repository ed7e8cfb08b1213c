import TerminalCanvas

/// The last row: the keys that matter now, from the key table; help and quit always at the right.
struct HintsPane {
  let theme: Theme

  /// A key with its word, and the cells that it takes.
  struct Item {
    let key, word: String
    let x: Int
    /// The binding that the key is of.
    let binding: KeyBinding

    var columns: Int { CellText.columns(key) + 1 + CellText.columns(word) }
  }

  func draw(_ state: AppState, into screen: inout Screen, in rect: Rect) {
    guard !rect.isEmpty else { return }
    for item in HintsPane.items(state, in: rect) {
      let isNamed = state.introduction?.scene?.names(item.binding) == true
      let line = [
        theme.run(item.key, isNamed ? .accent : .key, bold: isNamed),
        theme.run(" " + item.word, isNamed ? .value : .hint),
      ]
      // Of a sentence about keys those alone are lit that it names.
      let isDark = state.introduction?.scene == .keys && !isNamed
      screen.write(
        isDark ? line.map { Run($0.text, theme.faded($0.style, 0.6)) } : line, x: item.x,
        y: rect.y, clip: rect)
    }
  }

  /// What the row says, from the left.
  static func items(_ state: AppState, in rect: Rect) -> [Item] {
    var fixed: [Item] = []
    var end = rect.maxX - 1
    for (key, word) in [("q", "quit"), ("?", "help")] {
      guard let binding = KeyBindings.all.first(where: { $0.label == key }) else { continue }
      end -= key.count + 1 + word.count
      fixed.insert(Item(key: key, word: word, x: end, binding: binding), at: 0)
      end -= 3
    }
    var items: [Item] = []
    var x = rect.x + 1
    let shown =
      state.isInWorld ? KeyBindings.hintsOfWorld : KeyBindings.hints(comparing: state.isComparing)
    for binding in shown {
      guard let hint = binding.hint, state.means(binding) else { continue }
      // The dial is named by what it turns.
      let isDial = binding.label == "( )" && binding.group != .world
      if isDial, state.dial == nil { continue }
      var word = hint
      if isDial { word = state.dial?.hint ?? hint }
      if hint == "play" && state.playback.clock.isPlaying { word = "pause" }
      // A row of the table names two keys; the hint bar has room for the first.
      let keys = binding.label.split(separator: " ")
      let isWhole =
        binding.label.contains(".") || binding.label.contains("←")
        || ["( )", "< >"].contains(binding.label)
      let item = Item(
        key: isWhole ? binding.label : String(keys[0]), word: word, x: x, binding: binding)
      if x + item.columns > end { break }
      items.append(item)
      x += item.columns + 3
    }
    return items + fixed
  }

  /// What a click on a cell of the row does: as the key that is named there; of two the nearer.
  static func action(_ state: AppState, in rect: Rect, x: Int) -> Action? {
    guard let item = items(state, in: rect).first(where: { x >= $0.x && x < $0.x + $0.columns })
    else { return nil }
    let isSecond = item.key.contains(" ") && 2 * (x - item.x) >= CellText.columns(item.key)
    let keys = item.binding.keys
    return (isSecond && keys.count > 1 ? keys[1] : keys.first)?.action
  }
}
