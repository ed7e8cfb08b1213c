import FlowMatching

/// A named experiment that shows one thing, with a paragraph on what to look at.
public struct Preset: Sendable {
  /// The name on the command line, "crossing-paths".
  public let name: String
  /// The name in lists.
  public let title: String
  /// What to look at, and why it is so.
  public let text: String
  /// What is trained.
  public let experiment: Experiment
  /// The solvers, one a lane: one to four.
  var lanes: [LaneSettings]
  /// What is shown.
  var scenery: Scenery
  /// How lanes are matched.
  var matching: AppState.Matching
  /// What happens when t reaches 1.
  var mode: Clock.Mode
  /// The share of training after which the flow's own pairs are learned; nil never.
  let reflow: Double?
  /// What is done last, to the viewer itself.
  let finish: @Sendable (inout AppState) -> Void

  init(
    _ name: String, _ title: String, _ text: String,
    lanes: [LaneSettings] = [LaneSettings(.midpoint, steps: 20)],
    matching: AppState.Matching = .time, mode: Clock.Mode = .once,
    reflow: Double? = nil, experiment change: (inout Experiment) -> Void = { _ in },
    scenery arrange: (inout Scenery) -> Void = { _ in },
    arrange finish: @escaping @Sendable (inout AppState) -> Void = { _ in }
  ) {
    self.finish = finish
    self.reflow = reflow
    self.name = name
    self.title = title
    self.text = text
    self.lanes = lanes
    self.matching = matching
    self.mode = mode
    var experiment = Experiment()
    change(&experiment)
    self.experiment = experiment
    var scenery = Scenery()
    if experiment.traits.tokens != nil { scenery.view = .words }
    if experiment.traits.isLatent { scenery.view = .pictures }
    arrange(&scenery)
    self.scenery = scenery
  }

  /// Whether it begins with the exact world, in which nothing trains.
  public var trainsNothing: Bool { scenery.view == .world }

  /// The present names of presets by names that they once had.
  public static let formerNames = ["couplings": "affine-layers"]

  /// The preset of that name, or once of that name; throws `UnknownName`, which suggests the nearest.
  public static func named(_ name: String) throws(UnknownName) -> Preset {
    let present = formerNames[name] ?? name
    guard let preset = all.first(where: { $0.name == present }) else {
      throw UnknownName(kind: "preset", name: name, among: all.map(\.name))
    }
    return preset
  }
}

/// A paragraph about what is on show.
public struct Caption: Sendable, Hashable {
  public let title: String
  public let text: String

  /// The rows of its lines, where those are the same whatever it says; nil for as many as it needs.
  var rows: Int?

  /// The most lines at once on a small screen; Enter turns to the next.
  static let briefRows = 3

  init(title: String, text: String, rows: Int? = nil) {
    self.title = title
    self.text = text
    self.rows = rows
  }

  /// Its lines, so wide.
  func lines(width: Int) -> [String] { Paragraph.lines(text, width: max(10, width)) }
}

extension AppState {
  /// Begins a preset: at once where it trains what is trained already, else after a question.
  mutating func begin(_ preset: Preset) -> [Effect] {
    if preset.experiment == experiment, preset.reflow == nil { return arrange(preset) }
    dialogue.overlay = .question(
      Question(preset.experiment, "preset → \(preset.title)", preset: preset.name))
    return []
  }

  /// Sets lanes, view and colours as a preset wants them.
  public mutating func arrange(_ preset: Preset) -> [Effect] {
    look.scenery = preset.scenery
    suitView()
    lanes.update(.match(preset.matching))
    playback.clock.mode = preset.mode
    window.update(.expand(nil))
    window.update(.focus(.plot))
    window.update(.recall(window.viewports.map { _ in .fitted }))
    if preset.lanes.count == 1 {
      lanes.update(.settle(solo: preset.lanes[0]))
    } else {
      lanes.update(.settle(solo: lanes.soloSettings, compared: preset.lanes))
    }
    let effects = setLanes(preset.lanes.count)
    particles.update(.follow(nil))
    // What is to be seen moving begins to move by itself.
    playback.openingEnd = preset.mode == .once ? nil : now + 2.5
    preset.finish(&self)
    dialogue.caption = Caption(title: preset.title, text: preset.text)
    say("preset", preset.title)
    let steps = preset.reflow.map { Int(saturating: $0 * Double(experiment.steps)) }
    return effects + (isComparing ? [] : [.trainer(.measureWith(lanes.soloSettings))])
      + (steps.map { [.trainer(.reflow(at: $0))] } ?? [])
  }
}
