import TerminalCanvas

/// A form in which a screen is written to a file, told by the file's ending.
enum Picture {
  case text, ansi, svg

  /// The form of a path: `.txt`, `.ansi` or `.svg`; `-` is text. Nil for anything else.
  init?(path: String) {
    switch path {
    case "-": self = .text
    case _ where path.hasSuffix(".txt"): self = .text
    case _ where path.hasSuffix(".ansi"): self = .ansi
    case _ where path.hasSuffix(".svg"): self = .svg
    default: return nil
    }
  }

  /// The file's contents.
  func encode(_ screen: Screen, theme: Theme) -> String {
    switch self {
    case .text: PlainText.text(of: screen)
    case .ansi: ANSI.text(of: screen, depth: theme.depth)
    case .svg: SVG(theme: theme).text(of: screen)
    }
  }
}
