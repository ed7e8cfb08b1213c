/// How a cloud of particles is coloured.
public struct ScatterLook: Sendable {
  /// What the colour of a cell means.
  public enum Colouring: Sendable {
    /// Smoothed particles per cell.
    case density
    /// The mean of the particles' values, through a function to a style.
    case mean(@Sendable (Double) -> Style)
    /// The mean direction of the particles' angles, on the wheel.
    case hue
    /// One style for all.
    case uniform(Style)
  }

  /// What the colour means.
  public var colouring: Colouring
  /// The density c_max in particles per cell that takes the last colour; also of the glow.
  public var maximum: Double
  /// Whether the background glows around the particles (24-bit colour only).
  public var glows: Bool
  /// How far the particles' colours move towards the background, 0…1.
  public var fade: Double

  /// A look.
  public init(
    _ colouring: Colouring = .density, maximum: Double, glows: Bool = true, fade: Double = 0
  ) {
    self.colouring = colouring
    self.maximum = maximum
    self.glows = glows
    self.fade = fade
  }
}

extension ScatterDensity {
  /// Draws the particles of the last `bin` into the rectangle of `axes`, over the target's
  /// silhouette if one of the same size is given; its outline shows where no particle is.
  public mutating func draw(
    into screen: inout Screen, axes: PlotAxes, theme: Theme, look: ScatterLook,
    target: TargetMask? = nil
  ) {
    let rect = axes.rect
    guard rect.size == size, !rect.isEmpty else { return }
    let mask = target.flatMap { $0.size == size ? $0 : nil }
    drawGround(into: &screen, at: rect, theme: theme, look: look, mask: mask)
    let styles = CellStyles(scatter: &self, theme: theme, look: look)
    let ghost = theme.style(.ghost)
    let ghostInk = screen.ink(ghost.foreground)
    let inks = styles.palette.map { screen.ink($0.foreground) }
    for row in 0..<size.rows {
      for column in 0..<size.columns {
        let cell = row * size.columns + column
        let bits = patterns[cell]
        if bits == 0 {
          guard let outline = mask?.outline.pattern(column, row), outline != 0 else { continue }
          screen.set(
            rect.x + column, rect.y + row, scalar: theme.glyphs.pattern(outline).value,
            foreground: ghostInk, attributes: ghost.attributes)
          continue
        }
        let (style, index) = styles.style(cell, in: self)
        screen.set(
          rect.x + column, rect.y + row, scalar: scalar(cell, bits, theme.glyphs).value,
          foreground: index.map { inks[$0] } ?? screen.ink(style.foreground),
          attributes: style.attributes)
      }
    }
  }

  /// Braille shows places; a character can only show how many.
  private func scalar(_ cell: Int, _ bits: UInt8, _ glyphs: GlyphSet) -> Unicode.Scalar {
    guard glyphs == .ascii else { return glyphs.pattern(bits) }
    switch cellCounts[cell] {
    case ...1: return "."
    case ...2: return ":"
    case ...4: return "+"
    case ...8: return "*"
    default: return "#"
    }
  }

  private mutating func drawGround(
    into screen: inout Screen, at rect: Rect, theme: Theme, look: ScatterLook, mask: TargetMask?
  ) {
    let glows = look.glows && theme.depth == .direct && look.maximum > 0
    guard glows || mask != nil else { return }
    var byHue = false
    if case .hue = look.colouring { byHue = true }
    if glows {
      glowFilter.apply(cellCounts, width: size.columns, height: size.rows, into: &glow)
    }
    let hues = glows && byHue ? blurredHues() : []
    let scale = glows ? Float(1 / look.maximum) : 0
    var inks: [Int: Ink?] = [:]
    for row in 0..<size.rows {
      for column in 0..<size.columns {
        let cell = row * size.columns + column
        let level = glows ? Double(LogScale.level(glow[cell] * scale)) : 0
        let strength = mask.map { Double($0.strength[cell]) } ?? 0
        guard level > 0.05 || strength > 0.05 else { continue }
        let hue = hues.isEmpty ? nil : Double(hues[cell])
        // The theme rounds as coarsely as this key, so that one ink serves many cells.
        let key =
          Int(saturating: (strength * 6).rounded()) << 16 | Int(saturating: (level * 60).rounded())
          << 8
          | Int(saturating: (hue.map { $0 * 24 } ?? 0).rounded())
        let ink: Ink?
        if let known = inks[key] {
          ink = known
        } else {
          ink = theme.ground(silhouette: strength, glow: level, hue: hue).map { screen.ink($0) }
          inks[key] = ink
        }
        guard let ink else { continue }
        screen[rect.x + column, rect.y + row].background = ink
      }
    }
  }

  /// The direction of the particles' mean angle around every cell, in turns.
  private mutating func blurredHues() -> [Float] {
    guard sums.count == patterns.count else { return [] }
    var filter = GaussianBlur(sigmaX: 2.4, sigmaY: 1.2)
    var x: [Float] = []
    var y: [Float] = []
    filter.apply(sums, width: size.columns, height: size.rows, into: &x)
    filter.apply(sumsY, width: size.columns, height: size.rows, into: &y)
    return x.indices.map { Float(Elementary.turns(x: Double(x[$0]), y: Double(y[$0]))) }
  }
}

/// The styles of all cells of one cloud, chosen once a draw.
private struct CellStyles {
  private var levels: [Float] = []
  private(set) var palette: [Style] = []
  private let look: ScatterLook
  private let theme: Theme

  init(scatter: inout ScatterDensity, theme: Theme, look: ScatterLook) {
    self.look = look
    self.theme = theme
    switch look.colouring {
    case .density:
      levels = scatter.levels(maximum: look.maximum)
      palette = (0..<64).map { theme.faded(theme.densityStyle(Double($0) / 63), look.fade) }
    case .uniform(let style): palette = [theme.faded(style, look.fade)]
    case .mean, .hue: break
    }
  }

  /// A cell's style, and its place in the palette where it is from there.
  func style(_ cell: Int, in scatter: ScatterDensity) -> (Style, index: Int?) {
    switch look.colouring {
    case .density:
      let index = Int(saturating: (max(0, min(1, Double(levels[cell]))) * 63).rounded())
      return (palette[index], index)
    case .uniform:
      return (palette[0], 0)
    case .mean(let style):
      guard !scatter.sums.isEmpty else { return (theme.style(.value), nil) }
      let mean = scatter.sums[cell] / max(1, scatter.cellCounts[cell])
      return (theme.faded(style(Double(mean)), look.fade), nil)
    case .hue:
      guard !scatter.sums.isEmpty else { return (theme.style(.value), nil) }
      let hue = Elementary.turns(
        x: Double(scatter.sums[cell]), y: Double(scatter.sumsY[cell]))
      return (theme.faded(Style(foreground: theme.wheel(hue)), look.fade), nil)
    }
  }
}
