import TerminalCanvas

/// Characters that a picture draws itself: braille dots, borders, heavy lines and bars.
extension SVG {
  /// Whether a character is drawn as a shape and so is no text.
  static func isShape(_ scalar: UInt32) -> Bool {
    (0x2800...0x28ff).contains(scalar) || (0x2581...0x2588).contains(scalar)
      || blockHalves(scalar) != nil || scalar == 0x258c || strokes[scalar] != nil
  }

  /// The shapes of all cells: a path per colour for dots, bars, thin and heavy strokes.
  func shapes(of screen: Screen) -> String {
    var dots = ColoredPaths()
    var bars = ColoredPaths()
    var thin = ColoredPaths()
    var heavy = ColoredPaths()
    for y in 0..<screen.size.rows {
      for (x, cell) in screen.row(y).enumerated() where SVG.isShape(cell.scalar) {
        let color = colors(cell, in: screen.palette).foreground
        let left = margin + Double(x) * cellWidth
        let top = margin + Double(y) * cellHeight
        if (0x2800...0x28ff).contains(cell.scalar) {
          dots.add(dotPath(UInt8(cell.scalar & 0xff), left, top), color)
        } else if let stroke = SVG.strokes[cell.scalar] {
          let isHeavy = cell.scalar == 0x2501 || cell.scalar == 0x2578
          let path = strokePath(stroke, left, top)
          if isHeavy { heavy.add(path, color) } else { thin.add(path, color) }
        } else if let bar = barPath(cell.scalar, left, top) {
          bars.add(bar, color)
        }
      }
    }
    return group("fill=\"none\" stroke-width=\"1\"", thin, "stroke")
      + group("fill=\"none\" stroke-width=\"2\"", heavy, "stroke")
      + group("shape-rendering=\"crispEdges\"", bars, "fill")
      + group("fill=\"none\" stroke-width=\"2\" stroke-linecap=\"round\"", dots, "stroke")
  }

  private func group(_ attributes: String, _ paths: ColoredPaths, _ property: String) -> String {
    guard !paths.order.isEmpty else { return "" }
    var result = "<g \(attributes)>\n"
    for color in paths.order {
      result += "<path \(property)=\"\(hex(color))\" d=\"\(paths.data[color, default: ""])\"/>\n"
    }
    return result + "</g>\n"
  }

  /// Every dot is a stroke of next to no length with a round cap.
  private func dotPath(_ bits: UInt8, _ left: Double, _ top: Double) -> String {
    // Bit i of a braille character is the dot at these places: column, row.
    let places: [(Double, Double)] = [
      (0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3),
    ]
    var path = ""
    for (i, place) in places.enumerated() where bits >> i & 1 == 1 {
      let x = left + cellWidth * (0.25 + 0.5 * place.0)
      let y = top + cellHeight * (0.125 + 0.25 * place.1)
      path += "M\(number(x)) \(number(y))h.01"
    }
    return path
  }

  /// The strokes of border characters as parts of a cell: from the middle to the left, right, top
  /// and bottom edge; a corner bends.
  private struct Stroke {
    var left = false
    var right = false
    var up = false
    var down = false
  }

  private static let strokes: [UInt32: Stroke] = [
    0x2500: Stroke(left: true, right: true), 0x2501: Stroke(left: true, right: true),
    0x2502: Stroke(up: true, down: true), 0x251c: Stroke(right: true, up: true, down: true),
    0x256d: Stroke(right: true, down: true), 0x256e: Stroke(left: true, down: true),
    0x256f: Stroke(left: true, up: true), 0x2570: Stroke(right: true, up: true),
    0x2578: Stroke(left: true),
  ]

  private func strokePath(_ stroke: Stroke, _ left: Double, _ top: Double) -> String {
    let x = number(left + cellWidth / 2)
    let y = number(top + cellHeight / 2)
    let right = number(left + cellWidth)
    let bottom = number(top + cellHeight)
    switch (stroke.left, stroke.right, stroke.up, stroke.down) {
    case (true, true, _, _): return "M\(number(left)) \(y)H\(right)"
    case (false, false, true, true): return "M\(x) \(number(top))V\(bottom)"
    case (false, true, true, true): return "M\(x) \(number(top))V\(bottom)M\(x) \(y)H\(right)"
    case (true, false, false, false): return "M\(number(left)) \(y)H\(x)"
    default:
      let edge = stroke.left ? number(left) : right
      let end = stroke.up ? number(top) : bottom
      return "M\(edge) \(y)Q\(x) \(y) \(x) \(end)"
    }
  }

  /// Eighths from the bottom, and the left half; the halves are backgrounds.
  private func barPath(_ scalar: UInt32, _ left: Double, _ top: Double) -> String? {
    guard SVG.blockHalves(scalar) == nil else { return nil }
    if scalar == 0x258c {
      return "M\(number(left)) \(number(top))h\(number(cellWidth / 2))v\(number(cellHeight))"
        + "h-\(number(cellWidth / 2))z"
    }
    guard (0x2581...0x2588).contains(scalar) else { return nil }
    let height = cellHeight * Double(scalar - 0x2580) / 8
    return "M\(number(left)) \(number(top + cellHeight - height))h\(number(cellWidth))"
      + "v\(number(height))h-\(number(cellWidth))z"
  }
}

/// Path data by colour, in the order in which colours were first seen.
private struct ColoredPaths {
  var order: [Color] = []
  var data: [Color: String] = [:]

  mutating func add(_ path: String, _ color: Color) {
    if data[color] == nil { order.append(color) }
    data[color, default: ""] += path
  }
}
