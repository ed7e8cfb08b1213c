import FlowMatching

/// A flow of layers in the viewer: time is the layer, and each has the same share of it.
extension AppState {
  /// What can be asked of the flow that the focused lane follows.
  var traits: FlowTraits { followedExperiment.traits }

  /// The layer that acts at t, counted from 1; the last one's end is its own.
  func layer(at t: Double) -> Int? {
    experiment.traits.layers.map { min($0, Int(saturating: t * Double($0) + 1e-9) + 1) }
  }

  /// Where a scrub by that much leads; it stops where a layer begins or ends.
  func scrubbed(by amount: Double) -> Double {
    let goal = playback.clock.wanted + amount
    guard let layers = experiment.traits.layers else { return goal }
    let place = playback.clock.wanted * Double(layers)
    let next = amount > 0 ? (place + 1e-4).rounded(.down) + 1 : (place - 1e-4).rounded(.up) - 1
    let end = next / Double(layers)
    return amount > 0 ? min(goal, end) : max(goal, end)
  }

  /// Whether a key does more than say why it does nothing.
  func means(_ binding: KeyBinding) -> Bool {
    binding.needs?(traits) ?? true
  }

  /// The times of the film: the ends of the layers, where they are few, else tenths.
  var filmTimes: [Double] {
    let parts = experiment.traits.layers.map { $0 <= 10 ? $0 : 10 } ?? 10
    return (0...parts).map { Double($0) / Double(parts) }
  }

  /// The solver of a single lane unless a person chooses. A flow of layers has none: the steps
  /// are those in which its layers are kept, the same for each.
  static func usualSolver(of experiment: Experiment) -> LaneSettings {
    if experiment.traits.tokens != nil { return .letters() }
    if experiment.traits.isMap { return .jumps(1) }
    if experiment.traits.ownNoise > 0 { return .process(experiment.traits.ownNoise) }
    guard let layers = experiment.traits.layers else {
      return LaneSettings(.midpoint, steps: 20)
    }
    return LaneSettings(.rk4, steps: min(256, BackwardDensity.stepsPerLayer * layers))
  }

  /// A chosen solver, or for another model than before the usual one of it.
  static func suited(
    _ settings: LaneSettings, of previous: Experiment = Experiment(), to experiment: Experiment
  ) -> LaneSettings {
    let jump = experiment.traits.tokens != nil
    let isLost =
      settings.method.isMap && !experiment.traits.isMap
      || (previous.traits.ownNoise > 0) != (experiment.traits.ownNoise > 0)
    return settings == usualSolver(of: previous) || (settings.letters != nil) != jump || isLost
      ? usualSolver(of: experiment) : settings
  }

  /// Whether lanes of the one know nothing of the other.
  static func isResuited(_ previous: Experiment, _ experiment: Experiment) -> Bool {
    previous.model != experiment.model
      || (previous.traits.ownNoise > 0) != (experiment.traits.ownNoise > 0)
      || previous.traits.isMap != experiment.traits.isMap
      || (previous.letters == nil) != (experiment.letters == nil)
  }
}

extension LaneSettings {
  /// A process with noise g of its own.
  static func process(_ noise: Double) -> LaneSettings {
    var settings = LaneSettings(LaneSolver(EulerMaruyama()), steps: 100)
    settings.noise = .epsilon(0.5 * noise * noise)
    return settings
  }
}
