import FlowMatching
import TerminalCanvas

/// A small grey picture in half blocks: two pixels a cell, from the ground through a hue to white.
struct PictureTile {
  let theme: Theme
  /// The rows and columns of pixels, and how many of them one on the screen stands for.
  let height, width: Int
  private let step: Int

  /// Pictures of that size in so many columns and rows of cells at most.
  init(theme: Theme, height: Int, width: Int, columns: Int = .max, rows: Int = .max) {
    self.theme = theme
    self.height = height
    self.width = width
    var step = 1
    while width > step * columns || (height + step - 1) / step > 2 * min(rows, 1 << 20) {
      step += 1
    }
    self.step = step
  }

  /// The columns and rows of cells.
  var columns: Int { (width + step - 1) / step }
  var rows: Int { ((height + step - 1) / step + 1) / 2 }

  /// Draws one, pixel (i, j) being `pixels[i·width + j]` from 0 to 1; nil hue is white.
  func draw(
    _ pixels: [Double], hue: Double?, fade: Double = 0, x: Int, y: Int, into screen: inout Screen,
    clip: Rect
  ) {
    let shades = theme.showsSurfaces ? self.shades(hue, fade) : []
    for row in 0..<rows {
      for column in 0..<columns where clip.contains(x + column, y + row) {
        let upper = value(pixels, 2 * row, column) ?? 0
        let lower = value(pixels, 2 * row + 1, column)
        if shades.isEmpty {
          drawGlyph((upper + (lower ?? upper)) / 2, hue, fade, x + column, y + row, &screen)
          continue
        }
        let top = shades[Int(saturating: (upper * Double(shades.count - 1)).rounded())]
        let bottom = lower.map {
          shades[Int(saturating: ($0 * Double(shades.count - 1)).rounded())]
        }
        screen.set(
          x + column, y + row, theme.glyphs.upperHalf,
          style: Style(foreground: top, background: bottom))
      }
    }
  }

  /// The mean of the pixels that one on the screen stands for; nil below the last.
  private func value(_ pixels: [Double], _ row: Int, _ column: Int) -> Double? {
    guard row * step < height else { return nil }
    var (sum, count) = (0.0, 0)
    for i in row * step..<min(height, (row + 1) * step) {
      for j in column * step..<min(width, (column + 1) * step) {
        let pixel = pixels[i * width + j]
        sum += pixel.isFinite ? min(1, max(0, pixel)) : 0
        count += 1
      }
    }
    return count > 0 ? sum / Double(count) : nil
  }

  /// From dark to light; few of them where colours are few, which else turn to mud.
  private func shades(_ hue: Double?, _ fade: Double) -> [Paint] {
    let ground = theme.raised(theme.surfaceBackground, by: 0.06)
    let white = theme.raised(theme.surfaceBackground, by: 1)
    let middle = hue.map { theme.hue($0) } ?? theme.raised(theme.surfaceBackground, by: 0.62)
    let count = theme.depth == .direct ? 25 : 7
    return (0..<count).map { step in
      let v = Float(step) / Float(count - 1)
      let full =
        v < 0.62
        ? ground + (middle - ground) * (v / 0.62)
        : middle + (white - middle) * (0.55 * (v - 0.62) / 0.38)
      return theme.paint(full + (theme.surfaceBackground - full) * Float(fade))
    }
  }

  private func drawGlyph(
    _ value: Double, _ hue: Double?, _ fade: Double, _ x: Int, _ y: Int, _ screen: inout Screen
  ) {
    let ramp: [Unicode.Scalar] =
      theme.glyphs == .ascii ? [" ", ".", ":", "+", "#"] : [" ", "░", "▒", "▓", "█"]
    let glyph = ramp[min(4, Int(saturating: value * 5))]
    guard glyph != " " else { return }
    var style = theme.style(fade > 0 ? .hint : .value)
    if fade == 0, theme.depth != .mono, let hue { style.foreground = theme.wheel(hue) }
    screen.set(x, y, glyph, style: style)
  }
}

extension AppState {
  /// The hue of a class in turns, as many as there are.
  func hue(ofClass label: Int?) -> Double? {
    label.map { Double($0) / Double(max(1, traits.classes.count)) }
  }
}
