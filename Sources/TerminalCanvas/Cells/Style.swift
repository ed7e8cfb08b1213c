/// What a cell's character looks like beside its colours.
public struct Attributes: OptionSet, Hashable, Sendable {
  /// One bit an attribute.
  public let rawValue: UInt8

  /// The attributes of the given bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Heavier strokes.
  public static let bold = Attributes(rawValue: 1)
  /// Fainter than usual.
  public static let dim = Attributes(rawValue: 2)
  /// Foreground and background exchanged.
  public static let reverse = Attributes(rawValue: 4)
  /// A line under the character.
  public static let underline = Attributes(rawValue: 8)
}

/// The colours and attributes of text.
public struct Style: Hashable, Sendable {
  /// The colour of the strokes.
  public var foreground: Paint
  /// The colour behind; nil leaves what is there, so that text lies on panels and heat maps.
  public var background: Paint?
  /// Bold, dim and the like.
  public var attributes: Attributes

  /// A style; by default the terminal's own foreground on what is already there.
  public init(
    foreground: Paint = .standard, background: Paint? = nil, attributes: Attributes = []
  ) {
    self.foreground = foreground
    self.background = background
    self.attributes = attributes
  }

  /// The terminal's own foreground on what is already there.
  public static let plain = Style()

  /// The same style in bold.
  public var bold: Style {
    var style = self
    style.attributes.remove(.dim)
    style.attributes.insert(.bold)
    return style
  }

  /// The same style on another background.
  public func on(_ background: Paint?) -> Style {
    var style = self
    style.background = background
    return style
  }
}
