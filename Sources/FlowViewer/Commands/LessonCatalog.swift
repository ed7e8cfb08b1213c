import FlowMatching

extension Preset {
  /// The presets that each make one statement of the theory visible.
  static let lessons: [Preset] = [
    Preset(
      "likelihood", "The ancestor: a flow by maximum likelihood",
      """
      No paths and no pairs: every step solves the data backward to noise in 10 steps, with the \
      trace of the Jacobian, and goes back through the solver for the gradient. NLL falls towards \
      the entropy of the data. The second curve is flow matching with the same network on the same \
      clock: some fifty of its steps for one of these.
      """, mode: .loop,
      experiment: {
        $0.dataset = "moons"
        $0.objective = .likelihood
        $0.likelihood.besideMatching = true
        beQuick(&$0)
      }),
    Preset(
      "two-trainings", "Flow matching and likelihood, one clock",
      """
      The same network from the same weights, twice: left by flow matching, right by likelihood, in \
      turns of equal work. One step of the right costs some fifty of the left, whose particles are \
      at the moons before the other has begun. M turns the chart from seconds to evaluations.
      """, lanes: [.matching, LaneSettings(.midpoint, steps: 20)], mode: .loop,
      experiment: {
        $0.dataset = "moons"
        $0.objective = .likelihood
        $0.likelihood.besideMatching = true
        beQuick(&$0)
      }, arrange: { $0.rewind() }),
    Preset(
      "affine-layers", "A flow of eight layers",
      """
      RealNVP, before any ODE: a layer keeps one coordinate and moves the other by what a network \
      makes of the kept one, so it is undone exactly and its log-determinant is a sum. The grid \
      shows each layer shear the plane, along one axis and then the other; ← and → stop between.
      """, lanes: [LaneSettings(.rk4, steps: 32), LaneSettings(.rk4, steps: 32)], mode: .loop,
      experiment: {
        $0.dataset = "moons"
        $0.model = .affineLayers(8)
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
      """, mode: .loop, experiment: { $0.widths = [16, 16] },
      scenery: { $0.chartsExcess = true }),
    Preset(
      "loss-floor", "Why the loss does not reach zero",
      """
      The loss stops at a floor that is known exactly: the variance of the pairs' velocities around \
      their mean. Follow the excess instead; it is the field's own error and goes on to sink when \
      the loss seems to rest.
      """, mode: .loop, scenery: { $0.chartsExcess = true }),
    Preset(
      "marginal-mean", "The field is an average",
      """
      Follow one particle (the rays): each ray leads to a cluster where it may still end, as bright \
      as that is probable. The velocity is the mean over all of them, and only late does one ray \
      stay. Scrub t, and press f for another particle.
      """,
      arrange: {
        $0.playback.clock.seek(0.4)
        $0.particles.update(.follow(7))
      }),
    Preset(
      "exact-world", "Drag the data: the exact field follows",
      """
      Nothing is trained: the velocity is known exactly. Drag a cluster, or choose one by Tab and move it by \
      the arrows: field, particles, the floor of the loss, the cost of the way and the solvers' errors follow \
      at once. Click on empty ground: a particle is dropped there, and its whole way is drawn. b saves the data.
      """,
      scenery: { $0.view = .world },
      arrange: {
        $0.playback.clock.seek(0.5)
        $0.prepareWorld()
        $0.world?.drop(ExactWorld.Drop(t: 0.5, x: 0.35, y: 0.5))
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
        $0.coupling = .optimalTransport
      }),
    Preset(
      "euler-midpoint", "Euler against midpoint at equal cost",
      """
      Sixteen evaluations each: Euler spends them on sixteen steps, midpoint on eight that look \
      half a step ahead. The strokes join each particle with where midpoint has it. Halving the \
      step halves Euler's error and quarters midpoint's: the slopes of work and precision.
      """,
      lanes: [LaneSettings(.euler, steps: 16), LaneSettings(.midpoint, steps: 8)],
      matching: .evaluations, scenery: { $0.joins = true }),
    Preset(
      "noise-prediction", "Predicting noise blows up at t = 0",
      """
      This network predicts the noise. A velocity is made of it by a division by α, which is 0 at \
      the start: an error that is small in the noise grows D/α times (amplification, field error), \
      and so its paths, the left ones, jump at t = 0 and end in wrong places. Beside them the same \
      steps along the exact field, which a network that predicts velocities comes near (↓ sets that).
      """,
      lanes: [
        LaneSettings(.euler, steps: 10), LaneSettings(.euler, steps: 10, along: .exact),
      ], experiment: { $0.prediction = .source }, scenery: { $0.view = .paths }),
    Preset(
      "one-to-all", "From one data point to all",
      """
      Four exact fields from one noise. With one data point every particle goes straight to it, as \
      a pair does in training. With more, a particle is drawn to the mean of where it may still \
      end: rays, as bright as that is probable. All points together make the marginal field, which \
      a network learns though it only ever sees single pairs. f follows another particle.
      """,
      lanes: [
        LaneSettings(.midpoint, steps: 32, along: .points(1)),
        LaneSettings(.midpoint, steps: 32, along: .points(2)),
        LaneSettings(.midpoint, steps: 32, along: .points(8)),
        LaneSettings(.midpoint, steps: 32, along: .exact),
      ], mode: .pingPong,
      arrange: {
        $0.playback.clock.seek(0.45)
        $0.particles.update(.follow(7))
      }),
    Preset(
      "score", "What the score is",
      """
      The arrows are the score, the gradient of log p_t, which is the colour: from everywhere they \
      climb to where particles are dense. It is no other field but made of the velocity, \
      s = (αv − α′x)/(σD). u turns the arrows to the velocity and to the difference; scrub t and \
      see the single hill of the noise part into those of the data.
      """,
      scenery: {
        $0.view = .field
        $0.heat = .logDensity
        $0.arrows = .score
      }, arrange: { $0.playback.clock.seek(0.6) }),
    Preset(
      "many-velocities", "Many velocities, one p_t",
      """
      The colour is where a particle started. The second and third lane add the score turned by \
      90°, which flows along the level lines of p_t: the hues wander round to other clusters, yet \
      each cloud has the same density. The last lane adds the score unturned, a control: its cloud \
      crowds together, p_t is another.
      """,
      lanes: [
        LaneSettings(.midpoint, steps: 48),
        LaneSettings(.midpoint, steps: 48, along: .swirl(2)),
        LaneSettings(.midpoint, steps: 48, along: .swirl(5)),
        LaneSettings(.midpoint, steps: 48, along: .score(1)),
      ], mode: .once, scenery: { $0.colouring = .angle }),
    Preset(
      "reflow", "Reflow: one step is enough",
      """
      Half of the training goes as always, and one step of Euler ends in the mean of everything. \
      Then the pairs are drawn anew: noise, and where the flow itself has carried it. These pairs \
      hardly cross, so the loss falls far below its old floor (the mark), the paths straighten, and \
      one step lands on the data.
      """,
      lanes: [
        LaneSettings(.euler, steps: 1), LaneSettings(.dormandPrince, toleranceExponent: -4),
      ], reflow: 0.5, experiment: { $0.steps = 24_000 }),
    Preset(
      "ode-sde", "ODE and SDE, one distribution",
      """
      Left the ODE, right an SDE with the same field and its score. The colour is where a particle \
      started: left the hues keep their order, right the noise mixes them, and yet both clouds have \
      the same density at every t. z changes the noise: any g(t) does.
      """,
      lanes: [LaneSettings(.midpoint, steps: 32), .noisy], mode: .loop,
      scenery: { $0.colouring = .angle }),
    Preset(
      "schedule-change", "Another schedule after training",
      """
      One trained field under two schedules. The paths of both are the same curves, scaled and \
      passed at another speed, and end in the same places: on the way the clouds differ. c goes through \
      the schedules; with few steps some are much easier to solve. The colour is where a particle started.
      """,
      lanes: [LaneSettings(.midpoint, steps: 16), .cosine], mode: .pingPong,
      scenery: { $0.colouring = .angle }),
    Preset(
      "stiff-field", "A stiff field, where adaptive wins",
      """
      A diffusion's schedule lets nothing happen for long and crams the way into the last tenth of \
      t. Dormand–Prince, left, takes long steps and then short ones, as the time line shows; equal \
      steps, right, are too short at the start and too long at the end. For as many evaluations it \
      ends several times as near. The colour is where a particle started.
      """,
      lanes: [
        LaneSettings(.dormandPrince, toleranceExponent: -4), LaneSettings(.rk4, steps: 16),
      ], experiment: { $0.scheduler = .linearVP }, scenery: { $0.colouring = .angle }),
    Preset(
      "identities", "The theory in numbers",
      """
      Each row is an identity of flow matching, its two sides computed apart; J and K turn the rows. \
      “no unique velocity”: the score turned by 90° can be added to the velocity and no density changes; \
      unturned it can not, which is a control.
      """, scenery: { $0.view = .theory }),
    Preset(
      "large-steps", "A learning rate that is too large",
      """
      Adam with 0.03 jumps about: the single losses scatter, and averaging the weights is what \
      saves the picture. The averaged weights draw everything here, the raw losses are the dots.
      """, mode: .loop, experiment: { $0.learningRate = 0.03 }),
  ]

  /// A network and batches so small that a flow by likelihood gets somewhere while one looks.
  private static func beQuick(_ experiment: inout Experiment) {
    experiment.likelihood.steps = 10
    experiment.widths = [32, 32]
    experiment.batch = 128
    experiment.learningRate = 3e-3
  }
}
