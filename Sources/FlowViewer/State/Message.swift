import TerminalCanvas

/// Everything that can happen to the viewer.
public enum Message: Sendable {
  /// A key, a resize or another event of the terminal.
  case event(Event)
  /// The trainer's newest report.
  case training(TrainingReport)
  /// A pointer's button moves over this text of the screen.
  case pointed(PointedText)
  /// What the last frame cost, so that slices and numbers follow the machine.
  case cost(FrameCost)
  /// A cell of the terminal is so many times as high as wide.
  case aspect(Double)
  /// What became of files that were asked for.
  case exported(ExportOutcome)
  /// What is known of a file that was asked for.
  case file(FileAnswer)
  /// Time went by, in seconds; where it `isAnswer` to a key, nearly all solving waits for the next.
  case tick(Double, isAnswer: Bool = false)
  /// So many seconds until the next frame, in which nothing moves, may be spent on solving.
  case spare(Double)
}

/// The text that stood under the pointer: what is written there without a wide gap.
public struct PointedText: Sendable, Hashable {
  public let x: Int
  public let y: Int
  public let text: String
}

/// What the viewer wants done outside of it.
public enum Effect: Sendable {
  case trainer(TrainerRequest)
  case quit
  case export(ExportRequest)
  /// Read a file while everything else goes on.
  case read(FileRequest)
  /// Give up the file that is being read.
  case stopReading
  /// Send every cell again.
  case repaint
}

/// What one frame cost, measured by whoever runs the loop.
public struct FrameCost: Sendable, Hashable {
  /// Seconds spent advancing the solves.
  public var solve = 0.0
  /// Point evaluations that these seconds paid for.
  public var evaluations = 0
  /// Seconds spent drawing the state into cells.
  public var draw = 0.0
  /// Seconds spent handing the cells to the terminal.
  public var present = 0.0
  /// Bytes sent to the terminal.
  public var bytes = 0
  /// Frames per second lately.
  public var framesPerSecond = 0.0

  /// Whether a frame was measured at all; a replay measures none.
  public var isKnown: Bool { framesPerSecond > 0 }

  public init() {}
}
