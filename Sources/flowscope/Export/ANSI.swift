import TerminalCanvas

/// A screen as text with the escape sequences that colour it, for `cat` and for recordings.
///
/// A sequence is written only where the look changes, and holds only what changes. Every row ends
/// in the terminal's own colours, so that a row can be cut out or scrolled.
enum ANSI {
  /// The rows of `screen` in colours of the given depth, every row ended by a line feed.
  static func text(of screen: Screen, depth: ColorDepth = .direct) -> String {
    var result = ""
    for y in 0..<screen.size.rows { result += line(y, of: screen, depth: depth) + "\n" }
    return result
  }

  /// One row, without line feed; trailing blanks that show nothing are left out.
  static func line(_ y: Int, of screen: Screen, depth: ColorDepth = .direct) -> String {
    var cells = screen.row(y)
    while let last = cells.last, isInvisible(last) { cells.removeLast() }
    var result = String.UnicodeScalarView()
    var now = Look()
    for cell in cells {
      let next = Look(cell, in: screen.palette, depth: depth)
      // A blank without background or line looks the same in any foreground: no sequence for it.
      let wanted = cell.scalar == 0x20 ? next.withForeground(of: now) : next
      if wanted != now {
        result.append(contentsOf: wanted.sequence(after: now).unicodeScalars)
        now = wanted
      }
      result.append(Unicode.Scalar(cell.scalar) ?? "?")
    }
    if now != Look() { result.append(contentsOf: "\u{1b}[0m".unicodeScalars) }
    return String(result)
  }

  /// Whether `line` of a row reaches its last place.
  static func isFull(_ y: Int, of screen: Screen) -> Bool {
    screen.row(y).last.map { !isInvisible($0) } ?? true
  }

  private static func isInvisible(_ cell: Cell) -> Bool {
    cell.scalar == 0x20 && cell.background == .standard
      && cell.attributes.isDisjoint(with: [.reverse, .underline])
  }
}

/// What a terminal has to be told about a cell.
private struct Look: Equatable {
  private var foreground = ""
  private var background = ""
  private var attributes: Attributes = []

  init() {}

  init(_ cell: Cell, in palette: Palette, depth: ColorDepth) {
    foreground = Look.color(palette[cell.foreground], depth, isBackground: false)
    background = Look.color(palette[cell.background], depth, isBackground: true)
    attributes = cell.attributes
  }

  func withForeground(of other: Look) -> Look {
    guard attributes.isDisjoint(with: [.reverse, .underline]),
      other.attributes.isDisjoint(with: [.reverse, .underline])
    else { return self }
    var look = other
    look.background = background
    return look
  }

  /// The sequence that turns `old` into this look.
  func sequence(after old: Look) -> String {
    var parts: [String] = []
    var attributesNow = old.attributes
    var foregroundNow = old.foreground
    var backgroundNow = old.background
    // Attributes can only be added one by one: to lose one, start anew.
    if !old.attributes.isSubset(of: attributes) {
      parts.append("0")
      attributesNow = []
      foregroundNow = ""
      backgroundNow = ""
    }
    let added = attributes.subtracting(attributesNow)
    if added.contains(.bold) { parts.append("1") }
    if added.contains(.dim) { parts.append("2") }
    if added.contains(.underline) { parts.append("4") }
    if added.contains(.reverse) { parts.append("7") }
    if foreground != foregroundNow { parts.append(foreground.isEmpty ? "39" : foreground) }
    if background != backgroundNow { parts.append(background.isEmpty ? "49" : background) }
    return "\u{1b}[" + parts.joined(separator: ";") + "m"
  }

  private static func color(_ paint: Paint, _ depth: ColorDepth, isBackground: Bool) -> String {
    let base = isBackground ? 40 : 30
    switch depth {
    case .direct:
      guard let color = paint.color else { return "" }
      return "\(base + 8);2;\(color.red);\(color.green);\(color.blue)"
    case .indexed256:
      return paint.index256.map { "\(base + 8);5;\($0)" } ?? ""
    case .basic16:
      return paint.index16.map { "\($0 < 8 ? base + Int($0) : base + 52 + Int($0))" } ?? ""
    case .mono:
      return ""
    }
  }
}
