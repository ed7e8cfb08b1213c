import TerminalCanvas

/// A screen as a scalable picture that looks the same in every browser.
///
/// Text stays text, in runs of one style with an exact length, so that columns align whatever
/// monospaced font is at hand. Dots, borders and blocks are shapes: fonts differ in them most.
struct SVG {
  /// The width of a cell in pixels.
  var cellWidth = 8.0
  /// The height of a cell in pixels.
  var cellHeight = 16.0
  /// The blank margin around the cells in pixels.
  var margin = 4.0
  /// The background that the terminal would show.
  var background = Color(hex: 0x101014)
  /// The foreground of text without a colour.
  var foreground = Color(hex: 0xd0d0d0)

  /// A picture in the assumed colours of a theme.
  init(theme: Theme = Theme()) {
    background = theme.backgroundColor
    foreground = Color(hex: theme.background == .dark ? 0xd0d0d0 : 0x262626)
  }

  /// The document for `screen`.
  func text(of screen: Screen) -> String {
    let width = number(Double(screen.size.columns) * cellWidth + 2 * margin)
    let height = number(Double(screen.size.rows) * cellHeight + 2 * margin)
    var result = """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" \
      viewBox="0 0 \(width) \(height)" font-family="'DejaVu Sans Mono','Menlo',\
      'Cascadia Mono','Consolas','Liberation Mono',monospace" \
      font-size="\(number(cellWidth / 0.6021))" xml:space="preserve">
      <rect width="\(width)" height="\(height)" fill="\(hex(background))"/>
      <g shape-rendering="crispEdges">

      """
    for rect in blocks(of: screen) {
      result += """
        <rect x="\(number(rect.x))" y="\(number(rect.y))" width="\(number(rect.width))" \
        height="\(number(rect.height))" fill="\(hex(rect.color))"/>

        """
    }
    result += "</g>\n"
    result += shapes(of: screen)
    for y in 0..<screen.size.rows { result += row(y, of: screen) + "\n" }
    return result + "</svg>\n"
  }

  // MARK: Text

  private struct Span {
    var column: Int
    var text: String
    var count: Int
    var color: Color
    var attributes: Attributes
  }

  private func row(_ y: Int, of screen: Screen) -> String {
    // 0.76 of the height is where the base line of the font lies within the cell.
    let base = number(margin + (Double(y) + 0.76) * cellHeight)
    let spans = spans(y, of: screen).map { span -> String in
      var attributes =
        "x=\"\(number(margin + Double(span.column) * cellWidth))\""
        + " textLength=\"\(number(Double(span.count) * cellWidth))\""
        + " lengthAdjust=\"spacingAndGlyphs\" fill=\"\(hex(span.color))\""
      if span.attributes.contains(.bold) { attributes += " font-weight=\"bold\"" }
      if span.attributes.contains(.underline) { attributes += " text-decoration=\"underline\"" }
      return "<tspan \(attributes)>\(escaped(span.text))</tspan>"
    }
    return "<text y=\"\(base)\">\(spans.joined())</text>"
  }

  /// Runs of cells of one look; blanks before and after a run belong to none.
  private func spans(_ y: Int, of screen: Screen) -> [Span] {
    var result: [Span] = []
    var open: Span?
    for (column, cell) in screen.row(y).enumerated() {
      let visible = cell.scalar != 0x20 && !SVG.isShape(cell.scalar)
      let look = colors(cell, in: screen.palette)
      let attributes = cell.attributes.intersection([.bold, .underline])
      if visible, var span = open, span.color == look.foreground, span.attributes == attributes {
        span.text.unicodeScalars.append(Unicode.Scalar(cell.scalar) ?? "?")
        span.count += 1
        open = span
      } else {
        if let span = open { result.append(span) }
        open =
          visible
          ? Span(
            column: column, text: String(cell.character), count: 1, color: look.foreground,
            attributes: attributes) : nil
      }
    }
    if let span = open { result.append(span) }
    return result
  }

  private func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  // MARK: Colours and rectangles

  func colors(
    _ cell: Cell, in palette: Palette
  ) -> (foreground: Color, background: Color?) {
    var strokes = palette[cell.foreground].color ?? foreground
    var ground = palette[cell.background].color
    if cell.attributes.contains(.reverse) {
      (strokes, ground) = (ground ?? background, strokes)
    }
    if cell.attributes.contains(.dim) {
      strokes = strokes.mixed(with: ground ?? background, amount: 0.45)
    }
    return (strokes, ground)
  }

  private struct Block {
    var x: Double
    var y: Double
    var width: Double
    var height: Double
    var color: Color
  }

  /// Half blocks as (fills the upper half, fills the lower half).
  static func blockHalves(_ scalar: UInt32) -> (upper: Bool, lower: Bool)? {
    switch scalar {
    case 0x2580: (true, false)
    case 0x2584: (false, true)
    case 0x2588: (true, true)
    default: nil
    }
  }

  /// The backgrounds as rectangles, neighbours of one colour merged along half rows and then down.
  private func blocks(of screen: Screen) -> [Block] {
    var finished: [Block] = []
    var above: [Int: Block] = [:]
    for half in 0..<(2 * screen.size.rows) {
      var here: [Int: Block] = [:]
      for run in runs(half, of: screen) {
        if var block = above[run.column], block.color == run.color,
          block.width == Double(run.count) * cellWidth
        {
          block.height += cellHeight / 2
          above[run.column] = nil
          here[run.column] = block
        } else {
          here[run.column] = Block(
            x: margin + Double(run.column) * cellWidth,
            y: margin + Double(half) * cellHeight / 2, width: Double(run.count) * cellWidth,
            height: cellHeight / 2, color: run.color)
        }
      }
      finished += above.sorted { $0.key < $1.key }.map(\.value)
      above = here
    }
    return finished + above.sorted { $0.key < $1.key }.map(\.value)
  }

  private func runs(
    _ half: Int, of screen: Screen
  ) -> [(column: Int, count: Int, color: Color)] {
    var result: [(column: Int, count: Int, color: Color)] = []
    for (column, cell) in screen.row(half / 2).enumerated() {
      let look = colors(cell, in: screen.palette)
      var color = look.background
      if let halves = SVG.blockHalves(cell.scalar), half % 2 == 0 ? halves.upper : halves.lower {
        color = look.foreground
      }
      guard let color, color != background else { continue }
      if let last = result.last, last.color == color, last.column + last.count == column {
        result[result.count - 1].count += 1
      } else {
        result.append((column, 1, color))
      }
    }
    return result
  }

  /// At most two decimals, and none where there are none to tell.
  func number(_ value: Double) -> String {
    let hundredths = Int(saturating: (value * 100).rounded())
    let whole = String(hundredths / 100)
    let rest = hundredths % 100
    if rest == 0 { return whole }
    return whole + "." + (rest % 10 == 0 ? String(rest / 10) : rest < 10 ? "0\(rest)" : "\(rest)")
  }

  func hex(_ color: Color) -> String {
    let digits = String(color.hex, radix: 16)
    return "#" + String(repeating: "0", count: 6 - digits.count) + digits
  }
}
