/// A colour of 24 bits in the sRGB space.
public struct Color: Hashable, Sendable {
  /// The red channel, 0…255.
  public let red: UInt8
  /// The green channel, 0…255.
  public let green: UInt8
  /// The blue channel, 0…255.
  public let blue: UInt8

  /// A colour from its three channels.
  public init(red: UInt8, green: UInt8, blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// A colour from `0xRRGGBB`.
  public init(hex: UInt32) {
    self.init(
      red: UInt8(truncatingIfNeeded: hex >> 16), green: UInt8(truncatingIfNeeded: hex >> 8),
      blue: UInt8(truncatingIfNeeded: hex))
  }

  /// The value `0xRRGGBB`.
  public var hex: UInt32 { UInt32(red) << 16 | UInt32(green) << 8 | UInt32(blue) }

  /// Black, `#000000`.
  public static let black = Color(hex: 0x000000)
  /// White, `#ffffff`.
  public static let white = Color(hex: 0xffffff)

  /// The colour `(1 − amount)·self + amount·other`, channel by channel; `amount` is kept in 0…1.
  public func mixed(with other: Color, amount: Double) -> Color {
    let a = min(1, max(0, amount.isNaN ? 0 : amount))
    func mix(_ p: UInt8, _ q: UInt8) -> UInt8 {
      UInt8((Double(p) + a * (Double(q) - Double(p))).rounded())
    }
    return Color(
      red: mix(red, other.red), green: mix(green, other.green), blue: mix(blue, other.blue))
  }

  /// The relative luminance of WCAG 2, 0…1.
  public var luminance: Double {
    func linear(_ channel: UInt8) -> Double {
      let c = Double(channel) / 255
      return c <= 0.03928 ? c / 12.92 : Elementary.power((c + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
  }

  /// The contrast ratio of WCAG 2 between two colours, 1…21.
  public func contrast(with other: Color) -> Double {
    let a = luminance
    let b = other.luminance
    return (max(a, b) + 0.05) / (min(a, b) + 0.05)
  }

  func distance(to other: Color) -> Int {
    let r = Int(red) - Int(other.red)
    let g = Int(green) - Int(other.green)
    let b = Int(blue) - Int(other.blue)
    // Green weighs most and blue least, as in luminance; plain distances turn greys greenish.
    return 3 * r * r + 4 * g * g + 2 * b * b
  }
}

extension Color {
  private static let cubeLevels: [UInt8] = [0, 95, 135, 175, 215, 255]
  private static let basicColors: [UInt32] = [
    0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x4040ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5,
    0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff,
  ]

  /// Entry `index` of the 256 palette: 16 basic colours, a 6×6×6 cube, 24 greys (xterm's values).
  public init(palette index: UInt8) {
    let i = Int(index)
    if i < 16 {
      self.init(hex: Color.basicColors[i])
    } else if i < 232 {
      let c = i - 16
      self.init(
        red: Color.cubeLevels[c / 36], green: Color.cubeLevels[c / 6 % 6],
        blue: Color.cubeLevels[c % 6])
    } else {
      let grey = UInt8(8 + 10 * (i - 232))
      self.init(red: grey, green: grey, blue: grey)
    }
  }

  /// The nearest of the entries 16…255 of the 256 palette; the first 16 are the user's to change.
  public var nearestIndexed: UInt8 {
    func level(_ channel: UInt8) -> Int {
      channel < 48 ? 0 : channel < 115 ? 1 : (Int(channel) - 35) / 40
    }
    let cube = UInt8(16 + 36 * level(red) + 6 * level(green) + level(blue))
    let mean = (Int(red) + Int(green) + Int(blue)) / 3
    let grey = UInt8(232 + min(23, max(0, (mean - 3) / 10)))
    return distance(to: Color(palette: cube)) <= distance(to: Color(palette: grey)) ? cube : grey
  }

  /// The nearest of the 16 basic colours.
  public var nearestBasic: UInt8 {
    (UInt8(0)..<16).min { distance(to: Color(palette: $0)) < distance(to: Color(palette: $1)) } ?? 0
  }
}
