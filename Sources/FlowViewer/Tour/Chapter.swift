import FlowMatching

/// One chapter of the guided tour: what is trained, and scenes that are told one after the other.
public struct Chapter: Sendable {
  /// The name on the command line, “floor”.
  public let name: String
  /// The name in lists.
  public let title: String
  /// What is trained, and how the screen is arranged at first.
  public let preset: Preset
  /// Whether its training takes minutes.
  let isLong: Bool
  let scenes: [Scene]

  init(
    _ name: String, _ title: String, of preset: String, isLong: Bool = false, _ scenes: [Scene]
  ) {
    guard let known = Preset.all.first(where: { $0.name == preset }) else {
      preconditionFailure("no preset is called \(preset)")
    }
    self.name = name
    self.title = title
    self.preset = known
    self.isLong = isLong
    self.scenes = scenes
  }

  /// One thing that is said.
  struct Scene: Sendable {
    /// What is said first: one idea, two lines at most.
    let words: String
    /// How the screen is set for it; nil leaves it as it is.
    let stage: Stage?
    /// The moment that it waits for.
    let until: [Claim]
    /// What a person is to predict.
    let guess: Guess?
    /// What is said once the moment has come and the prediction is made.
    let then: String
    /// What is then true.
    let shows: [Claim]

    init(
      _ words: String, _ stage: Stage? = nil, until: [Claim] = [], guess: Guess? = nil,
      then: String = "", shows: [Claim] = []
    ) {
      self.words = words
      self.stage = stage
      self.until = until
      self.guess = guess
      self.then = then
      self.shows = shows
    }
  }

  /// A question with its answers, of which one is right.
  struct Guess: Sendable {
    let answers: [String]
    /// The right one, counted from 1.
    let right: Int

    init(_ answers: String..., right: Int) {
      self.answers = answers
      self.right = right
    }
  }

  /// How the screen is set: the preset's way, but for what is said here.
  struct Stage: Sendable {
    /// Where t stands, or from where it runs.
    var t = 1.0
    /// Whether it runs, and what then happens at 1.
    var plays: Clock.Mode?
    /// The lanes; nil as in the preset.
    var lanes: [LaneSettings]?
    var matching: AppState.Matching?
    /// The particle whose rays are shown.
    var follows: Int?
    /// What of the scenery is other than in the preset.
    var scenery: @Sendable (inout Scenery) -> Void = { _ in }
  }

  /// The chapter of that name; throws `UnknownName`, which suggests the nearest.
  public static func named(_ name: String) throws(UnknownName) -> Chapter {
    guard let chapter = all.first(where: { $0.name == name }) else {
      throw UnknownName(kind: "chapter", name: name, among: all.map(\.name))
    }
    return chapter
  }

  /// How the screen is set at a scene: as the last one said that said something.
  func stage(at scene: Int) -> Stage {
    scenes.prefix(scene + 1).last { $0.stage != nil }?.stage ?? Stage()
  }
}
