import FlowMatching

extension Preset {
  /// The presets of flow maps and of where steps go.
  static let maps: [Preset] = [
    Preset(
      "one-step", "One jump against one step",
      """
      A network is told two times and learns where a point goes from t to r at once: a mean velocity. Left \
      one jump, one evaluation. Beside it one Euler step of the same network: its velocity at t = 0 is the \
      way to the mean of all data, and everything lands there. Two jumps, and 64 steps of Runge–Kutta to \
      compare with. n changes the jumps.
      """,
      lanes: [.jumps(1), LaneSettings(.euler, steps: 1), .jumps(2), LaneSettings(.rk4, steps: 64)],
      experiment: map(.meanFlow)),
    Preset(
      "distilled-map", "A map distilled from the exact flow",
      """
      The same map with the exact field as its teacher: no target has noise, and the map learns in a \
      fraction of the steps. What is left of the error sits where clusters part: a map has to bend there as \
      the flow does, in one evaluation.
      """,
      lanes: [.jumps(1), .jumps(4)],
      experiment: {
        map(.meanFlow)(&$0)
        $0.mapTeacher = .exact
      }),
    Preset(
      "wrong-tangent", "The tangent of the wrong velocity",
      """
      A mean flow's target has a derivative along the flow: in x with v, in t with 1. Here t was forgotten, as \
      happens. Nothing complains, and the loss is even below that of the right one. But one jump of this map \
      lands elsewhere than the exact map beside it, and two jumps elsewhere again. Its velocity ū(x, t, t), for \
      which no tangent counts, is right: 64 steps of it arrive.
      """,
      lanes: [
        .jumps(1), .exactJumps(1), .jumps(2), LaneSettings(.rk4, steps: 64),
      ],
      experiment: {
        map(.meanFlow)(&$0)
        $0.mapTangent = .still
      }),
    Preset(
      "target-noise", "The target's noise, where clusters part",
      """
      The target of flow matching is one pair's velocity, and many pairs pass through one place: the ellipses \
      are their covariance. Late, between two clusters, it is long across: this particle may still belong to \
      either. A mean flow's target is the same noise carried to the end by the map, stretched where the map \
      tears clusters apart: there single losses explode. Scrub t.
      """,
      lanes: [.jumps(1)], experiment: map(.meanFlow), scenery: { $0.view = .noise },
      arrange: { $0.playback.clock.seek(0.8) }),
    Preset(
      "map-residual", "Where one jump cannot follow",
      """
      How far one jump ends from where the exact flow leads, over where it starts: a star between the \
      clusters, since there a small step to one side decides for another cluster, and a smooth map has to bend \
      through it. o turns to the equations: Eulerian, Lagrangian, semigroup; a map that keeps one of them \
      keeps all.
      """,
      lanes: [.jumps(1)], experiment: map(.lagrangian), scenery: { $0.view = .residual }),
    Preset(
      "shortcut-limit", "A shortcut's best is Euler's",
      """
      A shortcut of length 2d learns from its own two halves, down to 1/128, where it learns the velocity. \
      What it can reach is therefore Euler's method in 128 steps, errors and all: of a Gaussian of deviation \
      ½ that is .4942, of 8 steps .4148. Left one jump, right those 128 steps.
      """,
      lanes: [.jumps(1), LaneSettings(.euler, steps: 128)], experiment: map(.shortcut)),
    Preset(
      "steps-where-it-bends", "Spend steps where it bends",
      """
      The same eight steps of the midpoint rule, equal on the left; on the right they end where errors carried \
      to t = 1 are least, found anew as the network learns: shorter where clusters part and the field becomes \
      steep. On the exact field that is 2.4 times less error at the same price. “: time-grid best” asks for it.
      """,
      lanes: [LaneSettings(.midpoint, steps: 8), bent], matching: .evaluations, mode: .loop),
    Preset(
      "shifted-twice", "Shifted twice",
      """
      Pipelines for images shift their time grid towards the noise, σ → 3σ/(1 + 2σ), and programs that are \
      put together do it twice: σ → 9σ/(1 + 8σ). Equal steps, one shift, two. Here one shift already costs \
      accuracy, and two leave nearly the whole way to the last steps.
      """,
      lanes: [
        LaneSettings(.midpoint, steps: 8), shifted(3), shifted(9),
        LaneSettings(.rk4, steps: 64),
      ], matching: .evaluations, mode: .loop),
  ]

  private static func map(
    _ objective: Objective
  ) -> @Sendable (inout Experiment) -> Void {
    { experiment in
      experiment.objective = objective
      experiment.widths = [128, 128, 128]
    }
  }

  private static let bent: LaneSettings = {
    var settings = LaneSettings(.midpoint, steps: 8)
    settings.grid = .best
    return settings
  }()

  private static func shifted(_ shift: Double) -> LaneSettings {
    var settings = LaneSettings(.midpoint, steps: 8)
    settings.grid = .shift(shift)
    return settings
  }
}
