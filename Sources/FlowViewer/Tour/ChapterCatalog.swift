import FlowMatching

extension Chapter {
  /// The chapters of the tour, in their order.
  public static let all: [Chapter] = basics + before + otherSpaces + [oneStep]

  private static let basics: [Chapter] = [
    Chapter(
      "flow", "What is a flow?", of: "first-look",
      [
        Scene(
          "Every dot is a particle. At t = 0 they lie at random around the middle: noise. "
            + "The grey patches are where the data lies.", Stage(t: 0)),
        Scene(
          "How could this round cloud of noise become eight clusters of data?",
          guess: Guess(
            "each dot is told its cluster", "arrows at every place carry it on", right: 2),
          then: "Arrows: a direction for every place and time, learned by a network. "
            + "It has had {step} steps of training by now."),
        Scene(
          "Now time runs from t = 0, noise, to t = 1, data. Each dot follows the arrow where it "
            + "is, whatever the others do.", Stage(t: 0, plays: .once),
          until: [Claim("t", above: 0.7)],
          then: "Now the clusters part: between two of them a small step to one side decides "
            + "which one a dot will reach."),
        Scene(
          "This network has learned little yet and carries many dots astray. Training goes on.",
          until: [Claim("t", above: 0.999), Claim("near", above: 65)],
          then: "At t = 1, {near} of the dots are in a cluster. That is a flow: noise goes in, "
            + "new data comes out.",
          shows: [Claim("near", above: 65), Claim("rarest cluster", above: 6)]),
        Scene(
          "The colour is now where a dot started. Will neighbours stay neighbours?",
          Stage(t: 0, plays: .once, scenery: { $0.colouring = .angle }),
          guess: Guess("nearly always", "no, they get mixed", right: 1),
          then: "Nearly always: a flow stretches the cloud like rubber. Two dots are never in one "
            + "place at one time, so the colours keep their order."),
      ]),
    Chapter(
      "floor", "Why the loss does not reach 0", of: "loss-floor",
      [
        Scene(
          "The loss says how wrong the arrows are on average. Training lowers it: the chart of "
            + "the loss shows how.", Stage(), until: [Claim("step", above: 700)],
          then: "The loss has fallen to {loss} and now hardly changes. Has training stopped "
            + "working?"),
        Scene(
          "Where does the loss end if we train for a very long time?",
          guess: Guess("at 0", "well above 0", right: 2),
          then: "Well above 0: at {floor}, its floor, dashed in the chart. No network at all can "
            + "do better. Next: why.",
          shows: [Claim("floor", above: 0.5), Claim("loss", above: 0.95, times: "floor")]),
        Scene(
          "A training step draws noise and data by chance, as at the left, and asks for the "
            + "straight line between the two.",
          Stage(t: 0.5, scenery: { $0.view = .coupling })),
        Scene(
          "Many of these lines cross. Where they do, one arrow is to point in several directions: it "
            + "cannot, and what remains is the floor."),
        Scene(
          "So look at the excess: how far the arrows are from the best possible ones. It is the "
            + "loss above its floor, measured without chance.",
          Stage(), until: [Claim("excess", below: 0.1, times: "floor")],
          then: "The excess is {excess} and sinks on while the loss seems to rest. That is how "
            + "to see whether training still works.",
          shows: [Claim("excess", below: 0.1, times: "floor"), Claim("shows excess", above: 0.5)]),
      ]),
    Chapter(
      "average", "The field is an average", of: "marginal-mean",
      [
        Scene(
          "One dot, stopped at t = 0.2. Rays lead to the clusters where it may still end, "
            + "brighter where that is likelier: {goals} are open.", Stage(t: 0.2, follows: 7),
          shows: [Claim("goals", above: 3)]),
        Scene(
          "Its arrow: where should it point now?",
          guess: Guess("to the likeliest cluster", "to the average of all", right: 2),
          then: "To the average of all that are open, likelier ones counting more. The loss is a "
            + "squared error, and such errors teach averages."),
        Scene(
          "Let time run and watch the rays: clusters that are out of reach fade away.",
          Stage(t: 0.2, plays: .once, follows: 7), until: [Claim("goals", below: 1.5)],
          then: "One ray is left at t = {t} ({likeliest}). Before, pairs of several clusters pass "
            + "the same place, and one arrow has to serve them all.",
          shows: [Claim("likeliest", above: 95)]),
        Scene(
          "In the left picture all data are one point: every dot flies straight at it. In the "
            + "right one dots are drawn to the average of all clusters first.",
          Stage(
            t: 0.45,
            lanes: [
              LaneSettings(.midpoint, steps: 32, along: .points(1)),
              LaneSettings(.midpoint, steps: 32, along: .exact),
            ], follows: 7), shows: [Claim("goals", above: 1.5)]),
      ]),
    Chapter(
      "solvers", "Following the arrows in steps", of: "solver-race",
      [
        Scene(
          "A computer follows arrows in steps. Two recipes for a step, called solvers, begin with "
            + "the same noise and the same arrows.", race(t: 0),
          until: [Claim("step", above: 700)],
          then:
            "Each may ask the network 8 times for every dot: Euler in 8 plain steps, midpoint in "
            + "4 longer ones that look half-way ahead."),
        Scene(
          "Which one ends nearer to where the arrows really lead?", race(t: 1),
          guess: Guess("Euler, its steps are shorter", "midpoint, it looks ahead", right: 2),
          then:
            "Midpoint: off by {error 2}, Euler by {error 1}. Arrows turn on the way, and a look "
            + "ahead is worth more than short steps.",
          shows: [Claim("error 1", above: 1.5, times: "error 2")]),
        Scene(
          "How fast does an error fall when the steps get shorter? The curves of error over work "
            + "are being measured …",
          until: [Claim("order 2", above: 1.4)],
          then: "With steps half as long Euler's error halves and midpoint's becomes a quarter: "
            + "order 1 and 2. Measured: {order 1} and {order 2}.",
          shows: [Claim("order 1", above: 0.6), Claim("order 2", above: 1.4)]),
        Scene(
          "The left one, Dormand–Prince, chooses its steps itself, see the time line: long where "
            + "arrows hardly turn, short where they do.",
          Stage(
            t: 1,
            lanes: [
              LaneSettings(.dormandPrince, toleranceExponent: -4),
              LaneSettings(.midpoint, steps: 16),
            ], matching: .time),
          until: [Claim("rejects 1", above: 0.5), Claim("error 1", below: 0.02)],
          then:
            "× in the time line: steps that were too bold and taken again, {rejects 1} of them. "
            + "It asks {evaluations 1} times and is off by only {error 1}.",
          shows: [
            Claim("rejects 1", above: 0.5), Claim("uneven steps 1", above: 1.5),
            Claim("error 1", below: 0.02),
          ]),
      ]),
    Chapter(
      "coupling", "Better pairs, straighter ways", of: "straight-pairs",
      [
        Scene(
          "Back to the pairs of training. Left, noise and data are paired by chance, and the "
            + "lines between them cross {crossings by chance} times.",
          Stage(
            t: 0.5, lanes: [LaneSettings(.midpoint, steps: 20)],
            scenery: { $0.view = .coupling }),
          shows: [Claim("crossings by chance", above: 30)]),
        Scene(
          "Right, the same points paired for short ways. How often do they cross?",
          guess: Guess("half as often", "hardly ever", right: 2),
          then: "{crossings matched} crossings are left. This pairing is called optimal "
            + "transport: nothing is carried further than need be.",
          shows: [Claim("crossings matched", below: 0.15, times: "crossings by chance")]),
        Scene(
          "This network learns from such pairs. Few lines cross, so there is little to average: "
            + "dots go nearly straight.",
          Stage(
            t: 0, plays: .loop, lanes: [LaneSettings(.midpoint, steps: 20)],
            scenery: { $0.trails = true }), until: [Claim("step", above: 700)],
          then: "The whole ways of six dots are drawn: nearly straight. Along straight ways even a "
            + "crude solver cannot go far astray.", shows: [Claim("bend 1", below: 1.15)]),
        Scene(
          "Left, just two Euler steps; right, an accurate solver. How close is it?",
          Stage(),
          guess: Guess("far off", "close", right: 2),
          then:
            "Off by {error 1}, little beside the 2 from the middle to a cluster: straight ways "
            + "are what makes sampling cheap.",
          shows: [Claim("error 1", below: 0.4), Claim("error 1", above: 0.001)]),
      ]),
    Chapter(
      "likelihood", "How likely is a point?", of: "moons-density",
      [
        Scene(
          "A flow can run backward, from data to noise. Where it spreads dots thinly a point is "
            + "unlikely, where it packs them densely it is likely.",
          Stage(), until: [Claim("step", above: 700)],
          then: "Bright places are likely. See the faint bridge between the moons: a flow never "
            + "quite cuts the cloud in two."),
        Scene(
          "Add up the likelihood of all places of the plane. What comes out?",
          guess: Guess("exactly 1", "more, if it learned better", right: 1),
          then: "{mass}, up to the grid of the picture: a flow moves dots and neither makes nor "
            + "loses one, whatever was learned.",
          shows: [Claim("mass", above: 0.97), Claim("mass", below: 1.03)]),
        Scene(
          "New data comes along: how surprised is the model? The number for it is called NLL.",
          until: [Claim("surprise", above: -9)],
          then: "NLL is {surprise}. Even someone who knew the rule behind the data would be "
            + "surprised by {entropy}: only the difference can be learned away.",
          shows: [Claim("surprise", above: 1, times: "entropy")]),
      ]),
    Chapter(
      "diffusion", "Diffusion, the noisy relative", of: "three-processes",
      [
        Scene(
          "Three ways from noise to data. Left the flow; in the middle a diffusion, shaken all "
            + "the way; right dots that wait and leap.", Stage(t: 0, plays: .once),
          until: [Claim("t", above: 0.999)],
          then: "All three arrived. Six dots show their ways: smooth, rough, and with gaps where "
            + "they leap."),
        Scene(
          "Stop at t = 0.85. Do the three clouds differ?", Stage(t: 0.85),
          until: [Claim("same", above: -1)],
          guess: Guess("yes, of course", "no, not at all", right: 2),
          then: "No, by no more than chance would make them. The theory says so for every t: the "
            + "clouds have one shape, only the ways differ.",
          shows: [Claim("same", above: 0.5)]),
        Scene(
          "So the dots of a trained flow may be shaken on the way: a pull towards places where "
            + "dots are dense makes up for the shaking."),
      ]),
  ]

  private static func race(t: Double) -> Stage {
    Stage(
      t: t,
      lanes: [
        LaneSettings(.euler, steps: 8), LaneSettings(.midpoint, steps: 4),
      ], matching: .time)
  }
}
