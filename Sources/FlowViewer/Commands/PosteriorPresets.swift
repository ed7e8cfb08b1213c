import FlowMatching

extension Preset {
  /// What an observation tells of its parameters, learned from simulations.
  static let posterior: [Preset] = [
    Preset(
      "posterior", "A posterior that follows the observation",
      """
      The network has seen 10 000 pairs of parameters and what was observed of them. The particles are \
      what it makes of the observation marked at the right: click another, or Tab there and H J K L, and \
      the posterior follows at once, beside the exact one. Times are drawn towards the data, where the \
      thin crescents are made.
      """,
      experiment: { posterior(&$0, .power(4)) }, arrange: magnify),
    Preset(
      "posterior-uniform-t", "The same with every t alike",
      """
      As the preset posterior, but every t is looked at alike. The last part of the way, in which crescents \
      a hundredth wide are drawn thin, has no more share than the first, where all is noise: the same steps \
      leave them blurred. flowscope evaluate tells by how much.
      """,
      experiment: { posterior(&$0, .uniform) }, arrange: magnify),
  ]

  private static func posterior(_ experiment: inout Experiment, _ density: TimeDensity) {
    experiment.choose(DatasetCatalog.twoMoonsPosterior)
    experiment.simulations = 10_000
    experiment.path = .lipman(sigmaMin: 1e-4)
    experiment.timeDensity = density
    experiment.widths = [128, 128, 128, 128]
    experiment.steps = 40_000
    experiment.learningRateDecay = .cosine
  }

  /// The prior is a third of the noise's window.
  private static let magnify: @Sendable (inout AppState) -> Void = { state in
    state.window.update(.magnify(by: 2.2, around: nil, lane: 0))
  }
}
