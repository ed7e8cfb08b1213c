import FlowMatching
import TerminalCanvas
import Testing

@testable import FlowViewer

/// A terminal on which somebody has fallen asleep on a key, until some frames were shown.
private struct FloodedTerminal: Terminal, ~Copyable {
  let size = Size(columns: 60, rows: 16)
  let bytesLastFrame = 0
  var frames = 0

  mutating func present(_ screen: Screen) { frames += 1 }
  mutating func repaint() {}
  mutating func nextEvent(within timeout: Duration) -> Event? {
    frames < 3 ? .key(.character("r")) : .end
  }
}

/// An exporter without files.
private struct CountingExporter: Exporter {
  var requests: [ExportRequest] = []
  var rows: [String] = []
  var frames = 0

  mutating func perform(
    _ request: ExportRequest, _ screen: Screen, theme: Theme, of state: AppState
  ) -> ExportOutcome {
    requests.append(request)
    rows.append(screen.text())
    return request == .picture ? .saved(["a.svg"]) : .recording("a.cast")
  }

  func begin(_ request: FileRequest, beside experiment: Experiment) {}
  func answer() -> FileAnswer? { nil }
  func stopReading() {}

  mutating func note(_ screen: Screen) -> ExportOutcome? {
    frames += 1
    return frames == 1 ? .failed("the disk is full") : nil
  }
}

@Suite("The live loop")
struct FrameLoopTests {
  @Test("Frames come between keys that never end", .timeLimit(.minutes(1)))
  func flood() {
    let state = slowState(columns: 60, rows: 16, particles: 256)
    let trainer = InlineTrainer(
      state.experiment, dataset: state.dataset, solver: LaneSettings(.midpoint),
      instructionSet: .baseline, stepsPerSecond: 1)
    var terminal = FloodedTerminal()
    var loop = FrameLoop(
      session: Session(state: state, driver: trainer, theme: Theme(), aspect: 2),
      framesPerSecond: 60)
    var exporter = CountingExporter()
    loop.run(on: &terminal, look: { _ in (theme: Theme(), aspect: 2) }, exporter: &exporter)
    #expect(terminal.frames >= 3)
  }
}
