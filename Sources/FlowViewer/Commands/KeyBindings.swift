import FlowMatching
import TerminalCanvas

/// One row of the key table: keys, what each does, and how help and hints name them.
public struct KeyBinding: Sendable {
  /// The heading that help lists the row under.
  public enum Group: String, Sendable, CaseIterable {
    case world = "exact world"
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
  /// What the flow that is followed must have for the keys to do more than say why they do nothing; nil
  /// where they always mean something.
  let needs: (@Sendable (FlowTraits) -> Bool)?

  init(
    _ group: Group, _ label: String, _ help: String, hint: String? = nil,
    needs: (@Sendable (FlowTraits) -> Bool)? = nil, _ keys: [(Key, Action)]
  ) {
    self.needs = needs
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
      [(.character(" "), .time(.playPause))]),
    KeyBinding(
      .time, ". ,", "one solver step forward, back", hint: "step",
      [
        (.character("."), .time(.step(forward: true))),
        (.character(","), .time(.step(forward: false))),
      ]),
    KeyBinding(
      .time, "← →", "scrub t by 0.02, Shift 0.1", hint: "scrub t",
      [
        (.left, .time(.scrub(-0.02))), (.right, .time(.scrub(0.02))),
        (.shiftLeft, .time(.scrub(-0.1))),
        (.shiftRight, .time(.scrub(0.1))),
      ]),
    KeyBinding(
      .time, "Home End", "t = 0, t = 1", [(.home, .time(.jump(0))), (.end, .time(.jump(1)))]),
    KeyBinding(
      .time, "1 … 9", "t = 0.1 … 0.9",
      (1...9).map { (.character(Character("\($0)")), .time(.jump(Double($0) / 10))) }),
    KeyBinding(
      .time, "0", "the same noise again", hint: "again", [(.character("0"), .time(.again))]),
    KeyBinding(.time, "r", "new noise", hint: "new noise", [(.character("r"), .time(.newNoise))]),
    KeyBinding(
      .time, "[ ] { }", "speed by 1.1, 2; Backspace 1",
      [
        (.character("["), .time(.speed(1 / 1.1))), (.character("]"), .time(.speed(1.1))),
        (.character("{"), .time(.speed(0.5))), (.character("}"), .time(.speed(2))),
        (.backspace, .time(.resetSpeed)),
      ]),
    KeyBinding(.time, "l", "once, loop, ping-pong", [(.character("l"), .time(.mode))]),

    KeyBinding(
      .training, "d D", "next, previous data (asks)", hint: "data",
      [(.character("d"), .training(.dataset(1))), (.character("D"), .training(.dataset(-1)))]),
    KeyBinding(.training, "B", "draw data by hand (asks)", [(.character("B"), .training(.draw))]),
    KeyBinding(
      .training, "↓ ↑", "parameters: choose and edit", hint: "parameters",
      [(.down, .app(.parameters)), (.up, .app(.parameters))]),
    KeyBinding(
      .training, "PgUp PgDn", "earlier, later weights", hint: "weights",
      [(.pageUp, .training(.travel(-1))), (.pageDown, .training(.travel(1)))]),
    KeyBinding(
      .training, "E", "charts: whole, tail, frozen", [(.character("E"), .training(.chartSpan))]),
    KeyBinding(.training, "T", "pause, resume, train on", [(.character("T"), .training(.pause))]),
    KeyBinding(.training, "R", "restart training (asks)", [(.character("R"), .training(.restart))]),

    KeyBinding(
      .solver, "s S", "next, previous solver", hint: "solver", needs: { $0.needsSolver },
      [(.character("s"), .lanes(.solver(1))), (.character("S"), .lanes(.solver(-1)))]),
    KeyBinding(
      .solver, "n N", "fewer, more steps; tolerance", hint: "steps", needs: { $0.needsSolver },
      [
        (.character("n"), .lanes(.steps(finer: false))),
        (.character("N"), .lanes(.steps(finer: true))),
      ]),

    KeyBinding(
      .solver, "c C", "next, previous schedule", hint: "schedule", needs: { $0.hasSchedules },
      [(.character("c"), .lanes(.schedule(1))), (.character("C"), .lanes(.schedule(-1)))]),
    KeyBinding(
      .solver, "z", "SDE noise, else velocity", hint: "velocity",
      [(.character("z"), .lanes(.noise))]),

    KeyBinding(
      .lanes, "|", "one, two, four lanes", hint: "compare", [(.character("|"), .lanes(.split))]),
    KeyBinding(
      .lanes, "Tab", "next lane or pane; Shift back", hint: "next",
      [(.tab, .lanes(.focus(1))), (.backTab, .lanes(.focus(-1)))]),
    KeyBinding(
      .lanes, "( )", "turn the lane's dial: a globe", hint: "turn",
      [(.character("("), .lanes(.dial(-1))), (.character(")"), .lanes(.dial(1)))]),
    KeyBinding(
      .lanes, "M", "match by t or by evaluations", hint: "match",
      [(.character("M"), .lanes(.matching))]),
    KeyBinding(
      .lanes, "j X", "join two lanes; keep weights", hint: "join",
      [(.character("j"), .lanes(.join)), (.character("X"), .lanes(.keep))]),

