import FlowMatching

/// The share of sequences that are words of the data over t, as a lane's letters jump and as the exact
/// posterior's do, from the same starts in the same steps.
struct WordCourse: KeyedWork {
  /// What it is of.
  struct Key: RenewedKey, Hashable {
    var weightsStep: Int
    let generation, steps: Int
    let letters: TokenChoice
    let velocity: LaneVelocity?
    let keptTraining: LaneSettings.Training?
  }

  /// The share at the end of a step.
  struct Point: Sendable, Hashable {
    let t, share: Double
  }

  /// Sequences of each way: a share is known to some two in a hundred.
  static let count = 512

  let key: Key
  private(set) var lane: [Point] = []
  private(set) var exact: [Point] = []
  private let tokens: any TokenDistribution
  private var ways: [TokenSampler]

  init(
    _ key: Key, _ tokens: any TokenDistribution, followed: any TokenPosterior,
    exact: any TokenPosterior, path: TokenPath, chunk: Int
  ) {
    self.key = key
    self.tokens = tokens
    let plan = TokenPlan(key.letters, steps: key.steps)
    ways = [followed, exact].map { posterior in
      var random = Random(seed: 0).stream("word course")
      let x0 = path.start(tokens.space, count: WordCourse.count, using: &random)
      return TokenSampler(
        posterior, along: path, plan, from: x0, random: random, chunkSize: chunk)
    }
    for index in ways.indices { note(index) }
  }

  var isOver: Bool { ways.allSatisfy { $0.status != .running } }

  mutating func advance(budget: inout Int) {
    while !isOver && budget > 0 {
      let index = ways[0].status == .running ? 0 : 1
      let steps = ways[index].steps
      budget -= max(1, ways[index].advance(budget: budget))
      if ways[index].steps > steps { note(index) }
    }
  }

  /// The share of a way at its t; redrawing at the end happens at t = 1, where the last share counts.
  private mutating func note(_ index: Int) {
    let point = Point(t: ways[index].t, share: tokens.supportShare(of: ways[index].state))
    if index == 0 {
      if lane.last?.t == point.t { lane.removeLast() }
      lane.append(point)
    } else {
      if exact.last?.t == point.t { exact.removeLast() }
      exact.append(point)
    }
  }

  /// The share that a course has at t: that of the last step before.
  static func share(_ course: [Point], at t: Double) -> Double? {
    course.last { $0.t <= t + 1e-9 }?.share
  }
}

extension AppState {
  /// The course of the focused lane that is to be known; nil where none is on show.
  var wordCourseKey: WordCourse.Key? {
    guard traits.tokens != nil, layout.rect(of: .wordCourse) != nil else { return nil }
    let settings = focusedLane.settings
    return WordCourse.Key(
      weightsStep: settings.followsKnown ? 0 : lanes.ensemble.weightsStep,
      generation: training.generation, steps: settings.steps,
      letters: settings.letters ?? TokenChoice(),
      velocity: settings.velocity, keptTraining: settings.training)
  }

  /// That course, maybe of older weights; nil until it is known.
  var shownWordCourse: WordCourse? {
    guard let key = wordCourseKey, let shown = probes.words.course.shown, shown.key.isAlike(key)
    else { return nil }
    return shown
  }

  mutating func advanceWordCourse(
    _ tokens: any TokenDistribution, _ exact: any TokenPosterior, _ path: TokenPath,
    _ budget: inout Int
  ) {
    guard let key = wordCourseKey else { return }
    if probes.words.course.wants(key, now: now),
      let followed = lanes.ensemble.fields.flow(focusedLane.settings).posterior
    {
      let course = WordCourse(
        key, tokens, followed: followed, exact: exact, path: path,
        chunk: Solve.chunkSize(for: shownNetwork.weights.shape))
      probes.update(.words(.course(course, until: now + 8)))
    }
    if probes.advanceWordCourse(budget: &budget) { revision += 1 }
  }
}
