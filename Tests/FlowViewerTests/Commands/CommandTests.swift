import FlowMatching
import TerminalCanvas
import Testing

@testable import FlowViewer

@Suite("Palette, parameters, presets")
struct CommandTests {
  @Test("Letters match in order and any case, whole words best, every word somewhere")
  func fuzzy() throws {
    #expect(FuzzyMatch("sol", in: "Solver: Euler")?.places == [0, 1, 2])
    #expect(FuzzyMatch("eul solv", in: "Solver: Euler") != nil)
    #expect(FuzzyMatch("xq", in: "Solver: Euler") == nil)
    #expect(FuzzyMatch("", in: "anything")?.score == 0)
    let whole = try #require(FuzzyMatch("roll", in: "Data set: swiss roll"))
    let apart = try #require(FuzzyMatch("roll", in: "run or leave lanes"))
    #expect(whole.score > apart.score)
    #expect(FuzzyMatch("roll", in: "restore all lanes") == nil)
  }

  @Test("The palette finds every solver and data set by its name and does what Enter says")
  func finds() {
    let state = slowState()
    for method in ButcherTableau.all {
      #expect(
        Palette.hits("solver \(method.title)", state).first?.command.title
          == "Solver: \(method.title)")
    }
    for dataset in DatasetCatalog.plane {
      let titles = Palette.hits("data set " + dataset.title, state).map(\.command.title)
      #expect(titles.contains("Data set: \(dataset.title)"))
    }
    for path in ["settings.csv", "sets/a.npy", "my points.csv"] {
      #expect(Palette.hits("data " + path, state).map(\.command.title) == ["Data set: \(path)"])
    }
    var changed = state
    changed.press(":", "r", "k", "4", "Enter")
    #expect(changed.focusedLane.settings.method.name == "rk4" && changed.dialogue.overlay == nil)
    changed.press("C-p", "Esc")
    #expect(changed.dialogue.overlay == nil)
  }

  @Test("Every parameter takes each of its choices, and says no to nonsense")
  func choices() throws {
    var state = slowState()
    for parameter in state.parameters {
      for choice in state.choices(of: parameter) {
        #expect(throws: Never.self, "\(parameter) \(choice)") {
          _ = try state.change(parameter, to: choice)
        }
      }
      for nonsense in ["", "nonsense", "-1", "1e99", "nan", "64,,64"] {
        #expect(throws: ParameterMistake.self, "\(parameter) \(nonsense)") {
          _ = try state.change(parameter, to: nonsense)
        }
      }
      let next = state.neighbour(of: parameter, by: 1)
      #expect(throws: Never.self) { _ = try state.change(parameter, to: next) }
    }
    _ = try state.set(.particles, to: "5 000")
    #expect(state.particleCount == 5000)
  }

  @Test("A choice that does not go with the others is refused with what to use instead")
  func incompatible() throws {
    var state = slowState()
    guard case .experiment(let next) = try state.change(.coupling, to: "sinkhorn:0.5") else {
      Issue.record("no experiment")
      return
    }
    #expect(next.coupling == .sinkhorn(regularisation: 0.5))
    state.experiment.coupling = .optimalTransport
    let mistake = #expect(throws: ParameterMistake.self) {
      _ = try state.change(.prediction, to: "score")
    }
    #expect(mistake?.reason.contains("predict the source or the velocity") == true)
    #expect(throws: ParameterMistake.self) { _ = try state.change(.coupling, to: "reflow") }
  }

  @Test("What restarts training asks first, and the answer decides")
  func asks() throws {
    var state = slowState()
    let rows = state.parameters
    let row = try #require(rows.firstIndex(of: .activation))
    state.press("Down")
    for _ in 0..<row { state.press("Down") }
    state.press("Right")
    guard case .question(let question) = state.dialogue.overlay else {
      Issue.record("no question")
      return
    }
    #expect(question.experiment.activation != state.experiment.activation)
    state.press("Esc")
    #expect(state.experiment.activation == .silu && state.dialogue.overlay == nil)
    state.press("Down")
    for _ in 0..<row { state.press("Down") }
    state.press("Right")
    let effects = state.press("y")
    #expect(state.experiment.activation == question.experiment.activation)
    #expect(effects.contains { if case .trainer(.restart) = $0 { true } else { false } })
  }

  @Test("A typed value is set by Enter, a wrong one is named and can be left with Esc")
  func typed() throws {
    var state = slowState()
    state.press("Down", "Down", "Down", "Enter", "9", "9", "9", "Enter")
    guard case .parameters(let list) = state.dialogue.overlay else {
      Issue.record("the list is gone")
      return
    }
    #expect(list.mistake == "needs 1 to 256" && list.text == "999")
    state.press("Backspace", "Enter")
    #expect(state.focusedLane.settings.steps == 99)
    state.press("Enter", "5", "Esc", "Esc")
    #expect(state.dialogue.overlay == nil && state.focusedLane.settings.steps == 99)
  }

  @Test("Parameters differ by name and by title, and their titles fit beside their values")
  func titles() {
    #expect(Set(Parameter.allCases.map(\.name)).count == Parameter.allCases.count)
    #expect(Set(Parameter.allCases.map(\.title)).count == Parameter.allCases.count)
    for parameter in Parameter.allCases { #expect(parameter.title.count <= 17, "\(parameter)") }
  }

  @Test("A preset is found by a name that it once had")
  func formerNames() throws {
    for (former, present) in Preset.formerNames {
      #expect(try Preset.named(former).name == present)
      #expect(!Preset.all.contains { $0.name == former })
    }
  }

  @Test("Under help no key acts on the viewer beneath")
  func help() {
    var state = slowState()
    let before = state
    state.press("?")
    for binding in KeyBindings.all where !["?", "q", ": ^P", "Esc"].contains(binding.label) {
      for (key, _) in binding.keys where key != .character("/") {
        if state.dialogue.overlay != .help { state.press("?") }
        _ = state.update(.event(.key(key)))
      }
    }
    #expect(
      state.playback.clock == before.playback.clock && state.particleCount == before.particleCount)
    #expect(state.look.scenery == before.look.scenery && state.lanes.all.count == 1)
    #expect(state.focusedLane.settings == before.focusedLane.settings)
  }

  @Test("A dozen presets or more have names, a paragraph, and one to four lanes")
  func presets() throws {
    #expect(Preset.all.count >= 12)
    #expect(Set(Preset.all.map(\.name)).count == Preset.all.count)
    for preset in Preset.all {
      #expect((1...4).contains(preset.lanes.count), "\(preset.name)")
      #expect(preset.text.split(separator: " ").count >= 25, "\(preset.name)")
      #expect(try DatasetCatalog.named(preset.experiment.dataset).name.isEmpty == false)
      #expect(!preset.name.contains(" ") && preset.title.count <= 44)
    }
    #expect(throws: UnknownName.self) { try Preset.named("first-lock") }
  }

  @Test("A preset begins what it says, live and at the start", arguments: Preset.all.map(\.name))
  func begins(name: String) throws {
    let preset = try Preset.named(name)
    var state = slowState(particles: 256)
    _ = state.begin(preset)
    if case .question = state.dialogue.overlay { state.press("y") }
    #expect(state.experiment == preset.experiment && state.lanes.all.count == preset.lanes.count)
    #expect(state.lanes.all.map(\.settings) == preset.lanes && state.look.scenery == preset.scenery)
    state.tick(3)
    _ = state.drawn()
    var options = AppState.Options()
    options.preset = preset
    options.particles = 256
    let started = AppState(
      experiment: preset.experiment, dataset: try DatasetCatalog.named(preset.experiment.dataset),
      size: Size(columns: 80, rows: 24), options: options)
    #expect(started.lanes.all.count == preset.lanes.count && started.look.scenery == preset.scenery)
  }
}
