import CTerminal
import Foundation
import TerminalCanvas

/// The one line on standard error that follows long work: never wider than the terminal, so that it
/// stays one; nothing where that is none.
enum ProgressLine {
  /// The columns that it may take; nil where there is no terminal to show it on.
  static var width: Int? {
    let columns = Int(ct_message_columns())
    // The last column stays free: some terminals wrap as soon as it is written.
    return columns > 0 ? max(1, columns - 1) : nil
  }

  /// The columns of the terminal that standard output goes to; nil where it is none.
  static var outputWidth: Int? {
    let columns = Int(ct_output_columns())
    return columns > 0 ? columns : nil
  }

  /// Whether standard output goes to a terminal too, where it would run into the line.
  static var sharesTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

  /// Puts a text in the place of the one before, "" to leave the line free.
  static func show(_ text: String) {
    guard let width else { return }
    let line = CellText.truncated(TerminalText(text).text, to: width)
    // A terminal that is gone must not end the work.
    try? FileHandle.standardError.write(contentsOf: Data("\r\(line)\u{1b}[K".utf8))
  }

  /// A bar of which a share is done, and the parts beside it that fit into so many columns: all where
  /// there is room, else the most important; the bar takes what they leave, and at most 28 columns.
  static func fitted(share: Double, _ parts: [(text: String, weight: Int)], width: Int) -> String {
    var parts = parts
    func taken(_ bar: Int) -> Int {
      parts.reduce(bar) { $0 + CellText.columns($1.text) + 2 } - (bar > 0 ? 0 : 2)
    }
    let smallest = 8
    while taken(smallest) > width, let least = parts.map(\.weight).min(), parts.count > 1 {
      parts.removeAll { $0.weight == least }
    }
    let room = width - taken(0) - 2
    let bar = room >= smallest ? min(28, room) : 0
    let filled = max(0, min(bar, Int(saturating: (Double(bar) * share).rounded(.down))))
    let drawn = String(repeating: "━", count: filled) + String(repeating: "─", count: bar - filled)
    return ((bar > 0 ? [drawn] : []) + parts.map(\.text)).joined(separator: "  ")
  }

  /// A time as people say it: 40 s, 12m05s, 3h48m, 5d07h.
  static func duration(_ seconds: Double) -> String {
    guard seconds < 1e9 else { return "years" }
    let whole = Int(saturating: max(0, seconds).rounded())
    func pair(_ large: Int, _ first: String, _ small: Int, _ second: String) -> String {
      "\(large)\(first)\(small < 10 ? "0" : "")\(small)\(second)"
    }
    switch whole {
    case ..<60: return "\(whole) s"
    case ..<3600: return pair(whole / 60, "m", whole % 60, "s")
    case ..<86_400: return pair(whole / 3600, "h", whole / 60 % 60, "m")
    default: return pair(whole / 86_400, "d", whole / 3600 % 24, "h")
    }
  }
}

/// How far long work is, with the time that is left, on the progress line; redrawn at most ten times a
/// second, and not before the work has proved to be long.
struct WorkProgress {
  private let title: String
  private let isShown: Bool
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private var next: ContinuousClock.Instant
  private var isDrawn = false

  /// Nothing is shown where `isShown` is false or there is no terminal.
  init(_ title: String, isShown: Bool) {
    self.title = title
    self.isShown = isShown && ProgressLine.width != nil
    start = clock.now
    next = start + .milliseconds(300)
  }

  /// A share of the work from 0 to 1 is done, nil where nobody can tell; `note` says what is next.
  mutating func update(_ share: Double?, _ note: @autoclosure () -> String = "") {
    let now = clock.now
    guard isShown, now >= next, let width = ProgressLine.width else { return }
    next = now + .milliseconds(100)
    isDrawn = true
    let seconds = (now - start) / .seconds(1)
    guard let share, share > 0, share <= 1 else {
      return ProgressLine.show("\(title)  \(note())  \(ProgressLine.duration(seconds))")
    }
    let left = ProgressLine.duration(seconds * (1 - share) / share)
    ProgressLine.show(
      ProgressLine.fitted(
        share: share,
        [
          (title, 1), (String(format: "%.0f %%", (100 * share).rounded(.down)), 4), (note(), 2),
          ("ETA \(left)", 3),
        ].filter { !$0.0.isEmpty }.map { (text: $0.0, weight: $0.1) }, width: width))
  }

  /// Leaves the line free for what follows.
  mutating func finish() {
    if isDrawn { ProgressLine.show("") }
    isDrawn = false
  }
}
