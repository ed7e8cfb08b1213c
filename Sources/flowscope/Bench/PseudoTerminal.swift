import CTerminal
import Foundation

/// This program once more, on a terminal that we play: what it prints and when, and keys for it.
struct PseudoTerminal: ~Copyable {
  /// Bytes that were read at one moment.
  struct Chunk {
    let bytes: ArraySlice<UInt8>
    let seconds: Double
  }

  /// How it ended.
  struct Ending {
    let status: Int32
    let text: String
    let peakBytes: Int
  }

  static let columns = 160
  static let rows = 48
  private let child: ct_child
  private var buffer = [UInt8](repeating: 0, count: 1 << 16)
  private var hasEnded = false
  private var hasAnswered = false
  /// When it was started, by `Stopwatch.wallSeconds`.
  let started: Double

  /// Starts `flowscope` with these arguments.
  init(_ arguments: [String]) throws {
    let program = Bundle.main.executablePath ?? CommandLine.arguments[0]
    started = Stopwatch.wallSeconds
    child = ct_child_start(
      ([program] + arguments).joined(separator: "\n"), Int32(PseudoTerminal.columns),
      Int32(PseudoTerminal.rows))
    guard child.master >= 0 else {
      throw Failure(code: .internal, message: "no pseudo-terminal can be opened here").exit()
    }
  }

  deinit {
    var peak: Int64 = 0
    if !hasEnded { _ = ct_child_end(child, true, &peak) }
  }

  /// What it prints next, waiting at most so many milliseconds; no bytes after them, nil once it has
  /// ended. The question for the background is answered as a dark terminal does.
  mutating func read(milliseconds: Int = 20) -> Chunk? {
    let count = ct_child_read(child, &buffer, Int64(buffer.count), Int64(milliseconds))
    let now = Stopwatch.wallSeconds
    if count < 0 { return nil }
    let bytes = buffer[..<Int(count)]
    if !hasAnswered, bytes.firstRange(of: Array("\u{1b}]11;?".utf8)) != nil {
      hasAnswered = true
      send("\u{1b}]11;rgb:1010/1414/1818\u{1b}\\")
    }
    return Chunk(bytes: bytes, seconds: now)
  }

  /// Types.
  func send(_ keys: String) { _ = ct_child_write(child, keys) }

  /// Reads on for so many seconds and forgets it; false if it has ended.
  mutating func skip(seconds: Double) -> Bool {
    let end = Stopwatch.wallSeconds + seconds
    var left = seconds
    while left > 0 {
      guard read(milliseconds: max(1, Int(saturating: left * 1000))) != nil else { return false }
      left = end - Stopwatch.wallSeconds
    }
    return true
  }

  /// Reads on to its end and gives the exit status and what it printed after it left the screen,
  /// and the most memory that it held.
  mutating func finish(within seconds: Double) throws -> Ending {
    var tail: [UInt8] = []
    let deadline = Stopwatch.wallSeconds + seconds
    while let chunk = read(milliseconds: 100) {
      tail += chunk.bytes
      if tail.count > 1 << 20 { tail.removeFirst(tail.count - (1 << 18)) }
      if chunk.seconds > deadline {
        throw Failure(code: .internal, message: "a measured program did not end").exit()
      }
    }
    hasEnded = true
    var peak: Int64 = 0
    let status = ct_child_end(child, false, &peak)
    let text = String(decoding: tail, as: UTF8.self)
    let after = text.components(separatedBy: "\u{1b}[?1049l").last ?? text
    return Ending(
      status: status, text: after.trimmingCharacters(in: .whitespacesAndNewlines),
      peakBytes: Int(peak))
  }
}
