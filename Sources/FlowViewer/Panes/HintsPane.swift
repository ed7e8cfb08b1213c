import TerminalCanvas

/// The last row: the keys that matter now, from the key table; help and quit always at the right.
struct HintsPane {
  let theme: Theme

  func draw(_ state: AppState, into screen: inout Screen, in rect: Rect) {
    guard !rect.isEmpty else { return }
    let fixed = run("?", "help") + [theme.run("   ", .hint)] + run("q", "quit")
    let end = rect.maxX - 1
    screen.write(fixed, endingAt: end, y: rect.y, clip: rect)
    let limit = end - fixed.columns - 3
    var x = rect.x + 1
    for binding in KeyBindings.hints(comparing: state.isComparing) {
      guard let hint = binding.hint, state.means(binding) else { continue }
      // The dial is named by what it turns.
      if binding.label == "( )", state.dial == nil { continue }
      var word = hint
      if binding.label == "( )" { word = state.dial?.hint ?? hint }
      if hint == "play" && state.playback.clock.isPlaying { word = "pause" }
      // A row of the table names two keys; the hint bar has room for the first.
      let keys = binding.label.split(separator: " ")
      let first =
        binding.label.contains(".") || binding.label.contains("←") || binding.label == "( )"
      let line = run(first ? binding.label : String(keys[0]), word)
      if x + line.columns > limit { break }
      x += screen.write(line, x: x, y: rect.y, clip: rect) + 3
    }
  }

  private func run(_ key: String, _ word: String) -> [Run] {
    [theme.run(key, .key), theme.run(" " + word, .hint)]
  }
}
