import FlowMatching
import TerminalCanvas

/// One line of the command palette.
public struct Command: Sendable {
  /// What choosing it does.
  enum Deed: Sendable {
    case action(Action)
    case set(Parameter, String)
    case preset(Preset)
    /// Puts the beginning of a typed command into the prompt.
    case prompt(String)
    /// Reads a file of points, or of a network for the focused lane.
    case read(FileRequest)
    case reflow
    case change(@Sendable (inout AppState) -> Void)
  }

  /// What it does to the run.
  enum Consequence: Sendable, Equatable {
    /// It is so already.
    case now
    case restarts
    /// A few words.
    case note(String)
  }

  /// The heading under which it stands.
  let group: String
  let title: String
  let consequence: Consequence
  /// The key that does the same, if one does.
  let key: String
  /// One paragraph.
  let text: String
  let deed: Deed

  init(
    _ group: String, _ title: String, _ consequence: Consequence = .note(""), key: String = "",
    text: String, _ deed: Deed
  ) {
    self.group = group
    self.title = title
    self.consequence = consequence
    self.key = key
    self.text = text
    self.deed = deed
  }

  /// Every command, in the order of their groups.
  static func all(_ state: AppState) -> [Command] {
    keys + views(state) + looks(state) + data(state) + parameters(state) + presets(state)
  }

  /// One a row of the key table, with the row's first key.
  private static let keys: [Command] = KeyBindings.all.compactMap { binding in
    guard let first = binding.keys.first, binding.label != "Esc" else { return nil }
    let help = binding.help.prefix(1).uppercased() + binding.help.dropFirst()
    return Command(
      binding.group.rawValue, help, .note(binding.keys.count > 1 ? binding.label : ""),
      key: first.key.name, text: "The keys \(binding.label): \(binding.help).",
      .action(first.action))
  }

  private static func views(_ state: AppState) -> [Command] {
    PlotView.allCases.map { view in
      Command(
        "view", "View: \(view.rawValue)",
        state.look.scenery.view == view ? .now : .note("main plot"),
        key: view == .density ? "h" : "v", text: view.summary, .action(.view(.show(view))))
    }
  }

  /// What `o`, `m`, `A`, `l` and `|` go through, each by its name.
  private static func looks(_ state: AppState) -> [Command] {
    func choices<Choice: Equatable & Sendable>(
      _ name: String, _ all: [Choice], _ now: Choice, key: String, text: String,
      title: (Choice) -> String, set: @escaping @Sendable (inout AppState, Choice) -> Void
    ) -> [Command] {
      all.map { choice in
        Command(
          "look", "\(name): \(title(choice))", choice == now ? .now : .note("was \(title(now))"),
          key: key, text: text, .change { set(&$0, choice) })
      }
    }
    return choices(
      "Colour of particles", Colouring.allCases, state.look.scenery.colouring, key: "o",
      text: "What the colour of the particles means; log p is carried along their paths.",
      title: \.rawValue, set: { $0.look.scenery.colouring = $1 })
      + choices(
        "Colour of the field", FieldHeat.allCases, state.fieldHeat, key: "o",
        text: "What the heat of the field view means.", title: \.rawValue,
        set: { $0.look.scenery.heat = $1 })
      + choices(
        "Colour map", ColorMap.sequential, state.look.appearance.map, key: "m",
        text: "The map of densities and magnitudes; cividis looks the same to nearly every eye.",
        title: \.name, set: { $0.look.appearance.map = $1 })
      + choices(
        "Theme", ThemeVariant.allCases, state.look.appearance.variant, key: "A",
        text: "How the interface is coloured; a mark has a glyph or a word as well.",
        title: \.rawValue, set: { $0.look.appearance.variant = $1 })
      + choices(
        "At the end", Clock.Mode.allCases, state.playback.clock.mode, key: "l",
        text: "What happens when t reaches 1.", title: \.rawValue,
        set: { $0.playback.clock.mode = $1 })
      + choices(
        "Lanes", Array(1...(state.experiment.traits.needsSolver ? 4 : 2)), state.lanes.all.count,
        key: "|",
        text: "Solvers, schedules, velocities or weights side by side from the same noise.",
        title: AppState.numeral, set: { _ = $0.setLanes($1) })
  }

