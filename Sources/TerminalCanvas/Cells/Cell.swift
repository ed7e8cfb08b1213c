/// One place of the screen: a character one column wide and how it is drawn.
public struct Cell: Hashable, Sendable {
  /// The Unicode scalar, always one column wide.
  public var scalar: UInt32
  /// The colour of the strokes, in the screen's palette.
  public var foreground: Ink
  /// The colour behind, in the screen's palette.
  public var background: Ink
  /// Bold, dim and the like.
  public var attributes: Attributes

  /// A cell; by default a blank in the terminal's own colours.
  public init(
    scalar: UInt32 = 0x20, foreground: Ink = .standard, background: Ink = .standard,
    attributes: Attributes = []
  ) {
    self.scalar = scalar
    self.foreground = foreground
    self.background = background
    self.attributes = attributes
  }

  /// A blank in the terminal's own colours.
  public static let blank = Cell()

  /// The character to print.
  public var character: Character { Character(Unicode.Scalar(scalar) ?? "?") }
}
