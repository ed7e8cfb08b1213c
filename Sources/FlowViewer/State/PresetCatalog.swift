import FlowMatching

extension Preset {
  /// Every preset, in the order in which a newcomer may look at them.
  public static let all: [Preset] = [
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
      everywhere. Turn to the coupling view (V V) to see them.
      """, mode: .loop, scenery: { $0.colouring = .angle }),
    Preset(
      "crossing-pairs", "Straight pairs cross, paths do not",
      """
      Left the pairs as training draws them, right the same points matched at least cost. Fewer \
      crossings mean that the mean velocity is nearer to each pair's own: the floor of the loss \
      sinks and paths straighten. Scrub t to move along the pairs; o takes more of them.
      """, scenery: { $0.view = .coupling }),
    Preset(
      "field-error", "Where is the network wrong?",
      """
      The exact field of this target is known, so its error can be seen. It is worst where paths \
      part: in the middle, where a small step to one side decides for another cluster, and late, \
      when the field becomes steep. Scrub t and watch the curve at the right.
      """, scenery: { $0.view = .field }),
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
      small; the slopes in the plot below are the orders.
      """,
      lanes: [
        LaneSettings(.euler, steps: 8), LaneSettings(.midpoint, steps: 4),
        LaneSettings(.rk4, steps: 2), LaneSettings(.dormandPrince, toleranceExponent: -3),
      ], matching: .evaluations),
    Preset(
      "adaptive-steps", "An adaptive solver at work",
      """
      Dormand–Prince chooses its steps: long where the field is smooth, short where it turns, and × \
      where a step was too bold and tried again. Beside it midpoint with equal steps. N tightens \
      the tolerance of the focused lane.
      """,
      lanes: [
        LaneSettings(.midpoint, steps: 16), LaneSettings(.dormandPrince, toleranceExponent: -4),
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
      The trails bend: straight pairs do not make straight paths. On the way every particle \
      follows the mean of all pairs near it, which turns as t grows. Speed is the colour.
      """, mode: .loop, experiment: { $0.dataset = "2spirals" },
      scenery: {
        $0.trails = true
        $0.colouring = .speed
      }),
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
      SELU's derivative jumps at 0. The velocity is continuous, but its divergence is not, and the \
      density shows creases that SiLU, tanh or softplus do not have. A tight adaptive solve of a \
      likelihood crawls along them.
      """,
      experiment: {
        $0.dataset = "moons"
        $0.activation = .selu
      }, scenery: { $0.view = .density }),
    Preset(
      "likelihood", "The ancestor: a flow by maximum likelihood",
      """
      No paths and no pairs: every step solves the data backward to noise in 20 steps, with the \
      trace of the Jacobian, and goes back through the solver for the gradient. NLL falls towards \
      the entropy of the data. The second curve is flow matching with the same network on the same \
      clock: a hundred of its steps for one of these.
      """, mode: .loop,
      experiment: {
        $0.dataset = "moons"
        $0.objective = .likelihood
        $0.likelihood.besideMatching = true
      }),
    Preset(
      "two-trainings", "Flow matching and likelihood, one clock",
      """
      The same network from the same weights, twice: left by flow matching, right by likelihood, in \
      turns of equal work. One step of the right costs a hundred of the left, whose particles are \
      at the moons before the other has begun. M turns the chart from seconds to evaluations.
      """, lanes: [.matching, LaneSettings(.midpoint, steps: 20)], mode: .loop,
      experiment: {
        $0.dataset = "moons"
        $0.objective = .likelihood
        $0.likelihood.besideMatching = true
      }, arrange: { $0.rewind() }),
    Preset(
      "couplings", "A flow of eight layers",
      """
      RealNVP, before any ODE: a layer keeps one coordinate and moves the other by what a network \
      makes of the kept one, so it is undone exactly and its log-determinant is a sum. The grid \
      shows each layer shear the plane, along one axis and then the other; ← and → stop between.
      """, lanes: [LaneSettings(.rk4, steps: 32), LaneSettings(.rk4, steps: 32)], mode: .loop,
      experiment: {
        $0.dataset = "moons"
        $0.model = .couplings(8)
        $0.objective = .likelihood
        $0.widths = [64, 64]
      }, scenery: { $0.view = .warp },
      arrange: {
        // On the way layers reach further than the data.
        $0.zoom(by: 0.8)
        $0.rewind()
      }),
    Preset(
      "tiny-network", "How small can a network be?",
      """
      Two layers of 16 units learn the clusters' places in seconds and never their sharpness: the \
      excess stops far above 0. Widen it in the list of parameters (↓) and compare the curves.
      """, mode: .loop, experiment: { $0.widths = [16, 16] }),
    Preset(
      "loss-floor", "Why the loss does not reach zero",
      """
      The loss stops at a floor that is known exactly: the variance of the pairs' velocities around \
      their mean. Follow the excess instead; it is the field's own error and goes on to sink when \
      the loss seems to rest.
      """, mode: .loop, scenery: { $0.trails = true }),
    Preset(
      "marginal-mean", "The field is an average",
      """
      Follow one particle (the rays): each ray leads to a cluster where it may still end, as bright \
      as that is probable. The velocity is the mean over all of them, and only late does one ray \
      stay. Scrub t, and press f for another particle.
      """,
      arrange: {
        $0.clock.seek(0.4)
        $0.picked = 7
      }),
    Preset(
      "straight-pairs", "Optimal transport straightens",
      """
      Each batch is paired at least cost before it is trained on. Fewer pairs cross, the mean \
      velocity is nearly each pair's own, and the floor of the loss sinks. Euler with two steps \
      comes close; R and the coupling of the parameters show the difference.
      """,
      lanes: [
        LaneSettings(.euler, steps: 2), LaneSettings(.dormandPrince, toleranceExponent: -4),
      ],
      experiment: {
        $0.coupling = CouplingChoice.all.first { $0 != .independent } ?? .independent
      }),
    Preset(
      "euler-midpoint", "Euler against midpoint at equal cost",
      """
      Sixteen evaluations each: Euler spends them on sixteen steps, midpoint on eight that look \
      half a step ahead. The strokes join each particle with where midpoint has it. Halving the \
      step halves Euler's error and quarters midpoint's: the slopes below.
      """,
      lanes: [LaneSettings(.euler, steps: 16), LaneSettings(.midpoint, steps: 8)],
      matching: .evaluations, scenery: { $0.joins = true }),
    Preset(
      "ode-sde", "ODE and SDE, one distribution",
      """
      Left the ODE, right an SDE with the same field and its score. No particle ends where its \
      twin does, and yet both clouds have the same density at every t. z changes the noise: any \
      g(t) does.
      """,
      lanes: [LaneSettings(.midpoint, steps: 32), .noisy], mode: .loop),
    Preset(
      "schedule-change", "Another schedule after training",
      """
      One trained field under two schedules. The paths of both are the same curves, scaled and \
      passed at another speed, and end in the same places. c goes through the schedules; with few \
      steps some schedules are much easier to solve.
      """,
      lanes: [LaneSettings(.midpoint, steps: 16), .cosine], mode: .pingPong),
    Preset(
      "stiff-field", "A stiff field, where adaptive wins",
      """
      A diffusion's schedule crams the whole way into the last tenth of t. Equal steps waste their \
      evaluations on the start and are too long at the end; Dormand–Prince takes its time where it \
      is needed.
      """,
      lanes: [
        LaneSettings(.rk4, steps: 8), LaneSettings(.dormandPrince, toleranceExponent: -3),
      ], experiment: { $0.scheduler = .variancePreserving }),
    Preset(
      "identities", "The theory in numbers",
      """
      Each identity of flow matching, its two sides computed apart. Note 15: the score turned by \
      90° can be added to the velocity and no density changes, so that many velocities have one \
      p_t; unturned it can not, which is a control.
      """, scenery: { $0.view = .theory }),
    Preset(
      "large-steps", "A learning rate that is too large",
      """
      Adam with 0.03 jumps about: the single losses scatter, and averaging the weights is what \
      saves the picture. The averaged weights draw everything here, the raw losses are the dots.
      """, mode: .loop, experiment: { $0.learningRate = 0.03 }),
  ]
}
