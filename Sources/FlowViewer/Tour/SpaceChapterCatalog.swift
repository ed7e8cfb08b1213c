import FlowMatching

extension Chapter {
  /// What came before flow matching.
  static let before: [Chapter] = [
    Chapter(
      "before", "What came before", of: "two-trainings",
      [
        Scene(
          "Flows are older than flow matching. They learned by likelihood, right: every step "
            + "solves the data back to noise to see how surprised it is.", Stage(t: 1)),
        Scene(
          "Same time for both: how many steps at the left for one at the right?",
          until: [Claim("NLL of matching", above: -9)],
          guess: Guess("about 2", "about 10", "about 50", right: 3),
          then: "About fifty: flow matching needs no solve to learn, only to sample. It has "
            + "done {steps of matching} steps, the other {step}.",
          shows: [Claim("steps of matching", above: 20, times: "step")]),
        Scene(
          "After equal time, how surprised is each by new data? (NLL, less is better)",
          then: "NLL is {NLL of matching} at the left and {NLL} at the right; the truth's own is "
            + "{floor}. Same network, same time.",
          shows: [
            Claim("NLL", above: 1, times: "floor"),
            Claim("NLL of matching", above: 1, times: "floor"),
          ]),
      ])
  ]

  /// Other spaces than the plane.
  static let otherSpaces: [Chapter] = [
    Chapter(
      "globe", "Flows on a globe", of: "land", isLong: true,
      [
        Scene(
          "Noise spread evenly over a globe: {on data} of the dots lie on land, as land is that "
            + "much of the earth.", Stage(t: 0), shows: [Claim("on data", above: 22)]),
        Scene(
          "Everything is as in the plane, but ways are great circles and arrows lie along the "
            + "surface. It learns for a minute or two.", Stage(t: 1),
          until: [Claim("on data", above: 60)],
          then: "Continents appear: {on data} of the dots are on land now, and more as training "
            + "goes on.", shows: [Claim("on data", above: 60)]),
        Scene(
          "Watch when it happens: for most of t nothing has a shape. Land appears at the very "
            + "end. A drag, or ( and ), turn the globe.", Stage(t: 0, plays: .loop)),
      ]),
    Chapter(
      "doughnut", "A world without edges", of: "wrap-around",
      [
        Scene(
          "Left a square whose opposite edges are one; glued together it is the doughnut at the "
            + "right. {on data} of the noise is on data.", Stage(t: 0),
          shows: [Claim("on data", above: 40), Claim("on data", below: 60)]),
        Scene(
          "A dot near the right edge is to reach one near the left edge. Which way?",
          guess: Guess("back through the middle", "out over the edge", right: 2),
          then: "Over the edge: there it goes on at the other side. The white ways show some "
            + "that do."),
        Scene(
          "It learns the squares of a checkerboard.", Stage(t: 1),
          until: [Claim("on data", above: 70)],
          then: "{on data} of the dots lie on the squares by now; half of the noise did. "
            + "The recipe of the plane holds here too.", shows: [Claim("on data", above: 70)]),
      ]),
    Chapter(
      "letters", "Letters that jump", of: "words-alone", isLong: true,
      [
        Scene(
          "Letters cannot move a little: they jump. All are blanks at first; more and more are "
            + "set. Those of one step are chosen without seeing each other.",
          Stage(t: 0, plays: .loop)),
        Scene(
          "All letters set in ONE step: how many of the words are real ones?",
          until: [Claim("real words in 128", above: -1)],
          guess: Guess("most", "about half", "fewer than one in five", right: 3),
          then: "{real words in 1} in one step, {real words in 8} in 8, {real words in 128} in "
            + "128, though each letter's odds are exactly right.",
          shows: [
            Claim("real words in 1", below: 20),
            Claim("real words in 128", above: 3, times: "real words in 1"),
          ]),
        Scene(
          "So it is not the network that errs but the step that is too long: the same trade as "
            + "with solvers of flows.", Stage(plays: .loop)),
      ]),
    Chapter(
      "digits", "Pictures: digits from noise", of: "digits", isLong: true,
      [
        Scene(
          "A picture has many numbers. A second network packs it into eight first; the flow "
            + "moves those, and they are unpacked to be seen.", Stage(t: 0, plays: .loop)),
        Scene(
          "Each column asks for its own digit: the network is told which. It learns for about a "
            + "minute.", until: [Claim("right digits", above: 80)],
          then: "{right digits} of the pictures are now read as the digit that was asked for. "
            + "Noise became handwriting.", shows: [Claim("right digits", above: 80)]),
      ]),
    Chapter(
      "molecules", "Molecules, and mending what is wrong", of: "dw4", isLong: true,
      [
        Scene(
          "Four atoms that attract and repel. Physics tells how likely each shape is, so the "
            + "flow's own mistakes can be computed.", Stage(t: 1)),
        Scene(
          "Give each molecule a weight: more where the flow makes it too rarely, less where too "
            + "often. It learns for a minute or two.",
          until: [Claim("effective share", above: 2)],
          then: "With weights every average is right; the price is that only {effective share} % "
            + "of the molecules count. Training raises it.",
          shows: [Claim("effective share", above: 2)]),
      ]),
  ]

  /// The last chapter.
  static let oneStep = Chapter(
    "one-step", "One step is enough", of: "one-step", isLong: true,
    [
      Scene(
        "What does ONE long Euler step along the exact arrows make, left?",
        Stage(
          t: 1,
          lanes: [
            LaneSettings(.euler, steps: 1, along: .exact), .exactJumps(1),
          ], matching: .time),
        guess: Guess("a rough picture of the data", "all dots in one spot", right: 2),
        then: "All in one spot: at t = 0 nothing is decided, and every arrow points at the "
          + "average of all data.",
        shows: [Claim("spread 1", below: 0.2, times: "spread 2")]),
      Scene(
        "Right, a flow map: it is told a place and two times, and says where the dot will be at "
          + "the second. One question, the exact answer."),
      Scene(
        "A network learns such a map (first lane) from nothing but noise, data and two times. "
          + "Beside it 64 steps of RK4.",
        Stage(t: 1, lanes: [.jumps(1), LaneSettings(.rk4, steps: 64)], matching: .time),
        until: [Claim("w2 1", below: 0.6)],
        then: "One jump, one question to the network: its samples are {w2 1} from the data, 64 "
          + "steps are {w2 2}. That is where research goes.",
        shows: [Claim("w2 1", below: 0.6)]),
    ])
}
