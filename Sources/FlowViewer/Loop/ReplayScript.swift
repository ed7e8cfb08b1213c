import TerminalCanvas

/// One step of a scripted session.
public enum ReplayCommand: Sendable, Equatable {
  case key(Key)
  /// Seconds of virtual time.
  case wait(Double)
  /// Optimiser steps at once.
  case train(Int)
  case resize(Size)
  case click(x: Int, y: Int)
  /// The button goes down, or moves while it is down, or goes up.
  case press(x: Int, y: Int)
  case drag(x: Int, y: Int)
  case release(x: Int, y: Int)
  case snapshot(String)
}

/// A script: one step a line, `#` begins a comment.
public struct ReplayScript: Sendable, Equatable {
  /// Why a line cannot be read.
  public struct Mistake: Error, Equatable, CustomStringConvertible {
    public let line: Int
    public let reason: String
    public var description: String { "line \(line): \(reason)" }
  }

  public let commands: [ReplayCommand]

  /// A script without a step.
  public init() { commands = [] }

  /// Reads a script; throws the first mistake with its line.
  public init(_ text: String) throws(Mistake) {
    var commands: [ReplayCommand] = []
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, line) in lines.enumerated() {
      // A lone # is a comment, never a key: no key is bound to it.
      let words = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace).map(String.init)
      if words.isEmpty { continue }
      commands.append(try ReplayScript.command(words, line: index + 1))
    }
    self.commands = commands
  }

  private static func command(_ words: [String], line: Int) throws(Mistake) -> ReplayCommand {
    func mistake(_ reason: String) -> Mistake { Mistake(line: line, reason: reason) }
    let argument = words.count > 1 ? words[1] : ""
    if words.count > 2 { throw mistake("one step a line, found “\(printable(words[2]))” after it") }
    switch words[0] {
    case "wait":
      guard let seconds = Double(argument), seconds >= 0, seconds <= 3600 else {
        throw mistake("wait needs seconds from 0 to 3600")
      }
      return .wait(seconds)
    case "train":
      guard let steps = Int(argument), steps >= 0, steps <= 10_000_000 else {
        throw mistake("train needs a number of steps from 0 to 10000000")
      }
      return .train(steps)
    case "resize":
      guard let (columns, rows) = pair(argument, "x"), (1...1000) ~= columns, (1...1000) ~= rows
      else { throw mistake("resize needs WIDTHxHEIGHT, each from 1 to 1000, such as 80x24") }
      return .resize(Size(columns: columns, rows: rows))
    case "click", "press", "drag", "release":
      guard let (x, y) = pair(argument, ","), (0...999) ~= x, (0...999) ~= y else {
        throw mistake("\(words[0]) needs COLUMN,ROW, such as 40,12")
      }
      switch words[0] {
      case "press": return .press(x: x, y: y)
      case "drag": return .drag(x: x, y: y)
      case "release": return .release(x: x, y: y)
      default: return .click(x: x, y: y)
      }
    case "snapshot":
      guard !argument.isEmpty else { throw mistake("snapshot needs a file") }
      return .snapshot(argument)
    default:
      guard words.count == 1, let key = Key(name: words[0]) else {
        throw mistake(
          "“\(printable(words[0]))” is no key and no step; steps are wait, train, resize, click, "
            + "press, drag, release, snapshot")
      }
      return .key(key)
    }
  }

  private static func pair(_ text: String, _ separator: Character) -> (Int, Int)? {
    let parts = text.split(separator: separator, omittingEmptySubsequences: false)
    guard parts.count == 2, let a = Int(parts[0]), let b = Int(parts[1]) else { return nil }
    return (a, b)
  }

  /// A word of the script as it may be printed on a terminal.
  private static func printable(_ text: String) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: text.unicodeScalars.compactMap { CellText.shown($0) })
    return CellText.truncated(String(view), to: 32)
  }
}
