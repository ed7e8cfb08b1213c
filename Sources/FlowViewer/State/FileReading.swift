import FlowMatching
import TerminalCanvas

/// A file that the viewer asks to have read while it goes on.
public enum FileRequest: Sendable, Hashable {
  /// The points of a file, to train on; angles are of the period that the present data have.
  case points(String, PointNotation? = nil)
  /// The network of a file, for the focused lane.
  case network(String)

  /// The file, as it was typed.
  public var path: String {
    switch self {
    case .points(let path, _), .network(let path): path
    }
  }
}

/// What is known of a file that is being read.
public enum FileAnswer: Sendable {
  /// So many bytes have come, of as many as there are, where that is known.
  case reading(bytes: Int, of: Int?)
  /// What became of points.
  case loaded(LoadOutcome)
  /// What became of a network.
  case opened(OpenOutcome)
}

/// Reading files while everything else goes on: at most one at a time, the last that was asked for.
extension AppState {
  /// Seconds after which the state of a file that is being read is looked at again.
  static let readingInterval = 0.05

  /// Soon while a file is being read.
  var readingDelay: Double? { dialogue.reading == nil ? nil : AppState.readingInterval }

  /// Asks for a file.
  mutating func read(_ request: FileRequest) -> [Effect] {
    var request = request
    if case .points(let path, nil) = request { request = .points(path, dataset.notation) }
    dialogue.reading = request
    say("reads", request.path)
    return [.read(request)]
  }

  /// Gives up the file that is being read.
  mutating func stopReading() -> [Effect] {
    guard let request = dialogue.reading else { return [] }
    dialogue.reading = nil
    say("not read", request.path + " was given up")
    return [.stopReading]
  }

  mutating func receive(_ answer: FileAnswer) -> [Effect] {
    // What was given up may have been ready at the same moment.
    guard let request = dialogue.reading else { return [] }
    switch answer {
    case .reading(let bytes, let total):
      let share = total.map { $0 > 0 ? Double(bytes) / Double($0) : 0 }
      let text =
        share.map { NumberFormat.fixed(100 * min(1, $0), 0) + " %" }
        ?? NumberFormat.grouped(bytes / 1_000_000) + " MB"
      say("reads", "\(text) of \(request.path), Esc gives it up", for: 1)
      return []
    case .loaded(let outcome):
      dialogue.reading = nil
      receive(outcome)
      return []
    case .opened(let outcome):
      dialogue.reading = nil
      return receive(outcome)
    }
  }
}
