/// A recording of a terminal, as asciinema plays it: JSON, an event a line.
///
/// Version 2 counts seconds from the start, version 3 the interval since the event before; there
/// the rounding to milliseconds is carried on, so that it does not add up.
public struct Asciicast: Sendable {
  /// The versions of the format.
  public enum Version: Int, Sendable, CaseIterable {
    case v2 = 2
    case v3 = 3
  }

  /// What happens to the terminal.
  public enum Event: Sendable, Equatable {
    /// It is sent text.
    case output(String)
    /// It is given another size.
    case resize(columns: Int, rows: Int)
    /// A place that a player can jump to.
    case marker(String)
  }

  private let version: Version
  /// The time that the file has told so far, in milliseconds; only version 3 needs it.
  private var told = 0
  /// The lines so far.
  public private(set) var text: String

  /// A recording of a terminal of that size that has not begun.
  public init(_ version: Version = .v2, columns: Int, rows: Int) {
    self.version = version
    switch version {
    case .v2: text = #"{"version":2,"width":\#(columns),"height":\#(rows)}"# + "\n"
    case .v3: text = #"{"version":3,"term":{"cols":\#(columns),"rows":\#(rows)}}"# + "\n"
    }
  }

  /// Takes the lines since they were last taken, for a file that grows as the recording does.
  public mutating func takeText() -> String {
    defer { text = "" }
    return text
  }

  /// Adds an event at `seconds` ≥ 0 from the start, not before the last.
  public mutating func append(_ event: Event, at seconds: Double) {
    let now = max(told, Int(max(0, min(1e15, (seconds * 1000).rounded()))))
    let shown = version == .v2 ? now : now - told
    told = now
    let fraction = String(shown % 1000 + 1000).dropFirst()
    let (code, data) =
      switch event {
      case .output(let text): ("o", text)
      case .resize(let columns, let rows): ("r", "\(columns)x\(rows)")
      case .marker(let label): ("m", label)
      }
    text += "[\(shown / 1000).\(fraction),\"\(code)\",\(StrictJSON.quoted(data))]\n"
  }
}
