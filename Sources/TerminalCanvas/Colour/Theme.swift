/// How everything looks: roles, colour maps and characters for one kind of terminal.
///
/// Text is four greys and one accent; saturated colour belongs to the data. The background is the
/// terminal's own and never painted; mixing assumes `backgroundColor`.
public struct Theme: Hashable, Sendable {
  /// How many colours the terminal shows.
  public var depth: ColorDepth
  /// Whether its background is dark or light.
  public var background: Background
  /// The characters to draw with.
  public var glyphs: GlyphSet
  /// The background that mixing assumes: what the terminal answered, else #101014 or #fafafa.
  public var backgroundColor: Color

  /// The map of densities and magnitudes.
  public var map = ColorMap.viridis
  /// How the interface is coloured.
  public var variant = ThemeVariant.standard

  /// A theme with the assumed background of its kind.
  public init(
    depth: ColorDepth = .direct, background: Background = .dark, glyphs: GlyphSet = .braille
  ) {
    self.depth = depth
    self.background = background
    self.glyphs = glyphs
    backgroundColor = Color(hex: background == .dark ? 0x101014 : 0xfafafa)
  }

  /// A theme for a terminal that answered with its background colour.
  public init(depth: ColorDepth, backgroundColor: Color, glyphs: GlyphSet = .braille) {
    self.init(
      depth: depth, background: backgroundColor.luminance < 0.2 ? .dark : .light, glyphs: glyphs)
    self.backgroundColor = backgroundColor
  }

  /// The style of a role; `panel` and `selectedRow` give backgrounds under the text of `value`.
  public func style(_ role: Role, bold: Bool = false) -> Style {
    var style: Style
    if role == .panel || role == .selectedRow {
      style = self.style(.value)
      style.background = paint(role)
      if depth == .mono || depth == .basic16 { style.attributes = role.monoAttributes }
    } else if depth == .mono {
      style = Style(attributes: role.monoAttributes)
    } else {
      style = Style(
        foreground: paint(role), attributes: variant.look(of: role, on: background).attributes)
    }
    return bold ? style.bold : style
  }

  /// The colour of a role, the terminal's own where the depth has none for it.
  public func paint(_ role: Role) -> Paint {
    let look = variant.look(of: role, on: background)
    if depth == .basic16, look.basic == nil { return .standard }
    return Paint(palette: look.index, basic: look.basic).narrowed(to: depth)
  }

  /// A piece of text in a role, with its marks in this theme's characters.
  public func run(_ text: String, _ role: Role, bold: Bool = false) -> Run {
    Run(glyphs.spelled(text), style(role, bold: bold))
  }

  /// A paint of this theme's depth from an exact colour, with names for the lesser depths.
  func paint(_ color: Color, indexed: UInt8? = nil, basic: UInt8? = nil) -> Paint {
    Paint(rgb: color, indexed: indexed ?? color.nearestIndexed, basic: basic)
      .narrowed(to: depth)
  }

  /// `style` with its strokes moved `amount` (0…1) towards the background; dim where colours
  /// cannot be mixed and `amount` is more than a third.
  public func faded(_ style: Style, _ amount: Double) -> Style {
    guard amount > 0 else { return style }
    var result = style
    let color = style.foreground.color
    if depth == .direct, let color {
      result.foreground = Paint(color.mixed(with: backgroundColor, amount: amount))
    } else if depth == .indexed256, let color {
      result.foreground = paint(color.mixed(with: backgroundColor, amount: amount))
    } else if depth == .basic16 {
      result.foreground = amount > 0.34 ? Paint(basic: 8) : style.foreground
    } else if amount > 0.34 {
      result.attributes.remove(.bold)
      result.attributes.insert(.dim)
    }
    return result
  }
}
