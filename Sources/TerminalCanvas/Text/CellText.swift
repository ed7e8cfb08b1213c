/// How text becomes cells: one visible scalar, one column.
public enum CellText {
  /// The number of cells that `text` takes when written to a screen.
  public static func columns(_ text: String) -> Int {
    let bytes = text.utf8
    // Of ASCII every scalar takes a cell, be it as `?`.
    if bytes.allSatisfy({ $0 < 0x80 }) { return bytes.count }
    var count = 0
    for scalar in text.unicodeScalars where shown(scalar) != nil { count += 1 }
    return count
  }

  /// What stands in the cell for a scalar: itself, `?` where it would not fill exactly one column,
  /// nil where it takes no column.
  ///
  /// Controls, private use and unassigned scalars, East Asian wide ones and emoji become `?`;
  /// combining marks, joiners, selectors and direction marks go.
  public static func shown(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
    let v = scalar.value
    if v >= 0x20 && v < 0x7f { return scalar }
    if v < 0xa0 { return "?" }
    // Nearly all that widgets write: box drawing, blocks and braille; Latin letters and marks such as ·
    // and ×, but for the soft hyphen; Greek.
    if (0x2500...0x25a1).contains(v) || (0x2800...0x28ff).contains(v) { return scalar }
    if v < 0x300 && v != 0xad || (0x3b1...0x3c9).contains(v) { return scalar }
    let properties = scalar.properties
    if properties.isDefaultIgnorableCodePoint || hangulJoining.contains(v) { return nil }
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .spacingMark, .format: return nil
    case .control, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
      return "?"
    default: break
    }
    return properties.isEmojiPresentation || isWide(v) ? "?" : scalar
  }

  /// `text` cut to at most `columns` cells, with `…` in the last where something was cut.
  public static func truncated(_ text: String, to columns: Int) -> String {
    let visible = text.unicodeScalars.compactMap { shown($0) }
    guard visible.count > columns else { return text }
    guard columns > 0 else { return "" }
    var view = String.UnicodeScalarView()
    view.append(contentsOf: visible.prefix(columns - 1))
    view.append("…")
    return String(view)
  }

  /// Vowels and final consonants that join the syllable before them.
  private static let hangulJoining: ClosedRange<UInt32> = 0x1160...0x11ff

  /// The scripts whose characters take two columns, and pictures beyond the basic plane.
  private static func isWide(_ v: UInt32) -> Bool {
    switch v {
    case 0x1100...0x115f, 0x2329...0x232a, 0x2630...0x2637, 0x268a...0x268f: true
    case 0x2e80...0xa4cf, 0xa960...0xa97f, 0xac00...0xd7ff, 0xf900...0xfaff: true
    case 0xfe10...0xfe19, 0xfe30...0xfe6f, 0xff00...0xff60, 0xffe0...0xffe6: true
    case 0x16fe0...0x1b2ff, 0x1d300...0x1d376, 0x1f000...0x1faff, 0x20000...0x3ffff: true
    default: false
    }
  }
}
