import TerminalCanvas

/// The live loop: waits for keys no longer than the next frame allows, advances, draws, presents.
///
/// When nothing moves it waits for a key alone: no tick, no byte.
public struct FrameLoop<Driver: TrainingDriver> {
  public private(set) var session: Session<Driver>
  private let framesPerSecond: Double
  private let clock = ContinuousClock()
  private var recentFrames: [ContinuousClock.Instant] = []
  private var budget = ByteBudget()

  public init(session: Session<Driver>, framesPerSecond: Double) {
    self.session = session
    self.framesPerSecond = framesPerSecond
  }

  /// Runs until a person quits or the terminal is gone. `look` reads the theme and the aspect of a
  /// cell off the terminal, after each change of its size; `didPresent` hears of every frame.
  public mutating func run<T: Terminal & ~Copyable>(
    on terminal: inout T, look: (borrowing T) -> (theme: Theme, aspect: Double),
    exporter: inout some Exporter, didPresent: (Int) -> Void = { _ in }
  ) {
    let frameDuration = Duration.seconds(1 / framesPerSecond)
    let begin = clock.now
    var lastTick = begin
    var frames = 0
    var isAnswer = false
    while true {
      let deadline = session.isStale ? 0 : session.state.nextDeadline
      let sinceTick = clock.now - lastTick
      let saving = Duration.seconds(budget.wait(at: seconds(clock.now - begin)))
      let timeout = deadline.map {
        max(frameDuration - sinceTick, .seconds($0) - sinceTick, saving, .zero)
      }
      var event = nextEvent(within: timeout, on: &terminal)
      // While nothing moved no time passed either: a replay must not jump over what was waited.
      if deadline == nil { lastTick = clock.now }
      let hadInput = event != nil
      guard
        let exports = answer(
          &event, within: frameDuration, on: &terminal, look: look, exporter: &exporter)
      else { return }
      // Never two in a row: held keys and a moving mouse must not stop the particles.
      isAnswer = hadInput && !isAnswer
      let start = clock.now
      let elapsed = seconds(start - lastTick)
      lastTick = start
      let evaluations = session.state.pace.evaluationsSpent
      _ = session.frame(elapsed, isAnswer: isAnswer)
      let solved = clock.now
      if let answer = exporter.answer() { session.note(answer) }
      let isNew = session.draw()
      // Now the cells are those that were asked for, without the palette that may have asked.
      for request in exports {
        session.note(
          exporter.perform(request, session.screen, theme: session.theme, of: session.state))
      }
      guard isNew else { continue }
      let drawn = clock.now
      terminal.present(session.screen)
      let shown = clock.now
      budget.spend(
        terminal.bytesLastFrame, taking: seconds(shown - drawn), at: seconds(shown - begin))
      frames += 1
      didPresent(frames)
      if let outcome = exporter.note(session.screen) { session.note(outcome) }
      var cost = FrameCost()
      cost.solve = seconds(solved - start)
      cost.evaluations = session.state.pace.evaluationsSpent - evaluations
      cost.draw = seconds(drawn - solved)
      cost.present = seconds(shown - drawn)
      cost.bytes = terminal.bytesLastFrame
      cost.framesPerSecond = rate(at: shown)
      session.note(cost)
    }
  }

  /// Waits for an event until the next frame is due, nil for as long as it takes. Where something is
  /// being solved while nothing moves, it is worked on meanwhile, in slices between which keys are read.
  private mutating func nextEvent<T: Terminal & ~Copyable>(
    within timeout: Duration?, on terminal: inout T
  ) -> Event? {
    guard let timeout else { return terminal.nextEvent(within: .seconds(3600)) }
    let due = clock.now + timeout
    while let slice = session.spareSlice(of: seconds(due - clock.now)) {
      if let event = terminal.nextEvent(within: .zero) { return event }
      session.solve(within: slice)
    }
    return terminal.nextEvent(within: max(.zero, due - clock.now))
  }

  /// Answers an event and those that have come meanwhile; nil where one of them ends the loop. What is
  /// to be exported waits for the frame that was asked for.
  private mutating func answer<T: Terminal & ~Copyable>(
    _ event: inout Event?, within frameDuration: Duration, on terminal: inout T,
    look: (borrowing T) -> (theme: Theme, aspect: Double), exporter: inout some Exporter
  ) -> [ExportRequest]? {
    let awake = clock.now
    var exports: [ExportRequest] = []
    while let pending = event {
      if case .resize = pending {
        let (theme, aspect) = look(terminal)
        session.setLook(theme: theme, aspect: aspect)
      }
      for effect in session.handle(pending) {
        if case .quit = effect { return nil }
        if case .repaint = effect { terminal.repaint() }
        if case .export(let request) = effect { exports.append(request) }
        if case .read(let request) = effect {
          exporter.begin(request, beside: session.state.experiment)
        }
        if case .stopReading = effect { exporter.stopReading() }
      }
      // What is pasted may be endless; a frame comes in between.
      event = clock.now - awake < frameDuration ? terminal.nextEvent(within: .zero) : nil
    }
    return exports
  }

  private mutating func rate(at now: ContinuousClock.Instant) -> Double {
    recentFrames.append(now)
    recentFrames.removeAll { now - $0 > .seconds(1) }
    return Double(recentFrames.count)
  }

  private func seconds(_ duration: Duration) -> Double {
    Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
  }
}
