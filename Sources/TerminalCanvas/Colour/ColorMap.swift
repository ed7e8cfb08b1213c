/// A colour for every number from 0 to 1, linear between evenly spaced anchors.
public struct ColorMap: Hashable, Sendable {
  /// The name for lists and messages.
  public let name: String
  /// The anchors, the first at 0 and, unless the map is cyclic, the last at 1.
  public let anchors: [Color]
  /// Whether 1 is the same colour as 0.
  public let isCyclic: Bool

  /// A map from at least two anchors.
  public init(name: String, anchors: [UInt32], isCyclic: Bool = false) {
    precondition(anchors.count > 1, "a colour map needs two anchors")
    self.name = name
    self.anchors = anchors.map { Color(hex: $0) }
    self.isCyclic = isCyclic
  }

  /// The colour at `position`, kept in 0…1 or, for a cyclic map, wrapped into it.
  public func color(at position: Double) -> Color {
    let v = position.isFinite ? position : 0
    if isCyclic {
      let scaled = (v - v.rounded(.down)) * Double(anchors.count)
      let i = min(anchors.count - 1, Int(scaled))
      return anchors[i].mixed(
        with: anchors[(i + 1) % anchors.count], amount: scaled - Double(i))
    }
    let scaled = min(1, max(0, v)) * Double(anchors.count - 1)
    let i = min(anchors.count - 2, Int(scaled))
    return anchors[i].mixed(with: anchors[i + 1], amount: scaled - Double(i))
  }

  /// Dark blue over green to yellow; even to the eye, safe for the colour-blind.
  public static let viridis = ColorMap(
    name: "viridis",
    anchors: [
      0x440154, 0x482475, 0x414487, 0x355f8d, 0x2a788e, 0x21918c, 0x22a884, 0x44bf70, 0x7ad151,
      0xbddf26, 0xfde725,
    ])

  /// Black over violet and orange to pale yellow.
  public static let magma = ColorMap(
    name: "magma",
    anchors: [
      0x000004, 0x140e36, 0x3b0f70, 0x641a80, 0x8c2981, 0xb73779, 0xde4968, 0xf7705c, 0xfe9f6d,
      0xfecf92, 0xfcfdbf,
    ])

  /// Hues of one lightness, OKLCH L .74, C .135, hue 0–360°; cyclic, for angles.
  public static let wheel = ColorMap(
    name: "wheel",
    anchors: [
      0xef84a7, 0xf48877, 0xe8954a, 0xcca632, 0xa0b74d, 0x65c27c, 0x00c6ae, 0x00c1da, 0x4cb5f7,
      0x8aa5ff, 0xb896f3, 0xda8ad3,
    ], isCyclic: true)

  /// Dark blue over grey to yellow: nearly the same to every eye.
  public static let cividis = ColorMap(
    name: "cividis",
    anchors: [
      0x00224e, 0x123570, 0x3b496c, 0x575d6d, 0x707173, 0x8a8678, 0xa59c74, 0xc3b369, 0xe1cc55,
      0xfee838,
    ])

  /// Blue over purple and orange to yellow.
  public static let plasma = ColorMap(
    name: "plasma",
    anchors: [
      0x0d0887, 0x41049d, 0x6a00a8, 0x8f0da4, 0xb12a90, 0xcc4778, 0xe16462, 0xf2844b, 0xfca636,
      0xfcce25, 0xf0f921,
    ])

  /// Greys alone.
  public static let greys = ColorMap(name: "greys", anchors: [0x202020, 0x909090, 0xffffff])

  /// The maps of densities and magnitudes.
  public static let sequential = [viridis, plasma, cividis, magma, greys]

  /// Every map.
  public static let all = sequential + [wheel]
}
