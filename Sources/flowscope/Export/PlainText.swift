import TerminalCanvas

/// A screen as its characters alone: one line a row, without trailing blanks.
enum PlainText {
  /// The characters of `screen`, every row ended by a line feed.
  static func text(of screen: Screen) -> String {
    screen.size.rows == 0 ? "" : screen.text() + "\n"
  }
}