    KeyBinding(
      .view, "v V", "next, previous view", hint: "view",
      [(.character("v"), .view(.view(1))), (.character("V"), .view(.view(-1)))]),
    KeyBinding(
      .view, "h", "density, and back", hint: "density", [(.character("h"), .view(.density))]),
    KeyBinding(
      .view, "o", "what the colour means", hint: "colour", [(.character("o"), .view(.colour))]),
    KeyBinding(
      .view, "u", "arrows, or a density estimate", hint: "arrows",
      [(.character("u"), .view(.arrows))]),
    KeyBinding(
      .view, "k", "distance: W₂, sliced, energy", [(.character("k"), .view(.distance))]),
    KeyBinding(
      .view, "f F", "follow a particle; click one", hint: "follow",
      [(.character("f"), .view(.follow(1))), (.character("F"), .view(.follow(-1)))]),
    KeyBinding(.view, "G", "tag a group of particles", [(.character("G"), .view(.tag))]),
    KeyBinding(.view, "t", "trails", hint: "trails", [(.character("t"), .view(.trails))]),
    KeyBinding(
      .view, "x", "particles, target, both", [(.character("x"), .view(.content))]),
    KeyBinding(
      .view, "p P", "half, twice the particles", hint: "particles",
      [
        (.character("p"), .lanes(.particles(more: false))),
        (.character("P"), .lanes(.particles(more: true))),
      ]),
    KeyBinding(.view, "e", "expand the pane", hint: "expand", [(.character("e"), .view(.expand))]),
    KeyBinding(
      .view, "+ - =", "zoom in, out, fit; wheel", hint: "zoom",
      [
        (.character("+"), .view(.zoom(1.25))), (.character("-"), .view(.zoom(0.8))),
        (.character("="), .view(.fit)),
      ]),
    KeyBinding(
      .view, "H J K L", "move the window; drag",
      [
        (.character("H"), .view(.pan(x: -0.1, y: 0))),
        (.character("J"), .view(.pan(x: 0, y: -0.1))),
        (.character("K"), .view(.pan(x: 0, y: 0.1))), (.character("L"), .view(.pan(x: 0.1, y: 0))),
      ]),
    KeyBinding(
      .view, "y", "link the lanes' windows", hint: "link", [(.character("y"), .view(.link))]),

    KeyBinding(
      .view, "b < >", "bookmark; previous, next",
      [
        (.character("b"), .training(.bookmark)), (.character("<"), .training(.recall(-1))),
        (.character(">"), .training(.recall(1))),
      ]),
    KeyBinding(.look, "m", "colour map", [(.character("m"), .look(.map))]),
    KeyBinding(.look, "A", "theme: contrast, colour-blind", [(.character("A"), .look(.theme))]),
    KeyBinding(.look, "a", "axes on, off", [(.character("a"), .look(.axes))]),
    KeyBinding(.look, "g", "glyphs: best, ASCII", [(.character("g"), .look(.glyphs))]),
    KeyBinding(.look, "i", "what a frame costs", hint: "costs", [(.character("i"), .look(.costs))]),
    KeyBinding(
      .look, "Z", "lecture: clock and one chart", [(.character("Z"), .look(.lecture))]),

    KeyBinding(
      .app, ": ^P", "commands: everything by name", hint: "commands",
      [(.character(":"), .app(.palette)), (.control("p"), .app(.palette))]),
    KeyBinding(
      .app, "w W", "save picture, state; record", hint: "save",
      [(.character("w"), .app(.save)), (.character("W"), .app(.record))]),
    KeyBinding(.app, "?", "these keys", hint: "help", [(.character("?"), .app(.help))]),
    KeyBinding(.app, "Esc", "close; let go; newest weights", [(.escape, .app(.close))]),
    // The terminal itself answers Ctrl-Z and Ctrl-C.
    KeyBinding(.app, "^L ^Z", "repaint; suspend", [(.control("l"), .app(.repaint))]),
    KeyBinding(
      .app, "q", "quit (asks while training)", hint: "quit", [(.character("q"), .app(.quit))]),
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
        "space", ". ,", "← →", "Tab", "( )", "s S", "n N", "M", "|", "j X", "v V", "c C", ": ^P",
        "e", "y",
        "r", "d D", "0",
      ]
      : [
        "space", ". ,", "← →", "( )", "v V", ": ^P", "h", "o", "t", "f F", "d D", "s S", "n N", "|",
        "↓ ↑",
        "r",
        "0", "Tab", "e", "p P",
      ]
    return order.compactMap { label in all.first { $0.label == label } }
  }
}
