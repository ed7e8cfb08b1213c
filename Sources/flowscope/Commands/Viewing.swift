import FlowMatching
import FlowViewer
import Foundation
import TerminalCanvas

/// The viewer in this terminal, from its first frame until somebody quits.
struct Viewing {
  let look: LookOptions
  /// How files of networks that are opened on the way are read.
  var reading = NetworkReading()

  /// Runs it and returns the status to exit with; throws where there is no usable terminal.
  func run(
    _ experiment: Experiment, _ dataset: Dataset, _ options: AppState.Options,
    opening received: ReceivedRun? = nil, follow follower: (@Sendable () -> FollowedNews?)? = nil
  ) throws -> Int32 {
    var terminal: NcursesTerminal
    do { terminal = try NcursesTerminal(look.terminalOptions()) } catch {
      throw Failure(code: .noTerminal, message: error.description).exit()
    }
    #if DEBUG
      let fault = Fault.requested
      let willStep: (@Sendable (Int) -> Void)? = { step in fault?.trainer(step: step) }
      let didPresent: (Int) -> Void = { frame in fault?.ui(frame: frame) }
    #else
      let willStep: (@Sendable (Int) -> Void)? = nil
      let didPresent: (Int) -> Void = { _ in }
    #endif
    let trainer = BackgroundTrainer(
      experiment, dataset: dataset, solver: options.solver, opening: received,
      follow: follower, willStep: willStep)
    defer { trainer.stop() }
    // Not a step before the first frame either.
    if options.preset?.trainsNothing == true { trainer.send(.setPaused(true)) }
    var options = options
    options.introduces = Viewing.introduces(experiment, options, on: terminal.size)
    let state = AppState(
      experiment: experiment, dataset: dataset, size: terminal.size, options: options)
    let session = Session(
      state: state, driver: trainer, theme: look.theme(for: terminal), aspect: terminal.aspect)
    var loop = FrameLoop(session: session, framesPerSecond: options.framesPerSecond)
    let look = look
    var exporter = FileExporter(reading: reading)
    loop.run(
      on: &terminal,
      look: { (terminal: borrowing NcursesTerminal) in
        (theme: look.theme(for: terminal), aspect: terminal.aspect)
      }, exporter: &exporter,
      didPresent: didPresent)
    return terminal.exitStatus
  }

  /// Whether a newcomer is here: nothing was asked for, there is room, and it was never shown before.
  private static func introduces(
    _ experiment: Experiment, _ options: AppState.Options, on size: Size
  ) -> Bool {
    CommandLine.arguments.count == 1 && experiment == Experiment() && !options.reducedMotion
      && Introduction.fits(size) && OwnFolders.isFirst("introduced")
  }
}

#if DEBUG
  /// A trap on purpose, so that a test can see what a real one leaves of the terminal.
  private struct Fault: Sendable {
    private let place: String

    /// What `FLOWSCOPE_FAULT` asks for: `ui` or `trainer`.
    static var requested: Fault? {
      ProcessInfo.processInfo.environment["FLOWSCOPE_FAULT"].map(Fault.init)
    }

    func ui(frame: Int) {
      if place == "ui" && frame == 20 { fatalError("a fault on the UI thread, asked for") }
    }

    func trainer(step: Int) {
      if place == "trainer" && step == 2000 {
        fatalError("a fault on the trainer thread, asked for")
      }
    }
  }
#endif
