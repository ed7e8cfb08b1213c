/// A piece of text in one style; several of them make a rich line.
public struct Run: Hashable, Sendable {
  /// The characters.
  public var text: String
  /// How they are drawn.
  public var style: Style

  /// A run of text.
  public init(_ text: String, _ style: Style = .plain) {
    self.text = text
    self.style = style
  }

  /// The cells that the text takes.
  public var columns: Int { CellText.columns(text) }
}

extension Array where Element == Run {
  /// The cells that the whole line takes.
  public var columns: Int { reduce(0) { $0 + $1.columns } }

  /// The characters of the whole line.
  public var text: String { reduce("") { $0 + $1.text } }

  /// The line without its first words until it takes at most `columns` cells, possibly empty.
  public func droppingFirstWords(toFit columns: Int) -> [Run] {
    var line = self
    var isShortened = false
    // A separator that would come to stand first goes as well.
    while !line.isEmpty, line.columns > columns || (isShortened && line.startsWithSeparator) {
      line.dropFirstWord()
      isShortened = true
    }
    return line
  }

  private var startsWithSeparator: Bool {
    let text = self.text
    return ["· ", ". ", "– "].contains { text.hasPrefix($0) }
  }

  /// A word is what lies between blanks, wherever the style changes within it; the one blank between
  /// the thousands of a number belongs to it: “484” is not what is left of “39 484”.
  private mutating func dropFirstWord() {
    var last: Unicode.Scalar = " "
    var blanks = 0
    while let first = self.first {
      var scalars = first.text.unicodeScalars
      while let scalar = scalars.first {
        if scalar == " " {
          blanks += 1
        } else {
          let isGroup = blanks == 1 && ("0"..."9").contains(last) && ("0"..."9").contains(scalar)
          if last != " ", blanks > 0, !isGroup {
            self[0].text = String(scalars)
            return
          }
          (last, blanks) = (scalar, 0)
        }
        scalars.removeFirst()
      }
      removeFirst()
    }
  }
}

extension Screen {
  /// Writes a rich line from column `x` of row `y` and returns the columns it takes; what lies
  /// outside `clip` is not drawn but counts.
  @discardableResult
  public mutating func write(_ runs: [Run], x: Int, y: Int, clip: Rect? = nil) -> Int {
    var column = x
    for run in runs {
      column += write(run.text, x: column, y: y, style: run.style, clip: clip)
    }
    return column - x
  }

  /// Writes a rich line whose last column is `maxX − 1` of row `y` and returns the columns it takes.
  @discardableResult
  public mutating func write(_ runs: [Run], endingAt maxX: Int, y: Int, clip: Rect? = nil) -> Int {
    write(runs, x: maxX - runs.columns, y: y, clip: clip)
  }
}
