extension Screen {
  /// Draws everything outside a rectangle fainter, as what lies under an overlay.
  ///
  /// Every colour moves by `amount` (0…1) towards the assumed background; 0.66 leaves 34 %. Colours
  /// that a terminal cannot mix become dim instead.
  public mutating func fade(towards background: Color, amount: Double = 0.66, outside rect: Rect) {
    fade(towards: background, amount: amount, outside: [rect])
  }

  /// Draws everything outside several rectangles fainter.
  public mutating func fade(towards background: Color, amount: Double, outside rects: [Rect]) {
    fade(towards: background, amount: amount) { x, y in !rects.contains { $0.contains(x, y) } }
  }

  /// Draws everything inside a rectangle fainter.
  public mutating func fade(towards background: Color, amount: Double, inside rect: Rect) {
    fade(towards: background, amount: amount) { x, y in rect.contains(x, y) }
  }

  private mutating func fade(
    towards background: Color, amount: Double, where isMeant: (Int, Int) -> Bool
  ) {
    // One decision a palette entry, not one a cell.
    var faded: [Ink: (ink: Ink, dim: Bool)] = [:]
    for y in 0..<size.rows {
      for x in 0..<size.columns where isMeant(x, y) {
        var cell = self[x, y]
        let strokes = fadedInk(cell.foreground, background, amount, &faded)
        cell.foreground = strokes.ink
        if strokes.dim {
          cell.attributes.remove(.bold)
          cell.attributes.insert(.dim)
        }
        if cell.background != .standard {
          cell.background = fadedInk(cell.background, background, amount, &faded).ink
        }
        self[x, y] = cell
      }
    }
  }

  private mutating func fadedInk(
    _ ink: Ink, _ background: Color, _ amount: Double,
    _ known: inout [Ink: (ink: Ink, dim: Bool)]
  ) -> (ink: Ink, dim: Bool) {
    if let result = known[ink] { return result }
    let paint = palette[ink]
    var result = (ink: ink, dim: true)
    if let color = paint.rgb ?? paint.indexed.map({ Color(palette: $0) }) {
      let mixed = color.mixed(with: background, amount: amount)
      // A paint without an exact colour belongs to a terminal of 256: it stays an entry there.
      let entry = paint.rgb == nil ? Paint(indexed: mixed.nearestIndexed) : Paint(mixed)
      result = (palette.ink(entry), false)
    } else if paint.basic != nil {
      result = (palette.ink(Paint(basic: 8)), false)
    }
    known[ink] = result
    return result
  }
}
