import FlowMatching
import TerminalCanvas

/// A file that the viewer asks to have read while it goes on.
public enum FileRequest: Sendable {
  /// The points or the mixture of a file, to train on; angles are of the period that the present data have.
  case points(String, PointNotation? = nil)
  /// The network of a file, for the focused lane.
  case network(String)
  /// Latents of pictures, to train on: an autoencoder is learned first.
  case latents(Question, of: Dataset)

  /// The file, as it was typed.
  public var path: String {
    switch self {
    case .points(let path, _), .network(let path): path
    case .latents(_, let dataset): "an autoencoder of " + dataset.name
    }
  }
}

extension FileRequest: Equatable {
  /// Data sets are the same by their names.
  public static func == (one: FileRequest, other: FileRequest) -> Bool {
    switch (one, other) {
    case (.points(let path, let notation), .points(let otherPath, let otherNotation)):
      path == otherPath && notation == otherNotation
    case (.network(let path), .network(let otherPath)): path == otherPath
    case (.latents(let question, let data), .latents(let otherQuestion, let otherData)):
      question == otherQuestion && data.name == otherData.name
    case (.points, _), (.network, _), (.latents, _): false
    }
  }
}

/// What is known of a file that is being read.
public enum FileAnswer: Sendable {
  /// So many bytes have come, of as many as there are, where that is known.
  case reading(bytes: Int, of: Int?)
  /// What became of data.
  case loaded(LoadOutcome)
  /// What became of a network.
  case opened(OpenOutcome)
  /// Such a share of an autoencoder is learned.
  case encoding(Double)
  /// The latents; nil where none could be learned.
  case encoded(Dataset?)
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
    case .encoding(let share):
      say(
        "learns", NumberFormat.fixed(100 * share, 0) + " % of \(request.path), Esc gives it up",
        for: 1)
      return []
    case .encoded(let dataset):
      dialogue.reading = nil
      guard case .latents(let question, _) = request, let dataset else {
        say("not learned", "\(request.path): are its pictures all alike?", for: 4)
        return []
      }
      return restartTraining(question, on: dataset)
    }
  }
}
