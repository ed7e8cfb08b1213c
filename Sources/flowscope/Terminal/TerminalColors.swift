import CTerminal
import TerminalCanvas

/// Turns paints into the numbers that a terminal of one depth takes, each once.
struct TerminalColors {
  /// How many colours the terminal shows.
  let depth: ColorDepth
  private var codes: [Int32] = []
  private var generation = -1

  /// A table for terminals of the given depth.
  init(depth: ColorDepth) { self.depth = depth }

  /// The numbers of all colours of `palette`, in its order; only new ones are worked out.
  mutating func codes(of palette: Palette) -> [Int32] {
    if palette.generation != generation || palette.paints.count < codes.count {
      codes.removeAll(keepingCapacity: true)
      generation = palette.generation
    }
    for paint in palette.paints.dropFirst(codes.count) {
      codes.append(TerminalColors.code(of: paint, depth: depth))
    }
    return codes
  }

  /// 0xRRGGBB, an index, or −1 for the terminal's own colour.
  static func code(of paint: Paint, depth: ColorDepth) -> Int32 {
    switch depth {
    case .direct: paint.color.map { Int32($0.hex(levelsFor: paint)) } ?? -1
    case .indexed256: paint.index256.map { Int32($0) } ?? -1
    case .basic16: paint.index16.map { Int32($0) } ?? -1
    case .mono: -1
    }
  }
}

extension Color {
  /// `0xRRGGBB`, in 64 levels a channel unless it is exactly an entry of the 256 palette: pairs of
  /// colours are limited, and maps and glows have thousands of shades that no eye tells apart.
  fileprivate func hex(levelsFor paint: Paint) -> UInt32 {
    if let index = paint.indexed, Color(palette: index) == self { return hex }
    func level(_ channel: UInt8) -> UInt8 { channel & 0xfc | channel >> 6 }
    return Color(red: level(red), green: level(green), blue: level(blue)).hex
  }
}
