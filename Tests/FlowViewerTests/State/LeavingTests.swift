import TerminalCanvas
import Testing

@testable import FlowViewer

@Suite("Quitting and saving")
struct LeavingTests {
  private func isQuit(_ effects: [Effect]) -> Bool {
    effects.contains { if case .quit = $0 { true } else { false } }
  }

  private func training(origin: String? = nil, following: Bool = false) -> AppState {
    var state = slowState {
      $0.origin = origin
      $0.follows = following ? "run.safetensors" : nil
    }
    var report = state.training.report
    report.step = 1234
    _ = state.update(.training(report))
    return state
  }

  @Test("While training runs q asks once; q, y and Enter then quit, Esc stays", arguments: 0..<4)
  func asks(answer: Int) {
    var state = training()
    #expect(!isQuit(state.press("q")) && state.dialogue.overlay == .leave)
    #expect(state.drawn().text().contains("step 1 234 of 60 000"))
    #expect(isQuit(state.press(["q", "y", "Enter", "Esc"][answer])) == (answer < 3))
    if answer == 3 { #expect(state.dialogue.overlay == nil) }
  }

  @Test("Every way to the end asks: from help, the palette, the parameters, another question")
  func everywhere() {
    for keys in [["?"], ["Down"], ["R"], [":", "q", "u", "i", "t"]] {
      var state = training()
      for key in keys { state.press(key) }
      let last = keys[0] == ":" ? "Enter" : "q"
      #expect(!isQuit(state.press(last)) && state.dialogue.overlay == .leave, "after \(keys)")
    }
  }

  @Test("Nothing is asked where nothing is lost, nor where the terminal is gone")
  func quiet() {
    var idle = slowState()
    #expect(isQuit(idle.press("q")))
    var following = training(following: true)
    #expect(isQuit(following.press("q")))
    var ended = training()
    #expect(isQuit(ended.update(.event(.end))))
  }

  @Test("Paused training is asked about too, until it was saved; what was opened is kept already")
  func paused() {
    func report(_ state: inout AppState, _ step: Int) {
      var report = state.training.report
      report.step = step
      report.status = .paused
      _ = state.update(.training(report))
    }
    var state = slowState()
    report(&state, 500)
    #expect(!isQuit(state.press("q")) && state.dialogue.overlay == .leave)
    state.press("Esc")
    var opened = slowState { $0.origin = "moons.safetensors" }
    report(&opened, 500)
    #expect(isQuit(opened.press("q")))
    report(&opened, 700)
    #expect(!isQuit(opened.press("q")))
    opened.press("Esc")
    while opened.shownWeightsStep != 700 { opened.tick() }
    _ = opened.update(.exported(.saved(["flowscope-1.svg"])))
    #expect(isQuit(opened.press("q")))
  }

  @Test("The question names the file that keeps what was opened, and w saves first")
  func origin() {
    var state = training(origin: "moons.safetensors")
    state.press("q")
    #expect(state.drawn().text().contains("moons.safetensors keeps the weights"))
    let effects = state.press("w")
    #expect(state.dialogue.overlay == nil)
    #expect(
      effects.contains { if case .export(.picture) = $0 { true } else { false } })
  }

  @Test("W begins and ends a recording as its files say, and a failure is named")
  func recording() {
    func wants(_ effects: [Effect]) -> Bool? {
      for case .export(.recording(let isOn)) in effects { return isOn }
      return nil
    }
    var state = slowState()
    #expect(wants(state.press("W")) == true && !state.look.isRecording)
    _ = state.update(.exported(.recording("flowscope-1.cast")))
    #expect(state.look.isRecording && state.drawn().text().contains("● rec"))
    #expect(wants(state.press("W")) == false)
    _ = state.update(.exported(.failed("no space left on the device")))
    #expect(!state.look.isRecording && state.drawn().text().contains("no space left on the device"))
    for _ in 0..<41 { _ = state.update(.tick(0.1)) }
    #expect(!state.drawn().text().contains("no space left"))
  }

  @Test("On the smallest screen the name of a file is read as well")
  func small() {
    var state = slowState(columns: 44, rows: 12)
    _ = state.update(.exported(.saved(["flowscope-1.svg", ".json"])))
    #expect(state.drawn().text().contains("flowscope-1.svg, .json"))
  }

  @Test("A saved state that is restored beside its weights shows the same picture")
  func restored() throws {
    var replay = try smallReplay(columns: 120, rows: 36, particles: 512, steps: 300)
    try replay.run("train 300\nr\n+\nL\n|\n|\nTab\ns\nM\nm\n6\nwait 2\nG\nE")
    let saved = replay.state.saved(network: "n")
    #expect(saved.tagged == replay.state.particles.tagged && saved.chartSpan == .tail)
    var options = AppState.Options()
    options.saved = saved
    options.instructionSet = .baseline
    options.evaluationBudget = 1 << 24
    options.adaptsBudget = false
    var state = AppState(
      experiment: saved.experiment, dataset: replay.state.dataset, size: replay.state.window.size,
      options: options)
    var report = replay.state.training.report
    report.generation = 0
    _ = state.update(.training(report))
    state.tick(20, seconds: 0.1)
    #expect(state.saved(network: "n") == saved)
    #expect(state.lanes.all.map(\.positions) == replay.state.lanes.all.map(\.positions))
    #expect(state.lanes.all.map(\.error) == replay.state.lanes.all.map(\.error))
    #expect(state.particles.tagged == replay.state.particles.tagged && state.charts.span == .tail)
  }
}
