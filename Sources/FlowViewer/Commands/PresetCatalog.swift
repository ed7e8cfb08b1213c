import FlowMatching

extension Preset {
  /// Every preset, in the order in which a newcomer may look at them.
  public static let all: [Preset] =
    opening + lessons + guidance + maps + processes + interpolants + spaces + words
    + pictures + dimensions + posterior + populations

  private static let opening: [Preset] = [
    Preset(
      "first-look", "Noise becomes eight clusters",
      """
      A network learns a velocity; an ODE carries a Gaussian to eight clusters. The loss sinks to a \
      floor above 0: many pairs pass through one place in different directions, and a field can \
      only take their mean. What counts is the excess over that floor.
      """, mode: .loop),
    Preset(
      "start-colours", "Where does a cluster come from?",
      """
      The colour is the angle at which a particle started. Neighbours stay neighbours: the flow is \
      a continuous map without crossings, though the straight pairs that it was trained on cross \
      everywhere. To see those turn to the coupling view: press V twice.
      """, mode: .loop, scenery: { $0.colouring = .angle }),
    Preset(
      "crossing-pairs", "Straight pairs cross, paths do not",
      """
      Left the pairs as training draws them, right the same points matched at least cost. Fewer \
      crossings mean that the mean velocity is nearer to each pair's own: the floor of the loss \
      sinks and paths straighten. Scrub t to move along the pairs; o takes more of them.
      """, scenery: { $0.view = .coupling },
      arrange: { $0.playback.clock.seek(0.5) }),
    Preset(
      "semidiscrete", "Every place of the noise has one goal",
      """
      48 fixed draws stand for the data, and every place of the noise belongs to one of them: cells \
      bounded by straight lines, each with the same mass. Which is proved: masses equal weights, and no \
      plan costs less than the dual says. Matched batches cost more, the smaller the more: at the right.
      """, experiment: { $0.coupling = .semidiscrete(points: 48) },
      scenery: { $0.view = .coupling }),
    Preset(
      "field-error", "Where is the network wrong?",
      """
      The exact field of this target is known, so its error can be seen. It is worst where paths \
      part: in the middle, where a small step to one side decides for another cluster, and late, \
      when the field becomes steep. Scrub t and watch the field error over t.
      """, scenery: { $0.view = .field }, arrange: { $0.playback.clock.seek(0.75) }),
    Preset(
      "divergence", "Where the flow spreads and gathers",
      """
      The divergence of the field: orange spreads, blue gathers. Density along a path changes by \
      minus its integral, which is how a likelihood is computed. Near t = 1 the clusters are blue \
      sinks in between orange ridges.
      """, mode: .pingPong,
      scenery: {
        $0.view = .field
        $0.heat = .divergence
      }),
    Preset(
      "torn-grid", "A square grid through the flow",
      """
      A grid of the noise, carried along. The map must stay one to one, so the hole in the middle \
      is made by stretching a few cells over it enormously: orange strokes, ln det up to 6. Tearing \
      is what a smooth flow cannot do.
      """, mode: .pingPong, scenery: { $0.view = .warp }),
    Preset(
      "solver-race", "Four solvers, the same cost",
      """
      One noise and one field, eight evaluations each: Euler takes eight steps, midpoint four, RK4 \
      two. The colour is the distance from the exact end. Higher order wins as soon as steps are \
      small; the slopes of work and precision are the orders.
      """,
      lanes: [
        LaneSettings(.euler, steps: 8), LaneSettings(.midpoint, steps: 4),
        LaneSettings(.rk4, steps: 2), LaneSettings(.dormandPrince, toleranceExponent: -3),
      ], matching: .evaluations),
    Preset(
      "adaptive-steps", "An adaptive solver at work",
      """
      Dormand–Prince, left, chooses its steps, which the time line marks: long where the field is \
      smooth, short where it turns, and × where a step was too bold and tried again. Right midpoint \
      with equal steps. N tightens the tolerance of the focused lane.
      """,
      lanes: [
        LaneSettings(.dormandPrince, toleranceExponent: -4), LaneSettings(.midpoint, steps: 16),
      ]),
    Preset(
      "moons-density", "The density of two moons",
      """
      log p by a solve back to the noise, with the divergence along the way. It integrates to 1 by \
      construction, and there is a faint bridge between the moons: a continuous flow cannot cut \
      the plane in two. Click anywhere to ask for the density there.
      """, experiment: { $0.dataset = "moons" }, scenery: { $0.view = .density }),
    Preset(
      "checkerboard", "Sharp edges are hard",
      """
      Eight uniform squares. The density jumps at their edges, a smooth field cannot: particles \
      stay in the gaps for long. More units and more steps help slowly; compare the distance with \
      its noise floor.
      """, mode: .loop,
      experiment: {
        $0.dataset = "checkerboard"
        $0.widths = [128, 128, 128]
      }),
    Preset(
      "spirals", "Two spirals, and paths that curl",
      """
      Straight pairs do not make straight paths: see the whole ways of six particles. On the way each \
      follows the mean of all pairs near it, which turns as t grows. f follows a single one, and says \
      how straight its way is.
      """, mode: .loop, experiment: { $0.dataset = "2spirals" }, scenery: { $0.trails = true }),
    Preset(
      "space-time", "One coordinate over time",
      """
      Paths of the first coordinate from noise, at the left, to data. They never cross in the \
      plane, but their shadows do. The schedule beside them says how much of the data there is at t, \
      the amplification why predicting noise is hard early and predicting data late.
      """, scenery: { $0.view = .paths }),
    Preset(
      "kinked-density", "SELU's kinks in a density",
      """
      SELU's derivative jumps at 0. The velocity is continuous, but its divergence, the colour, jumps \
      along creases that SiLU, tanh or softplus do not have. The density (h) is made of it; a tight \
      adaptive solve of a likelihood crawls along the creases.
      """,
      experiment: {
        $0.dataset = "moons"
        $0.activation = .selu
      },
      scenery: {
        $0.view = .field
        $0.heat = .divergence
      }, arrange: { $0.playback.clock.seek(0.8) }),
  ]
}
