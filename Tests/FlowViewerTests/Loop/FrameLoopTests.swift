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

  @Test("Between frames what is being solved goes on, while nothing moves and nobody trains")
  func spare() {
    var state = slowState(budget: 4000) { $0.adaptsBudget = true }
    #expect(!state.hasSpareWork)
    var report = state.training.report
    report.status = .paused
    _ = state.update(.training(report))
    state.press("End", "|")
    for _ in 0..<2000 where !state.hasSpareWork { state.tick(seconds: 0.01) }
    #expect(state.hasSpareWork && state.isParked && state.spareSlice(of: 0.002) == nil)
    #expect(state.spareSlice(of: 0.01) ?? 0 < 0.01 && state.spareSlice(of: 1) == 0.006)
    let (before, now) = (state.pace.evaluationsSpent, state.now)
    _ = state.update(.spare(0.01))
    #expect(state.pace.evaluationsSpent > before && state.now == now)
    for _ in 0..<100_000 where state.hasSpareWork { _ = state.update(.spare(0.01)) }
    #expect(!state.hasSpareWork && state.studies.study?.isOver == true)
    // What moves needs its frames on time.
    state.press("Home", "Space")
    state.tick(seconds: 0.01)
    #expect(!state.isParked && !state.hasSpareWork)
  }
}
