import ArgumentParser
import FileFormats
import FlowViewer
import TerminalCanvas

/// A session as a recording for asciinema: what a terminal is sent so that it shows its screens.
///
/// Of screens that follow each other faster than 15 a second some are left out, since films are sent to others.
struct Recording {
  private static let leastInterval = 1 / 15.0 - 1e-3
  private var cast: Asciicast
  private var thrift: FrameThrift
  private var size: Size
  private var seconds = 0.0
  private let depth: ColorDepth
  /// When the last screen was sent, and the one that came too soon after it.
  private var drawn = -Double.infinity
  private var waiting: (screen: Screen, seconds: Double)?

  /// A recording that begins with a screen.
  init(_ screen: Screen, _ version: Asciicast.Version, _ depth: ColorDepth) {
    cast = Asciicast(version, columns: screen.size.columns, rows: screen.size.rows)
    size = screen.size
    thrift = FrameThrift(columns: size.columns, rows: size.rows)
    self.depth = depth
    draw(screen, isFirst: true)
  }

  /// The file's contents, with the last screen.
  var text: String {
    mutating get {
      finish()
      return cast.text
    }
  }

  /// Takes what was added since the last time, for a file that grows.
  mutating func takeText() -> String { cast.takeText() }

  /// Adds a screen that came after so many seconds; what differs is sent, and nothing where nothing does.
  mutating func note(_ screen: Screen, after elapsed: Double) {
    // What was on show until now is part of the film where it stood for long enough.
    if let waiting, seconds + elapsed - waiting.seconds >= Recording.leastInterval { finish() }
    seconds += elapsed
    guard screen.size == size, seconds - drawn < Recording.leastInterval else {
      draw(screen)
      return
    }
    waiting = (screen, seconds)
  }

  /// Adds the last screen, where it came too soon after the one before.
  mutating func finish() {
    guard let last = waiting else { return }
    waiting = nil
    let now = seconds
    seconds = last.seconds
    draw(last.screen)
    seconds = now
  }

  private mutating func draw(_ screen: Screen, isFirst: Bool = false) {
    waiting = nil
    drawn = seconds
    let isOther = screen.size != size
    if isOther {
      size = screen.size
      thrift = FrameThrift(columns: size.columns, rows: size.rows)
      cast.append(.resize(columns: size.columns, rows: size.rows), at: seconds)
    }
    // The cursor is hidden, as in the viewer. What is on show already is left out by the thrift.
    var output = isFirst || isOther ? "\u{1b}[?25l\u{1b}[2J" : ""
    for y in 0..<size.rows {
      // What is behind the last character is cleared; after a full row the cursor still stands on it.
      output += "\u{1b}[\(y + 1);1H" + ANSI.line(y, of: screen, depth: depth)
      if !ANSI.isFull(y, of: screen) { output += "\u{1b}[0m\u{1b}[K" }
    }
    let said = thrift.said(output)
    if !said.isEmpty { cast.append(.output(said), at: seconds) }
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
