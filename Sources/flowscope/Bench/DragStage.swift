import FlowMatching
import FlowViewer
import TerminalCanvas

extension Benchmark {
  /// What a person waits for who drags: the event, the numbers, the particles, the drawing and the bytes.
  static let drag = Benchmark(
    name: "exact-drag",
    summary: "a frame of an exact world while a component is dragged, 20 000 particles"
  ) { settings in try Stage.drag.figures(settings) }
}

/// Drags a component of an exact world around, a cell a frame, as the loop does it: slices follow what frames
/// cost, and of two frames that answer the pointer the second does less.
enum DragStage {
  private static let seconds = 1 / 60.0
  private static let particles = 20_000

  static func measure(
    _ name: String, on terminal: inout NcursesTerminal, _ settings: BenchSettings
  ) -> [Figure] {
    var session = session(on: terminal)
    for _ in 0..<120 { frame(&session, on: &terminal) }
    var milliseconds: [Double] = []
    var shares: [Double] = []
    guard let start = session.state.cell(ofComponent: 0) else { return [] }
    _ = session.handle(mouse(.press, start))
    for k in 0..<(settings.isQuick ? 120 : 600) {
      // There and back, so that every frame has another place.
      let way = abs(k % 40 - 20)
      let place = (column: start.column - way, row: start.row - way / 4)
      let seconds = frame(&session, mouse(.drag, place), isAnswer: k % 2 == 1, on: &terminal)
      milliseconds.append(seconds * 1e3)
      shares.append(100 * session.state.renewedShare)
    }
    let sorted = milliseconds.sorted()
    let last = Spread.quantile(0.99, of: sorted)
    return [
      Figure(name, Spread(milliseconds), unit: "ms"),
      Figure(
        name + "-p99", Spread(last, low: sorted[0], high: sorted[sorted.count - 1]), unit: "ms"),
      Figure(name + "-renewed", Spread(shares), unit: "% a frame", clock: nil),
    ]
  }

  private static func session(
    on terminal: borrowing NcursesTerminal
  ) -> Session<InlineTrainer> {
    var options = AppState.Options()
    options.particles = particles
    options.preset = Preset.all.first { $0.name == "exact-world" }
    let dataset = DatasetCatalog.eightGaussians
    let trainer = InlineTrainer(
      Experiment(to: dataset), dataset: dataset, solver: options.solver, instructionSet: .best,
      stepsPerSecond: 0)
    let state = AppState(
      experiment: Experiment(to: dataset), dataset: dataset, size: terminal.size,
      options: options)
    return Session(state: state, driver: trainer, theme: terminal.theme, aspect: terminal.aspect)
  }

  private static func mouse(
    _ action: MouseEvent.Action, _ cell: (column: Int, row: Int)
  ) -> Event {
    .mouse(MouseEvent(action: action, button: .left, x: cell.column, y: cell.row))
  }

  /// One turn of the loop; the seconds that this thread worked.
  @discardableResult
  private static func frame(
    _ session: inout Session<InlineTrainer>, _ event: Event? = nil, isAnswer: Bool = false,
    on terminal: inout NcursesTerminal
  ) -> Double {
    let start = Stopwatch.threadSeconds
    if let event { _ = session.handle(event) }
    let evaluations = session.state.pace.evaluationsSpent
    let solving = Stopwatch.threadSeconds
    _ = session.frame(seconds, isAnswer: isAnswer)
    let solved = Stopwatch.threadSeconds
    if session.draw() { terminal.present(session.screen) }
    let end = Stopwatch.threadSeconds
    var cost = FrameCost()
    cost.solve = solved - solving
    cost.evaluations = session.state.pace.evaluationsSpent - evaluations
    cost.draw = end - solved
    cost.framesPerSecond = 60
    session.note(cost)
    return end - start
  }
}
