import ArgumentParser
import FileFormats
import FlowViewer
import TerminalCanvas

/// A session as a recording for asciinema: what a terminal is sent so that it shows every screen.
struct Recording {
  private var cast: Asciicast
  private var shown: [String]
  private var size: Size
  private var seconds = 0.0
  private let depth: ColorDepth

  /// A recording that begins with a screen.
  init(_ screen: Screen, _ version: Asciicast.Version, _ depth: ColorDepth) {
    cast = Asciicast(version, columns: screen.size.columns, rows: screen.size.rows)
    size = screen.size
    self.depth = depth
    shown = []
    draw(screen)
  }

  /// The file's contents.
  var text: String { cast.text }

  /// Takes what was added since the last time, for a file that grows.
  mutating func takeText() -> String { cast.takeText() }

  /// Adds a screen that came after so many seconds; rows that differ are sent, and nothing where
  /// none does.
  mutating func note(_ screen: Screen, after elapsed: Double) {
    seconds += elapsed
    if screen.size != size {
      size = screen.size
      shown = []
      cast.append(.resize(columns: size.columns, rows: size.rows), at: seconds)
    }
    draw(screen)
  }

  private mutating func draw(_ screen: Screen) {
    let rows = (0..<screen.size.rows).map { ANSI.line($0, of: screen, depth: depth) }
    // The cursor is hidden, as in the viewer.
    var output = shown.isEmpty ? "\u{1b}[?25l\u{1b}[2J" : ""
    for (y, row) in rows.enumerated() where shown.isEmpty || shown[y] != row {
      // Cleared first: after a full row the cursor still stands on its last cell.
      output += "\u{1b}[\(y + 1);1H\u{1b}[2K" + row
    }
    shown = rows
    if !output.isEmpty { cast.append(.output(output), at: seconds) }
  }
}

extension Asciicast.Version: ExpressibleByArgument {
  /// The version of that number.
  public init?(argument: String) {
    guard let number = Int(argument), let version = Self(rawValue: number) else { return nil }
    self = version
  }

  public var defaultValueDescription: String { "\(rawValue)" }
}

extension ReplayCommand {
  /// The seconds of virtual time that it takes.
  var seconds: Double {
    if case .wait(let seconds) = self { return seconds }
    return 0
  }

  /// The same frame by frame.
  var frames: [ReplayCommand] {
    guard case .wait(let seconds) = self else { return [self] }
    let count = Int(saturating: (seconds * Replay.framesPerSecond).rounded())
    return [ReplayCommand](repeating: .wait(1 / Replay.framesPerSecond), count: count)
  }
}
