import TerminalCanvas

/// t in figures that a hall can read.
struct ClockPane {
  let theme: Theme

  /// The rows of a figure.
  static let rows = 5

  /// Figures of 3×5 squares, a row of bits after the other.
  private static let figures: [Character: [UInt8]] = [
    "0": [7, 5, 5, 5, 7], "1": [2, 6, 2, 2, 7], "2": [7, 1, 7, 4, 7], "3": [7, 1, 7, 1, 7],
    "4": [5, 5, 7, 1, 1], "5": [7, 4, 7, 1, 7], "6": [7, 4, 7, 5, 7], "7": [7, 1, 1, 2, 2],
    "8": [7, 5, 7, 5, 7], "9": [7, 5, 7, 1, 7],
  ]

  func draw(_ state: AppState, into screen: inout Screen, in rect: Rect) {
    let inner = Panel(
      title: "t", heading: [theme.run("0 noise, 1 data", .label)]
    ).draw(into: &screen, in: rect, theme: theme)
    let text = NumberFormat.fixed(state.playback.clock.t, 2)
    // A square is two columns wide where there is room.
    let scale = inner.width >= ClockPane.columns(text, scale: 2) + 2 ? 2 : 1
    var x = inner.x + max(0, (inner.width - ClockPane.columns(text, scale: scale)) / 2)
    let block: Unicode.Scalar = theme.glyphs == .ascii ? "#" : "\u{2588}"
    for character in text {
      let rows = ClockPane.figures[character] ?? [0, 0, 0, 0, 1]
      let width = character == "." ? 1 : 3
      for (row, bits) in rows.enumerated() where row < inner.height {
        for column in 0..<width where bits >> (width - 1 - column) & 1 == 1 {
          for k in 0..<scale {
            let place = x + column * scale + k
            if inner.contains(place, inner.y + row) {
              screen.set(place, inner.y + row, block, style: theme.style(.accent))
            }
          }
        }
      }
      x += (width + 1) * scale
    }
  }

  private static func columns(_ text: String, scale: Int) -> Int {
    text.reduce(0) { $0 + (($1 == "." ? 1 : 3) + 1) * scale } - scale
  }
}
