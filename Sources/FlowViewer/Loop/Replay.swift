import FlowMatching
import TerminalCanvas

/// A scripted session on a virtual clock, with the trainer inline: the same bytes every time.
public struct Replay {
  /// Virtual frames a second.
  public static let framesPerSecond = 30.0
  /// Optimiser steps that pass with each virtual frame, fewer where they are dear.
  public static let stepsPerFrame = 40

  public private(set) var session: Session<InlineTrainer>
  /// Whether the script has quit.
  public private(set) var hasQuit = false

  public init(
    experiment: Experiment, dataset: Dataset, size: Size, options: AppState.Options, theme: Theme,
    aspect: Double = 2
  ) {
    var options = options
    // Other instruction sets round differently, and a slice that ends elsewhere draws another frame.
    options.instructionSet = .baseline
    options.evaluationBudget = 1 << 24
    options.adaptsBudget = false
    let state = AppState(experiment: experiment, dataset: dataset, size: size, options: options)
    let trainer = InlineTrainer(
      experiment, dataset: dataset, solver: options.solver, instructionSet: .baseline,
      stepsPerSecond: Replay.framesPerSecond * Double(Replay.stepsPerFrame))
    session = Session(state: state, driver: trainer, theme: theme, aspect: aspect)
    frame(0)
  }

  /// Performs one line of a script; snapshots are handed to the caller as they are reached.
  public mutating func perform(_ command: ReplayCommand, snapshot: (String, Screen) throws -> Void)
    rethrows
  {
    guard !hasQuit else { return }
    switch command {
    case .key(let key):
      handle(.key(key))
    case .wait(let seconds):
      for _ in 0..<Int(saturating: (seconds * Replay.framesPerSecond).rounded()) {
        session.driver.pass(steps: Replay.stepsPerFrame)
        frame(1 / Replay.framesPerSecond)
      }
    case .train(let steps):
      session.driver.train(steps: steps)
      frame(0)
    case .resize(let size):
      handle(.resize(size))
    case .click(let x, let y):
      handle(.mouse(MouseEvent(action: .press, button: .left, x: x, y: y)))
      handle(.mouse(MouseEvent(action: .release, button: .left, x: x, y: y)))
    case .press(let x, let y):
      handle(.mouse(MouseEvent(action: .press, button: .left, x: x, y: y)))
    case .drag(let x, let y):
      handle(.mouse(MouseEvent(action: .drag, button: .left, x: x, y: y)))
    case .release(let x, let y):
      handle(.mouse(MouseEvent(action: .release, button: .left, x: x, y: y)))
    case .snapshot(let name):
      try snapshot(name, session.screen)
    }
  }

  private mutating func handle(_ event: Event) {
    note(session.handle(event))
    frame(0)
  }

  private mutating func frame(_ seconds: Double) {
    note(session.frame(seconds))
    _ = session.draw()
  }

  private mutating func note(_ effects: [Effect]) {
    for case .quit in effects { hasQuit = true }
  }
}
