/// A colour by its number in a screen's palette.
public struct Ink: Hashable, Sendable {
  /// The position in `Palette.paints`.
  public let index: UInt16

  /// The ink at position `index`.
  public init(index: UInt16) { self.index = index }

  /// The terminal's own colour, entry 0 of every palette.
  public static let standard = Ink(index: 0)
}

/// The colours that a screen uses, each once: cells refer to them by number.
///
/// At most 4 096 entries, since terminals limit pairs of colours to 65 536; a colour beyond that
/// becomes the nearest one already there.
public struct Palette: Sendable {
  /// The most entries that a palette takes.
  public static let limit = 4096

  /// All colours; the first is the terminal's own.
  public private(set) var paints: [Paint] = [.standard]
  /// Counts how often the palette was emptied: inks of an older generation mean other colours.
  public private(set) var generation = 0
  private var inks: [Paint: Ink] = [.standard: .standard]
  /// Paints that were asked for last, each in the one place that its code has: most cells ask for one of
  /// them, and to hash a paint takes longer than to write the cell.
  private var recent = Palette.noneRecent
  private static let noneRecent = [(code: UInt64, ink: Ink)](
    repeating: (.max, .standard), count: 512)

  /// A palette that holds the terminal's own colour alone.
  public init() {}

  /// Whether a new colour would no longer find a place.
  public var isFull: Bool { paints.count >= Palette.limit }

  /// The number of `paint`, entering it where it is new.
  public mutating func ink(_ paint: Paint) -> Ink {
    let code = paint.code
    let place = Int(truncatingIfNeeded: (code &* 0x9e37_79b9_7f4a_7c15) >> 55)
    if recent[place].code == code { return recent[place].ink }
    let ink = inks[paint] ?? entered(paint)
    recent[place] = (code, ink)
    return ink
  }

  private mutating func entered(_ paint: Paint) -> Ink {
    let ink = isFull ? nearest(to: paint) : Ink(index: UInt16(paints.count))
    if !isFull { paints.append(paint) }
    inks[paint] = ink
    return ink
  }

  /// The colour that `ink` stands for.
  public subscript(ink: Ink) -> Paint {
    Int(ink.index) < paints.count ? paints[Int(ink.index)] : .standard
  }

  /// Forgets every colour but the terminal's own.
  public mutating func removeAll() {
    paints = [.standard]
    inks = [.standard: .standard]
    recent = Palette.noneRecent
    generation += 1
  }

  private func nearest(to paint: Paint) -> Ink {
    guard let color = paint.color else { return .standard }
    var best = Ink.standard
    var distance = Int.max
    for (i, candidate) in paints.enumerated() {
      guard let other = candidate.color else { continue }
      let d = color.distance(to: other)
      if d < distance {
        distance = d
        best = Ink(index: UInt16(i))
      }
    }
    return best
  }
}
