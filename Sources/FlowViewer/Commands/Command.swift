import FlowMatching
import TerminalCanvas

/// One line of the command palette.
public struct Command: Sendable {
  /// What choosing it does.
  enum Deed: Sendable {
    case action(Action)
    case set(Parameter, String)
    case preset(Preset)
    /// Tells a chapter of the tour.
    case chapter(Chapter)
    /// Puts the beginning of a typed command into the prompt.
    case prompt(String)
    /// Reads a file of points, or of a network for the focused lane.
    case read(FileRequest)
    case reflow
    /// Says what a word means.
    case explain(GlossaryEntry)
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
  /// What else it is found by.
  let synonyms: [String]
  let deed: Deed

  init(
    _ group: String, _ title: String, _ consequence: Consequence = .note(""), key: String = "",
    text: String, synonyms: [String] = [], _ deed: Deed
  ) {
    self.synonyms = synonyms
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
      + chapters(state) + glossary
  }

  /// One for every action that a key has, with the first of its keys.
  private static let keys: [Command] = {
    var seen: Set<Action> = []
    return (KeyBindings.all + KeyBindings.ofWorld).flatMap { binding in
      binding.keys.compactMap { key, action in
        guard seen.insert(action).inserted else { return nil }
        let words = action.words
        return Command(
          binding.group.rawValue, words.title, key: key.name, text: words.text,
          synonyms: words.synonyms, .action(action))
      }
    }
  }()

  private static func views(_ state: AppState) -> [Command] {
    PlotView.allCases.map { view in
      let words = ViewAction.show(view).words
      return Command(
        "view", words.title, state.look.scenery.view == view ? .now : .note("main plot"),
        text: words.text, synonyms: words.synonyms, .action(.view(.show(view))))
    }
  }

  /// The guided tour.
  private static func chapters(_ state: AppState) -> [Command] {
    Chapter.all.enumerated().map { index, chapter in
      let restarts = chapter.preset.experiment != state.experiment
      return Command(
        "tour", "Tour \(index + 1): \(chapter.title)", restarts ? .restarts : .note("tour"),
        text:
          "Chapter \(index + 1) of \(Chapter.all.count) of the guided tour: Enter goes on, Backspace back, "
          + "Esc ends it. It explains flow matching to those who do not know it.",
        synonyms: index == 0 ? ["tour", "guided tour", "lesson", "tutorial", "learn"] : [],
        .chapter(chapter))
    }
  }

  /// What each word means.
  private static let glossary: [Command] = Glossary.all.map { entry in
    Command(
      "glossary", "What is \(entry.term)?", .note("a word"), text: entry.text,
      synonyms: [entry.term] + entry.synonyms, .explain(entry))
  }

  /// What `o`, `m`, `A`, `l` and `|` go through, each by its name.
  private static func looks(_ state: AppState) -> [Command] {
    func choices<Choice: Equatable & Sendable>(
      _ name: String, _ all: [Choice], _ now: Choice, text: String,
      title: (Choice) -> String, synonyms: (Choice) -> [String] = { _ in [] },
      set: @escaping @Sendable (inout AppState, Choice) -> Void
    ) -> [Command] {
      all.map { choice in
        Command(
          "look", "\(name): \(title(choice))", choice == now ? .now : .note("was \(title(now))"),
          text: text, synonyms: synonyms(choice), .change { set(&$0, choice) })
      }
    }
    return choices(
      "Colour of particles", Colouring.allCases, state.look.scenery.colouring,
      text: "What the colour of the particles means; log p is carried along their paths.",
      title: \.rawValue, set: { $0.look.scenery.colouring = $1 })
      + choices(
        "Colour of the field", FieldHeat.allCases, state.fieldHeat,
        text: "What the heat of the field view means.", title: \.rawValue,
        set: { $0.look.scenery.heat = $1 })
      + choices(
        "Colour map", ColorMap.sequential, state.look.appearance.map,
        text: "The map of densities and magnitudes; cividis looks the same to nearly every eye.",
        title: \.name, set: { $0.look.appearance.map = $1 })
      + choices(
        "Theme", ThemeVariant.allCases, state.look.appearance.variant,
        text: "How the interface is coloured; a mark has a glyph or a word as well.",
        title: \.rawValue, set: { $0.look.appearance.variant = $1 })
      + choices(
        "At the end", Clock.Mode.allCases, state.playback.clock.mode,
        text: "What happens when t reaches 1.", title: \.rawValue,
        set: { $0.playback.clock.mode = $1 })
      + choices(
        "Lanes", Array(1...(state.experiment.traits.needsSolver ? 4 : 2)), state.lanes.all.count,
        text: "Solvers, schedules, velocities or weights side by side from the same noise.",
        title: AppState.numeral, synonyms: { ["\($0) lanes", "\(AppState.numeral($0)) lanes"] },
        set: { _ = $0.setLanes($1) })
  }

  private static func parameters(_ state: AppState) -> [Command] {
    state.parameters.flatMap { parameter -> [Command] in
      let now = state.value(of: parameter)
      let name = parameter.title.prefix(1).uppercased() + parameter.title.dropFirst()
      return state.choices(of: parameter).map { choice in
        Command(
          parameter.isOfTraining ? "training" : "solver",
          "\(name): \(parameter.title(of: choice))",
          choice == now ? .now : parameter.restartsTraining ? .restarts : .note("was \(now)"),
          text: summary(of: parameter, choice), synonyms: synonyms(of: parameter, choice),
          .set(parameter, choice))
      }
    }
  }

  /// What a setting is called elsewhere, with its value.
  private static func synonyms(of parameter: Parameter, _ choice: String) -> [String] {
    let others: [String: [String]] = [
      "learning rate": ["lr", "step size"], "weight decay": ["wd"], "batch": ["minibatch"],
      "widths": ["hidden units", "layers"], "training steps": ["iterations"],
    ]
    return (others[parameter.title] ?? []).map { $0 + " " + choice }
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
    let all = Command.all(state)
    guard query.contains(where: { $0 != " " }) else {
      return all.map { Hit(command: $0, places: []) }
    }
    let scored = all.enumerated().compactMap { index, command in
      fit(query, command).map { (hit: $0.hit, score: $0.score, index: index) }
    }
    return scored.sorted { ($0.score, $1.index) > ($1.score, $0.index) }.map(\.hit)
  }

  /// How well a command fits: by its title, by what else it is called, by its group.
  private static func fit(_ query: String, _ command: Command) -> (hit: Hit, score: Int)? {
    let typed = query.lowercased().trimmed
    var best: (hit: Hit, score: Int)?
    func offer(_ places: Set<Int>, _ score: Int) {
      if score > best?.score ?? Int.min { best = (Hit(command: command, places: places), score) }
    }
    if let match = FuzzyMatch(query, in: command.title) {
      offer(match.places, match.score + (command.title.lowercased() == typed ? whole : 0))
    }
    for synonym in command.synonyms {
      guard let match = FuzzyMatch(query, in: synonym) else { continue }
      offer([], match.score - 6 + (synonym.lowercased() == typed ? whole : 0))
    }
    // The group counts too, but less.
    if best == nil, let match = FuzzyMatch(query, in: command.title + " " + command.group) {
      offer(match.places.filter { $0 < command.title.count }, match.score - 20)
    }
    return best
  }

  /// What a command gains whose own words are all that was typed.
  private static let whole = 100
}
