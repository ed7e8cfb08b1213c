/// The characters that pictures are made of.
public enum GlyphSet: String, Hashable, Sendable, CaseIterable {
  /// Braille dots, thin lines and marks.
  case braille
  /// Nothing beyond ASCII.
  case ascii

  /// The character of a braille pattern; in ASCII a character that grows with its number of dots.
  public func pattern(_ bits: UInt8) -> Unicode.Scalar {
    switch self {
    case .braille: Unicode.Scalar(0x2800 + UInt32(bits)) ?? " "
    case .ascii: GlyphSet.byCount(bits.nonzeroBitCount)
    }
  }

  /// `. : + * #` for 1, 2, 3–4, 5–6, more.
  static func byCount(_ count: Int) -> Unicode.Scalar {
    switch count {
    case ...0: " "
    case 1: "."
    case 2: ":"
    case 3...4: "+"
    case 5...6: "*"
    default: "#"
    }
  }

  private func choose(_ rich: Unicode.Scalar, _ plain: Unicode.Scalar) -> Unicode.Scalar {
    self == .braille ? rich : plain
  }

  /// The four corners of a border, from the top left clockwise.
  var corners: [Unicode.Scalar] { self == .braille ? ["╭", "╮", "╯", "╰"] : ["+", "+", "+", "+"] }
  /// A horizontal stroke of a border.
  public var horizontal: Unicode.Scalar { choose("─", "-") }
  /// A vertical stroke of a border.
  public var vertical: Unicode.Scalar { choose("│", "|") }
  /// A tick in the left border.
  public var leftTick: Unicode.Scalar { choose("├", "+") }
  /// A heavy horizontal stroke: the played part of a line.
  public var heavy: Unicode.Scalar { choose("━", "=") }
  /// Half a heavy stroke.
  public var heavyHalf: Unicode.Scalar { choose("╸", "-") }
  /// The head of a line, a marker, a lane.
  public var bullet: Unicode.Scalar { choose("●", "o") }
  /// An accepted step.
  public var accepted: Unicode.Scalar { choose("•", "o") }
  /// A rejected step.
  public var rejected: Unicode.Scalar { choose("×", "x") }
  /// The clock runs.
  public var playing: Unicode.Scalar { choose("▶", ">") }
  /// The clock stands.
  public var parked: Unicode.Scalar { choose("■", "#") }
  /// Done.
  public var check: Unicode.Scalar { choose("✓", "v") }
  /// A dot of a grid, a separator.
  public var dot: Unicode.Scalar { choose("·", ".") }
  /// The prompt of a palette.
  public var prompt: Unicode.Scalar { choose("›", ">") }
  /// The mark of the selected row.
  public var selection: Unicode.Scalar { choose("▌", ">") }
  /// A cell cut into an upper and a lower half.
  public var upperHalf: Unicode.Scalar { choose("▀", "#") }
  /// The arrows of eight directions, from the right anticlockwise.
  public var arrows: [Unicode.Scalar] {
    self == .braille
      ? ["→", "↗", "↑", "↖", "←", "↙", "↓", "↘"] : [">", "/", "^", "\\", "<", "/", "v", "\\"]
  }
  /// Columns filled from the bottom in eighths, from an eighth to the whole.
  public var blocks: [Unicode.Scalar] {
    self == .braille
      ? ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"] : [".", ".", ":", ":", "+", "*", "#", "#"]
  }

  /// `text` with the marks of the interface replaced by what this set has for them.
  public func spelled(_ text: String) -> String {
    guard self == .ascii else { return text }
    var view = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case _ where scalar.isASCII: view.append(scalar)
      case "●", "•", "○", "◆": view.append("o")
      case "◇": view.append(".")
      case "┼": view.append("+")
      case "╴", "╶": view.append("-")
      case "▬": view.append("=")
      case "▶", "›", "▌", "▸": view.append(">")
      case "■": view.append("#")
      case "×": view.append("x")
      case "≤": view.append("<")
      case "≥": view.append(">")
      case "±": view.append(contentsOf: "+-".unicodeScalars)
      case "✓": view.append("v")
      case "·": view.append(".")
      case "−", "–", "─": view.append("-")
      case "→": view.append(contentsOf: "->".unicodeScalars)
      case "←": view.append(contentsOf: "<-".unicodeScalars)
      case "↑": view.append("^")
      case "↓": view.append("v")
      case "…": view.append(contentsOf: "...".unicodeScalars)
      case "÷": view.append("/")
      case _ where GlyphSet.superscripts[scalar] != nil:
        // A power of ten keeps its width: 10⁻³ becomes 1e-3.
        if view.suffix(2).elementsEqual("10".unicodeScalars) {
          view.removeLast()
          view.append("e")
        }
        view.append(GlyphSet.superscripts[scalar, default: scalar])
      case "₀": view.append("0")
      case "₁": view.append("1")
      case "₂": view.append("2")
      case "∫": view.append(contentsOf: "int ".unicodeScalars)
      case "ψ": view.append(contentsOf: "psi".unicodeScalars)
      case "∂": view.append("d")
      case "∞": view.append(contentsOf: "inf".unicodeScalars)
      case "α": view.append("a")
      case "σ": view.append("s")
      default: view.append("?")
      }
    }
    return String(view)
  }

  private static let superscripts: [Unicode.Scalar: Unicode.Scalar] = [
    "⁻": "-", "⁰": "0", "¹": "1", "²": "2", "³": "3", "⁴": "4", "⁵": "5", "⁶": "6", "⁷": "7",
    "⁸": "8", "⁹": "9",
  ]
}
