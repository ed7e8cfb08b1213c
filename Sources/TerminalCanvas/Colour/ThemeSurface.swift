/// A colour of a surface while it is mixed: red, green and blue in 0…255.
public typealias SurfaceColor = SIMD3<Float>

/// The colours of bodies in light: surfaces that particles lie on.
extension Theme {
  /// Whether surfaces can be drawn: they need two colours a cell, and shades of them.
  public var showsSurfaces: Bool {
    glyphs == .braille && (depth == .direct || depth == .indexed256)
  }

  /// The assumed background.
  public var surfaceBackground: SurfaceColor { Theme.mixable(backgroundColor) }

  /// A paint as it is mixed; nil for the terminal's own colour.
  public func mixable(_ paint: Paint?) -> SurfaceColor? { paint?.color.map(Theme.mixable) }

  private static func mixable(_ color: Color) -> SurfaceColor {
    SurfaceColor(Float(color.red), Float(color.green), Float(color.blue))
  }

  /// The colours of a body by how directly light falls on it, λ in 64 steps from 0 to 1.
  ///
  /// Lit = .30 + .70 λ^.9; the background moves towards blue by lit^1.15. On light bodies are pale where
  /// they are lit and blue in the shade.
  public var bodyShades: [SurfaceColor] {
    (0...63).map { step in
      let lit = 0.30 + 0.70 * Elementary.power(Double(step) / 63, 0.9)
      let ground = surfaceBackground
      if background == .dark {
        return ground
          + (SurfaceColor(30, 42, 66) - ground) * Float(Elementary.power(lit, 1.15))
      }
      return ground + (SurfaceColor(112, 142, 188) - ground) * Float(0.16 + 0.42 * (1 - lit))
    }
  }

  /// The same with the target's share of it: white on dark, black on light.
  public func raised(_ color: SurfaceColor, by amount: Double) -> SurfaceColor {
    let pole: Float = background == .dark ? 255 : 0
    return color + (SurfaceColor(repeating: pole) - color) * Float(amount)
  }

  /// The glow of particles at levels in 64 steps from 0 to 1: a colour, and how far a ground moves to it.
  public var glows: [(color: SurfaceColor, amount: Float)] {
    (0...63).map { step in
      let g = Double(step) / 63
      let color = map.color(at: background == .dark ? 0.15 + 0.75 * g : 0.75 * (1 - g))
      return (Theme.mixable(color), Float(0.3 * min(1, max(0, 1.3 * g - 0.08))))
    }
  }

  /// A hue in turns as it is mixed.
  public func hue(_ turns: Double) -> SurfaceColor { Theme.mixable(wheelColor(turns)) }

  /// The glow of particles of a hue in turns, in 24 steps.
  public func glowHue(_ turns: Double) -> SurfaceColor {
    Theme.mixable(wheelColor((turns * 24).rounded() / 24))
  }

  /// A thin light outside a body, 0…1 of its greatest.
  public func aired(_ color: SurfaceColor, by amount: Double) -> SurfaceColor {
    let air = background == .dark ? SurfaceColor(110, 150, 200) : SurfaceColor(120, 150, 200)
    return color + (air - color) * Float(0.16 * amount)
  }

  /// The paint of a mixed colour, in steps of three from the background so that few paints serve many
  /// cells.
  public func paint(_ color: SurfaceColor) -> Paint {
    let ground = surfaceBackground
    let stepped = ground + ((color - ground) / 3).rounded(.toNearestOrAwayFromZero) * 3
    func channel(_ value: Float) -> UInt8 { UInt8(min(255, max(0, value))) }
    return paint(
      Color(red: channel(stepped.x), green: channel(stepped.y), blue: channel(stepped.z)))
  }
}
