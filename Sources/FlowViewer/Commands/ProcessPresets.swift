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

  /// Euler–Maruyama along the exact field with noise that vanishes at the end.
  private static let diffusing: LaneSettings = {
    var settings = LaneSettings(LaneSolver(EulerMaruyama()), steps: 144, along: .exact)
    settings.noise = .squareRoot(scale: 1.265)
    return settings
  }()
}
