import FlowMatching

extension Preset {
  /// The presets of flow, diffusion and jumps along one p_t.
  static let processes: [Preset] = [
    Preset(
      "three-processes", "One p_t, three natures",
      """
      The same noise becomes the same eight clusters three times, by the exact field: along its \
      velocity, by steps with noise and the score that mends it, and by leaps from where p_t shrinks to \
      where it grows, with nothing between. At every t all three have the same p_t, as the verdict says: a \
      cloud does not tell how it came about. Six particles show it, above and over t.
      """,
      lanes: [
        LaneSettings(LaneSolver(.midpoint), steps: 48, along: .exact), diffusing,
        LaneSettings(.jumps, steps: 48),
      ],
      scenery: { $0.trails = true }, arrange: { $0.playback.clock.seek(0.85) }),
    Preset(
      "teleport", "The same ends, another p_t",
      """
      Left the flow. Right every particle waits and then leaps from the noise to the data at once: p_t is a \
      mixture of both, with points of both at every t and none on the way. The ends are the same, and each \
      rate is simple; but half-way the clouds are not: the verdict is no, and the distance to the flow's p_t \
      is many times what chance makes. Who compares processes at t = 1 alone does not see it.
      """,
      lanes: [
        LaneSettings(LaneSolver(.midpoint), steps: 48, along: .exact),
        LaneSettings(.teleport, steps: 48),
      ], scenery: { $0.trails = true }, arrange: { $0.playback.clock.seek(0.5) }),
  ]

  /// The presets of stochastic interpolants.
  static let interpolants: [Preset] = [
    Preset(
      "interpolant", "ε from 0 to 5",
      """
      A drift and a denoiser are learned, from a small ring of clusters to a large one, with noise that is nothing at both \
      ends. The first lane is the ODE of the drift. The others add noise √(2ε) on the way and ε times the \
      score that the denoiser implies: every ε has the same p_t, if both were learned exactly. What is left \
      differs: the verdict says whether it can be seen, and W₂ which ε is nearest.
      """,
      lanes: [LaneSettings(.midpoint, steps: 40)] + [0.1, 1, 5].map { noisy($0) }, mode: .once,
      experiment: betweenClusters),
    Preset(
      "mended-drift", "A wrong drift, mended by noise",
      """
      All four lanes have seven tenths of the exact drift: the first, an ODE, comes too short. The others \
      add noise and the exact score, which knows where p_t is and pulls every particle back there: at ε = 5 \
      about a quarter of the error is left. An error of the drift costs an ODE all it is worth, and a \
      diffusion the less the larger ε is; an error of the score would cost the more.
      """,
      lanes: [LaneSettings(.midpoint, steps: 40, along: .scaled(0.7))]
        + [0.2, 1, 5].map { noisy($0, along: .scaled(0.7)) }, mode: .once,
      experiment: betweenClusters),
    mirror,
    Preset(
      "any-noise", "One p_t, however rough",
      """
      A stochastic interpolant between two rings of clusters, all of it exact: the ODE of the drift, the SDE \
      with ε = 0.5 and ε = 5, and jumps. The larger ε, the rougher the way, until at last a particle forgets \
      where it came from; jumps have no way at all. p_t is the same in every lane and at every t: the distances \
      below lie on those of fresh draws.
      """,
      lanes: [
        LaneSettings(LaneSolver(.midpoint), steps: 48, along: .exact), noisy(0.5, along: .exact),
        noisy(5, along: .exact), LaneSettings(.jumps, steps: 48),
      ], experiment: betweenClusters, scenery: { $0.trails = true },
      arrange: { $0.playback.clock.seek(0.85) }),
  ]

  /// From the data to noisy data and back.
  private static let mirror = Preset(
    "mirror", "From the data to the data",
    """
    A mirror interpolant, x₁ + γz: every cluster is blurred until half-way, and then drawn together again. \
    The first lane is the exact ODE, in which every particle comes back to where it began. The others \
    are of the drift and the denoiser as they are learned, without noise and with ε = 1: particles come \
    back to the data, but by noise to another place, even another cluster.
    """,
    lanes: [
      LaneSettings(LaneSolver(.midpoint), steps: 40, along: .exact),
      LaneSettings(.midpoint, steps: 40), noisy(1),
    ], mode: .once,
    experiment: {
      $0.choose(Objective.interpolant)
      $0.dataset = "8gaussians"
      $0.gamma = .mirror(2)
    }, scenery: { $0.trails = true })

  private static func noisy(_ epsilon: Double, along velocity: LaneVelocity? = nil) -> LaneSettings
  {
    var settings = LaneSettings(LaneSolver(StochasticHeun()), steps: 80, along: velocity)
    settings.noise = .epsilon(epsilon)
    return settings
  }

  private static func betweenClusters(_ experiment: inout Experiment) {
    experiment.choose(Objective.interpolant)
    experiment.dataset = "8gaussians-r5"
    experiment.source = "8gaussians"
    experiment.gamma = .squareRoot(2)
  }

  /// Euler–Maruyama along the exact field with noise that vanishes at the end.
  private static let diffusing: LaneSettings = {
    var settings = LaneSettings(LaneSolver(EulerMaruyama()), steps: 144, along: .exact)
    settings.noise = .squareRoot(scale: 1.265)
    return settings
  }()
}
