/// A colour as a terminal of any depth may be asked for it.
///
/// A paint may name the same colour three times: exactly, as an entry of the 256 palette and as one
/// of the 16 basic colours. Names that are missing are found by the nearest entry when needed.
public struct Paint: Hashable, Sendable {
  /// The exact colour, or nil where only palette entries are meant.
  public var rgb: Color?
  /// The entry of the 256 palette that stands for this colour.
  public var indexed: UInt8?
  /// The basic colour, 0…15, that stands for this colour.
  public var basic: UInt8?

  /// A paint with the given names; with none it is the terminal's own colour.
  public init(rgb: Color? = nil, indexed: UInt8? = nil, basic: UInt8? = nil) {
    self.rgb = rgb
    self.indexed = indexed
    self.basic = basic
  }

  /// A paint known by its exact colour alone.
  public init(_ color: Color) { self.init(rgb: color) }

  /// An entry of the 256 palette, known by its exact colour too.
  public init(palette index: UInt8, basic: UInt8? = nil) {
    self.init(rgb: Color(palette: index), indexed: index, basic: basic)
  }

  /// The terminal's own foreground or background.
  public static let standard = Paint()

  /// Whether this is the terminal's own colour.
  public var isStandard: Bool { rgb == nil && indexed == nil && basic == nil }

  /// The colour in 24 bits, or nil for the terminal's own.
  public var color: Color? {
    rgb ?? indexed.map { Color(palette: $0) } ?? basic.map { Color(palette: $0) }
  }

  /// The entry of the 256 palette to use, or nil for the terminal's own colour.
  public var index256: UInt8? { indexed ?? rgb?.nearestIndexed ?? basic }

  /// The basic colour to use, 0…15, or nil for the terminal's own colour.
  public var index16: UInt8? { basic ?? color?.nearestBasic }

  /// All three names in one number, of which no other paint has the same.
  var code: UInt64 {
    let exact = rgb.map { UInt64($0.hex) + 1 } ?? 0
    let entries = (indexed.map { UInt64($0) + 1 } ?? 0) << 9 | (basic.map { UInt64($0) + 1 } ?? 0)
    return exact << 18 | entries
  }

  /// The paint without the names that a terminal of the given depth cannot show.
  public func narrowed(to depth: ColorDepth) -> Paint {
    switch depth {
    case .direct: self
    case .indexed256: Paint(indexed: index256, basic: basic)
    case .basic16: Paint(basic: index16)
    case .mono: .standard
    }
  }
}

/// How many colours the terminal shows.
public enum ColorDepth: String, Hashable, Sendable, CaseIterable {
  /// Every colour of 24 bits.
  case direct
  /// The 256 palette.
  case indexed256
  /// The 16 basic colours.
  case basic16
  /// No colour at all: roles are told apart by dim and bold.
  case mono
}
