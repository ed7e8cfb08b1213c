import FlowMatching
import TerminalCanvas

/// How the letters of a data set are written: each in as many cells as the widest has, found once for all
/// that is drawn.
struct WordSpelling {
  /// The positions of a word.
  let length: Int
  /// The cells of a letter, with a blank between numbers.
  let columns: Int
  /// By number; the mask comes last.
  private let texts: [String]

  init(_ dataset: Dataset, _ glyphs: GlyphSet) {
    let tokens = dataset.tokens
    length = tokens?.space.length ?? 1
    let open = glyphs == .ascii ? "." : "·"
    let letters = tokens?.space.letters ?? 0
    let alphabet = tokens?.alphabet
    let bare =
      (0..<letters).map { letter in
        alphabet.map { String($0.letter(UInt16(letter))) } ?? "\(letter)"
      } + [open]
    let widths = bare.map(CellText.columns)
    let columns = alphabet == nil ? "\(max(0, letters - 1))".count + 1 : max(1, widths.max() ?? 1)
    self.columns = columns
    texts = zip(bare, widths).map { String(repeating: " ", count: max(0, columns - $1)) + $0 }
  }

  /// A letter, or what an open position looks like.
  func text(_ letter: UInt16) -> String { texts[min(Int(letter), texts.count - 1)] }

  /// A word.
  func text(_ word: [UInt16]) -> String { word.map(text).joined() }
}