  private static func parameters(_ state: AppState) -> [Command] {
    state.parameters.flatMap { parameter -> [Command] in
      let now = state.value(of: parameter)
      let name = parameter.title.prefix(1).uppercased() + parameter.title.dropFirst()
      return parameter.choices.map { choice in
        Command(
          parameter.isOfTraining ? "training" : "solver",
          "\(name): \(parameter.title(of: choice))",
          choice == now ? .now : parameter.restartsTraining ? .restarts : .note("was \(now)"),
          key: parameter.key, text: summary(of: parameter, choice), .set(parameter, choice))
      }
    }
  }

  private static func summary(of parameter: Parameter, _ choice: String) -> String {
    switch parameter {
    case .dataset:
      DatasetCatalog.all.first { $0.name == choice }?.summary ?? parameter.summary
    case .solver:
      ButcherTableau.all.first { $0.name == choice }.map(summary)
        ?? StochasticMethods.all.first { $0.name == choice }.map(summary) ?? parameter.summary
    case .velocity: (try? LaneVelocity.named(choice))?.summary ?? parameter.summary
    default: parameter.summary
    }
  }

  private static func summary(_ method: any StochasticStepper) -> String {
    let cost = "\(method.evaluationsPerStep) evaluations a step"
    return "Weak order \(method.weakOrder), \(cost): the particles take noise on the way and have "
      + "the same distribution at every t. \(method.reference)."
  }

  private static func summary(_ method: ButcherTableau) -> String {
    let cost = "\(method.evaluationsPerStep) evaluations a step"
    let steps = method.hasErrorEstimate ? "Adaptive: the step follows an error estimate. " : ""
    return "Order \(method.order), \(cost). \(steps)\(method.reference)."
  }

  private static func presets(_ state: AppState) -> [Command] {
    let again = Preset.all.first { $0.title == state.dialogue.caption?.title }.map { preset in
      Command(
        "preset", "Close what “\(preset.title)” says", .note("Esc"), text: preset.text,
        .action(.app(.close)))
    }
    return (again.map { [$0] } ?? [])
      + Preset.all.map { preset in
        let restarts = preset.experiment != state.experiment
        return Command(
          "preset", preset.title, restarts ? .restarts : .note("preset"), text: preset.text,
          .preset(preset))
      }
  }
}

/// The command palette as it stands: what was typed, and the chosen row.
public struct Palette: Sendable, Equatable {
  public internal(set) var query = ""
  public internal(set) var selection = 0

  /// A command that fits the query.
  struct Hit: Sendable {
    let command: Command
    let places: Set<Int>
  }

  /// The commands that fit, best first; without a query all, in their order.
  static func hits(_ query: String, _ state: AppState) -> [Hit] {
    if let typed = Command.typed(query) { return [Hit(command: typed, places: [])] }
    let scored = Command.all(state).enumerated().compactMap {
      index, command -> (hit: Hit, score: Int, index: Int)? in
      if let match = FuzzyMatch(query, in: command.title) {
        return (Hit(command: command, places: match.places), match.score, index)
      }
      // The group counts too, but less.
      let line = command.title + " " + command.group
      guard let match = FuzzyMatch(query, in: line) else { return nil }
      let places = match.places.filter { $0 < command.title.count }
      return (Hit(command: command, places: places), match.score - 20, index)
    }
    guard query.contains(where: { $0 != " " }) else { return scored.map(\.hit) }
    let best = scored.sorted { ($0.score, $1.index) > ($1.score, $0.index) }
    return best.map(\.hit)
  }
}
