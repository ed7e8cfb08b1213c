import FlowMatching
import TerminalCanvas

extension AppState {
  /// The present value, as it is typed.
  func value(of parameter: Parameter) -> String { parameter.value(in: self) }

  /// The parameters that mean something now: steps or a tolerance, not both, and a schedule where
  /// there are paths.
  var parameters: [Parameter] { Parameter.allCases.filter { $0.counts(in: self) } }

  /// What a typed value would change; throws what is wrong with it.
  func change(_ parameter: Parameter, to text: String) throws(ParameterMistake) -> ParameterChange {
    try parameter.change(self, to: text)
  }

  /// The choice before or after the present value; of numbers the next smaller or larger.
  func neighbour(of parameter: Parameter, by offset: Int) -> String {
    let choices = choices(of: parameter)
    let now = value(of: parameter)
    if parameter == .seed {
      return "\(offset > 0 ? experiment.seed &+ 1 : experiment.seed &- min(1, experiment.seed))"
    }
    if let index = choices.firstIndex(of: now) {
      return choices[(index + offset + choices.count) % choices.count]
    }
    guard let value = Double(now) else { return choices[0] }
    let larger = choices.firstIndex { (Double($0) ?? 0) > value } ?? choices.count
    return choices[min(choices.count - 1, max(0, offset > 0 ? larger : larger - 1))]
  }

  /// The choices that there are of what is learned: a likelihood needs an activation without a kink, a
  /// curved space and letters have sources and losses of their own.
  func choices(of parameter: Parameter) -> [String] {
    let depending: [Parameter] = [
      .activation, .of("source"), .of("loss"), .of("space"), .velocity, .label, .solver,
    ]
    guard depending.contains(parameter) else { return parameter.choices }
    return parameter.choices.filter { (try? change(parameter, to: $0)) != nil }
  }

  /// Sets a parameter: at once, or after a question where training would begin anew.
  mutating func set(_ parameter: Parameter, to text: String) throws(ParameterMistake) -> [Effect] {
    let change = try change(parameter, to: text)
    let name = parameter.title
    switch change {
    case .experiment(let next):
      if next != experiment {
        dialogue.overlay = .question(Question(next, "\(name) → \(parameter.title(of: text))"))
      }
    case .optimiser(let next, let mark):
      guard next != experiment else { break }
      experiment = next
      say(name, text)
      return [.trainer(.adjust(next, mark: mark))]
    case .lane(let settings):
      return changeLane { $0 = settings }
    case .particles(let count):
      particles.update(.choose(count))
      fitParticles()
      say(name, NumberFormat.grouped(particleCount))
    case .axes(let choice):
      look.scenery.shownAxes = choice
      playback.filmFrames = []
      say(name, axesWords ?? text, for: 3)
    case .turning(let speed):
      turning?.speed = speed
      say(name, "\(NumberFormat.significant(speed, 2))° a second")
    case .speed(let speed):
      playback.clock.speed = speed
      say(name, "×" + NumberFormat.significant(speed, 2))
    }
    revision += 1
    return []
  }
}

/// Asks before training begins anew.
public struct Question: Sendable {
  /// What would be trained.
  public let experiment: Experiment
  /// What would change.
  public let change: String
  /// What is arranged after it, if a preset asks.
  public let preset: String?
  /// The chapter of the tour that is told after it, counted from 0.
  let chapter: Int?
  /// The data, where they are in no catalogue.
  let data: Dataset?

  init(
    _ experiment: Experiment, _ change: String, preset: String? = nil, chapter: Int? = nil,
    on data: Dataset? = nil
  ) {
    self.chapter = chapter
    self.experiment = experiment
    self.change = change
    self.preset = preset
    self.data = data
  }
}

extension Question: Equatable {
  /// Data sets are the same by their names.
  public static func == (one: Question, other: Question) -> Bool {
    one.experiment == other.experiment && one.change == other.change
      && one.preset == other.preset && one.chapter == other.chapter
      && one.data?.name == other.data?.name
  }
}

/// The list of parameters as it is shown and edited.
public struct ParameterList: Sendable, Equatable {
  /// The row that keys act on.
  public internal(set) var selection = 0
  /// The text that is being typed; nil while rows are only chosen.
  public internal(set) var text: String?
  /// What was wrong with the last value.
  public internal(set) var mistake: String?
}

extension AppState {
  /// A key while the list of parameters is open.
  mutating func editParameters(_ list: ParameterList, _ key: Key) -> [Effect] {
    var list = list
    let rows = parameters
    list.selection = min(max(0, list.selection), rows.count - 1)
    let parameter = rows[list.selection]
    revision += 1
    var effects: [Effect] = []
    func attempt(_ text: String, _ state: inout AppState) {
      do {
        effects = try state.set(parameter, to: text)
        list.mistake = nil
        list.text = nil
      } catch { list.mistake = error.reason }
    }
    switch (key, list.text) {
    case (.escape, nil):
      dialogue.overlay = nil
      return []
    case (.escape, _):
      list.text = nil
      list.mistake = nil
    case (.enter, let text?):
      attempt(text, &self)
    case (.enter, nil):
      list.text = ""
      list.mistake = nil
    case (.up, _), (.down, _), (.tab, _), (.backTab, _):
      let step = key == .up || key == .backTab ? rows.count - 1 : 1
      list = ParameterList(selection: (list.selection + step) % rows.count)
    case (.left, nil), (.right, nil):
      attempt(neighbour(of: parameter, by: key == .right ? 1 : -1), &self)
    case (.character("q"), nil):
      return perform(.app(.quit))
    case (.character(":"), nil), (.control("p"), nil):
      return perform(.app(.palette))
    case (.character(let character), nil) where character.isNumber || character == "-":
      list.text = String(character)
    case (_, let text?):
      list.text = TypedLine.edited(text, by: key, limit: 40) ?? text
    default:
      break
    }
    // A question that the value asks comes first, and goes back to nothing.
    if case .question = dialogue.overlay { return effects }
    dialogue.overlay = .parameters(list)
    return effects
  }
}
