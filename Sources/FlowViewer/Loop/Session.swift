import TerminalCanvas

/// State, painter and trainer joined: what the live loop and the replay have in common.
///
/// Both call the same three steps (events, frame, draw); they differ only in who keeps the time and
/// where the cells go.
public struct Session<Driver: TrainingDriver> {
  /// The state, for those who print or test it.
  public private(set) var state: AppState
  /// The cells that were drawn last.
  public private(set) var screen: Screen
  /// Whoever trains.
  public let driver: Driver
  private var painter: FramePainter
  private var drawnRevision = 0

  public init(state: AppState, driver: Driver, theme: Theme, aspect: Double) {
    self.state = state
    self.driver = driver
    painter = FramePainter(theme: theme)
    screen = Screen(size: state.window.size)
    _ = apply(.aspect(aspect))
  }

  /// Applies one event; trainer requests go to the trainer, the rest is the caller's.
  public mutating func handle(_ event: Event) -> [Effect] {
    if case .mouse(let mouse) = event, mouse.action == .release {
      _ = apply(
        .pointed(
          PointedText(x: mouse.x, y: mouse.y, text: screen.writing(at: mouse.x, mouse.y))))
    }
    return apply(.event(event))
  }

  /// Tells the state what became of files that it asked for.
  public mutating func note(_ outcome: ExportOutcome) { _ = apply(.exported(outcome)) }

  /// Tells the state what is known of a file that it asked for.
  public mutating func note(_ answer: FileAnswer) { _ = apply(.file(answer)) }

  /// Whether something visible changed since the cells were drawn.
  public var isStale: Bool { state.revision != drawnRevision }

  /// How the cells were drawn, with what a person chose of it.
  public var theme: Theme { state.look.appearance.applied(to: painter.base) }

  /// Tells the state what the last frame cost.
  public mutating func note(_ cost: FrameCost) { _ = apply(.cost(cost)) }

  /// Takes the newest report and lets `seconds` go by; a frame that answers a key leaves nearly all
  /// solving to the next.
  public mutating func frame(_ seconds: Double, isAnswer: Bool = false) -> [Effect] {
    var effects: [Effect] = []
    if let report = driver.takeReport() { effects += apply(.training(report)) }
    effects += apply(.tick(seconds, isAnswer: isAnswer))
    return effects
  }

  /// How much of the seconds until the next frame is of use for solving; nil where there is no need.
  func spareSlice(of left: Double) -> Double? { state.spareSlice(of: left) }

  /// Solves for so many seconds at most, which end before the next frame.
  mutating func solve(within seconds: Double) { _ = apply(.spare(seconds)) }

  /// Draws if anything visible changed since the last time; true if the cells are new.
  public mutating func draw() -> Bool {
    guard state.revision != drawnRevision else { return false }
    drawnRevision = state.revision
    if screen.size != state.window.size { screen.resize(to: state.window.size) }
    painter.draw(state, into: &screen)
    return true
  }

  /// Changes how everything looks, for instance when the terminal has told its background; drawn
  /// anew where it differs.
  public mutating func setLook(theme: Theme, aspect: Double) {
    guard theme != painter.base || aspect != state.window.cellAspect else { return }
    _ = apply(.aspect(aspect))
    painter = FramePainter(theme: theme)
    screen = Screen(size: state.window.size)
    drawnRevision = 0
  }

  private mutating func apply(_ message: Message) -> [Effect] {
    state.update(message).filter { effect in
      if case .trainer(let request) = effect {
        driver.send(request)
        return false
      }
      return true
    }
  }
}
