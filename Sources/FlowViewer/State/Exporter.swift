import FlowMatching
import TerminalCanvas

/// What the viewer asks to have written to files.
public enum ExportRequest: Sendable, Hashable {
  /// What is seen, as pictures and as a state to come back to.
  case picture
  /// Everything that is shown from now on, or no more.
  case recording(Bool)
  /// The components of an exact world, as a data set.
  case world(SavedWorld)
}

/// What became of a request, with the names of files as they may be shown.
public enum ExportOutcome: Sendable, Hashable {
  /// The files that hold the picture.
  case saved([String])
  /// The file that every frame goes to from now on.
  case recording(String)
  /// The file that is complete.
  case recorded(String)
  /// The file that holds a data set.
  case savedData(String)
  /// Why nothing was written, or not all of it; a recording has ended.
  case failed(String)
}

/// Whoever writes and reads files for the viewer, which does none of it itself.
public protocol Exporter {
  /// Writes what a screen shows, or begins or ends a recording; a failure is an outcome.
  mutating func perform(
    _ request: ExportRequest, _ screen: Screen, theme: Theme, of state: AppState
  ) -> ExportOutcome

  /// Begins to read a file, on nobody's time; one that is being read is given up. A network has the
  /// experiment's activation where its file does not say.
  mutating func begin(_ request: FileRequest, beside experiment: Experiment)

  /// What is known of the file that is being read, a failure too; nil where there is none.
  mutating func answer() -> FileAnswer?

  /// Gives up the file that is being read.
  mutating func stopReading()

  /// Hears of every frame that was shown; tells if a recording had to end.
  mutating func note(_ screen: Screen) -> ExportOutcome?
}

extension AppState {
  /// Seconds that the name of a file stays, which takes longer to read than a value.
  static let readingSeconds = 4.0

  mutating func receive(_ outcome: ExportOutcome) {
    switch outcome {
    case .saved(let names):
      training.keptStep = shownWeightsStep
      say("saved", names.joined(separator: ", "), for: AppState.readingSeconds)
    case .recording(let name):
      look.isRecording = true
      say("recording to", name, for: AppState.readingSeconds)
    case .recorded(let name):
      look.isRecording = false
      say("recorded", name, for: AppState.readingSeconds)
    case .savedData(let name):
      say("saved", "\(name), which --data reads", for: AppState.readingSeconds)
    case .failed(let reason):
      look.isRecording = false
      say("not saved", reason, for: AppState.readingSeconds)
    }
  }
}
