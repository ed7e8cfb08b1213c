import TerminalCanvas

/// One row of the key table: keys, what each does, and how help and hints name them.
public struct KeyBinding: Sendable {
  /// The heading that help lists the row under.
  public enum Group: String, Sendable, CaseIterable {
    case time, training, solver, lanes, view, look, app
  }

  /// Each key with its action.
  public let keys: [(key: Key, action: Action)]
  /// The keys as help writes them.
  public let label: String
  /// One line of help.
  public let help: String
  public let group: Group
  /// The word in the hint bar, for the rows that belong there.
  public let hint: String?

  init(
    _ group: Group, _ label: String, _ help: String, hint: String? = nil,
    _ keys: [(Key, Action)]
  ) {
    self.group = group
    self.label = label
    self.help = help
    self.hint = hint
    self.keys = keys
  }
}

/// The one table from which dispatch, help and hints are made.
public enum KeyBindings {
  /// Every binding, in the order of help.
  public static let all: [KeyBinding] = [
    KeyBinding(
      .time, "space", "play, pause; training goes on", hint: "play",
      [(.character(" "), .playPause)]),
    KeyBinding(
      .time, ". ,", "one solver step forward, back", hint: "step",
      [(.character("."), .step(forward: true)), (.character(","), .step(forward: false))]),
    KeyBinding(
      .time, "← →", "scrub t by 0.02, Shift 0.1", hint: "scrub t",
      [
        (.left, .scrub(-0.02)), (.right, .scrub(0.02)), (.shiftLeft, .scrub(-0.1)),
        (.shiftRight, .scrub(0.1)),
      ]),
    KeyBinding(.time, "Home End", "t = 0, t = 1", [(.home, .jump(0)), (.end, .jump(1))]),
    KeyBinding(
      .time, "1 … 9", "t = 0.1 … 0.9",
      (1...9).map { (.character(Character("\($0)")), .jump(Double($0) / 10)) }),
    KeyBinding(
      .time, "0", "the same noise again", hint: "again", [(.character("0"), .again)]),
    KeyBinding(.time, "r", "new noise", hint: "new noise", [(.character("r"), .newNoise)]),
    KeyBinding(
      .time, "[ ]", "speed ÷ 1.1, × 1.1",
      [(.character("["), .speed(1 / 1.1)), (.character("]"), .speed(1.1))]),
    KeyBinding(
      .time, "{ }", "speed ÷ 2, × 2; Backspace 1",
      [
        (.character("{"), .speed(0.5)), (.character("}"), .speed(2)), (.backspace, .resetSpeed),
      ]),
    KeyBinding(.time, "l", "once, loop, ping-pong", [(.character("l"), .mode)]),

    KeyBinding(
      .training, "d D", "next, previous data (asks)", hint: "data",
      [(.character("d"), .dataset(1)), (.character("D"), .dataset(-1))]),
    KeyBinding(.training, "B", "draw data by hand (asks)", [(.character("B"), .draw)]),
    KeyBinding(
      .training, "↓ ↑", "parameters: choose and edit", hint: "parameters",
      [(.down, .parameters), (.up, .parameters)]),
    KeyBinding(
      .training, "PgUp PgDn", "earlier, later weights", hint: "weights",
      [(.pageUp, .travel(-1)), (.pageDown, .travel(1))]),
    KeyBinding(
      .training, "E", "charts: whole, tail, frozen", [(.character("E"), .chartSpan)]),
    KeyBinding(.training, "T", "pause, resume, train on", [(.character("T"), .pauseTraining)]),
    KeyBinding(.training, "R", "restart training (asks)", [(.character("R"), .restartTraining)]),

    KeyBinding(
      .solver, "s S", "next, previous solver", hint: "solver",
      [(.character("s"), .solver(1)), (.character("S"), .solver(-1))]),
    KeyBinding(
      .solver, "n N", "fewer, more steps; tolerance", hint: "steps",
      [(.character("n"), .steps(finer: false)), (.character("N"), .steps(finer: true))]),

    KeyBinding(
      .solver, "c C", "next, previous schedule", hint: "schedule",
      [(.character("c"), .schedule(1)), (.character("C"), .schedule(-1))]),
    KeyBinding(
      .solver, "z", "SDE noise, else velocity", hint: "velocity",
      [(.character("z"), .noise)]),

    KeyBinding(
      .lanes, "|", "one, two, four lanes", hint: "compare", [(.character("|"), .split)]),
    KeyBinding(
      .lanes, "Tab", "next lane or pane; Shift back", hint: "next",
      [(.tab, .focus(1)), (.backTab, .focus(-1))]),
    KeyBinding(
      .lanes, "M", "match by t or by evaluations", hint: "match",
      [(.character("M"), .matching)]),
    KeyBinding(
      .lanes, "j X", "join two lanes; keep weights", hint: "join",
      [(.character("j"), .join), (.character("X"), .keep)]),

    KeyBinding(
      .view, "v V", "next, previous view", hint: "view",
      [(.character("v"), .view(1)), (.character("V"), .view(-1))]),
    KeyBinding(
      .view, "h", "density, and back", hint: "density", [(.character("h"), .density)]),
    KeyBinding(
      .view, "o", "what the colour means", hint: "colour", [(.character("o"), .colour)]),
    KeyBinding(
      .view, "u", "arrows: velocity, score, both", hint: "arrows", [(.character("u"), .arrows)]),
    KeyBinding(
      .view, "k", "distance: W₂, sliced, energy", [(.character("k"), .distance)]),
    KeyBinding(
      .view, "f F", "follow a particle; click one", hint: "follow",
      [(.character("f"), .follow(1)), (.character("F"), .follow(-1))]),
    KeyBinding(.view, "G", "tag a group of particles", [(.character("G"), .tag)]),
    KeyBinding(.view, "t", "trails", hint: "trails", [(.character("t"), .trails)]),
    KeyBinding(
      .view, "x", "particles, target, both", [(.character("x"), .content)]),
    KeyBinding(
      .view, "p P", "half, twice the particles", hint: "particles",
      [(.character("p"), .particles(more: false)), (.character("P"), .particles(more: true))]),
    KeyBinding(.view, "e", "expand the pane", hint: "expand", [(.character("e"), .expand)]),
    KeyBinding(
      .view, "+ - =", "zoom in, out, fit; wheel", hint: "zoom",
      [(.character("+"), .zoom(1.25)), (.character("-"), .zoom(0.8)), (.character("="), .fit)]),
    KeyBinding(
      .view, "H J K L", "move the window; drag",
      [
        (.character("H"), .pan(x: -0.1, y: 0)), (.character("J"), .pan(x: 0, y: -0.1)),
        (.character("K"), .pan(x: 0, y: 0.1)), (.character("L"), .pan(x: 0.1, y: 0)),
      ]),
    KeyBinding(.view, "y", "link the lanes' windows", hint: "link", [(.character("y"), .link)]),

    KeyBinding(
      .view, "b < >", "bookmark; previous, next",
      [
        (.character("b"), .bookmark), (.character("<"), .recall(-1)), (.character(">"), .recall(1)),
      ]),
    KeyBinding(.look, "m", "colour map", [(.character("m"), .map)]),
    KeyBinding(.look, "A", "theme: contrast, colour-blind", [(.character("A"), .theme)]),
    KeyBinding(.look, "a", "axes on, off", [(.character("a"), .axes)]),
    KeyBinding(.look, "g", "glyphs: best, ASCII", [(.character("g"), .glyphs)]),
    KeyBinding(.look, "i", "what a frame costs", hint: "costs", [(.character("i"), .costs)]),

    KeyBinding(
      .app, ": ^P", "commands: everything by name", hint: "commands",
      [(.character(":"), .palette), (.control("p"), .palette)]),
    KeyBinding(
      .app, "w W", "save picture, state; record", hint: "save",
      [(.character("w"), .save), (.character("W"), .record)]),
    KeyBinding(.app, "?", "these keys", hint: "help", [(.character("?"), .help)]),
    KeyBinding(.app, "Esc", "close; let go; newest weights", [(.escape, .close)]),
    // The terminal itself answers Ctrl-Z and Ctrl-C.
    KeyBinding(.app, "^L ^Z", "repaint; suspend", [(.control("l"), .repaint)]),
    KeyBinding(.app, "q", "quit (asks while training)", hint: "quit", [(.character("q"), .quit)]),
  ]

  private static let actions: [Key: Action] = Dictionary(
    uniqueKeysWithValues: all.flatMap { $0.keys.map { ($0.key, $0.action) } })

  /// The action of a key, if it has one.
  public static func action(for key: Key) -> Action? { actions[key] }

  /// The rows of the hint bar, in order of importance; help and quit stand apart.
  static func hints(comparing: Bool) -> [KeyBinding] {
    let order =
      comparing
      ? [
        "space", ". ,", "← →", "Tab", "s S", "n N", "M", "|", "j X", "v V", "c C", ": ^P", "e", "y",
        "r", "d D", "0",
      ]
      : [
        "space", ". ,", "← →", "v V", ": ^P", "h", "o", "t", "f F", "d D", "s S", "n N", "|", "↓ ↑",
        "r",
        "0", "Tab", "e", "p P",
      ]
    return order.compactMap { label in all.first { $0.label == label } }
  }
}
