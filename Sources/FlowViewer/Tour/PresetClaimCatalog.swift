extension Preset {
  /// What a preset says in numbers of the state: true in a replay once training has got somewhere.
  var claims: [Claim] { Preset.claims[name] ?? [] }

  private static let claims: [String: [Claim]] =
    claimsOfFlows.merging(claimsOfLessons) { $1 }.merging(claimsOfLanes) { $1 }
    .merging(claimsOfSpaces) { $1 }

  private static let claimsOfFlows: [String: [Claim]] = [
    "first-look": [Claim("near", above: 65), Claim("loss", above: 0.95, times: "floor")],
    "start-colours": [Claim("near", above: 65), Claim("coloured by start", above: 0.5)],
    "crossing-pairs": [Claim("crossings matched", below: 0.3, times: "crossings by chance")],
    "semidiscrete": [
      Claim("certificate holds", above: 0.5),
      Claim("cost of 16", above: 1.3, times: "semidiscrete cost"),
      Claim("cost of 1024", below: 0.8, times: "cost of 16"),
    ],
    "field-error": [
      Claim("shows field error", above: 0.5), Claim("greatest field error", above: 0.05),
    ],
    "divergence": [Claim("least divergence", below: -1)],
    "torn-grid": [Claim("areas apart", above: 8)],
    "solver-race": [
      Claim("error 1", above: 1, times: "error 2"), Claim("order 1", below: 1.7),
      Claim("order 3", above: 1.5, times: "order 1"),
    ],
    "adaptive-steps": [
      Claim("rejects 1", above: 0.5), Claim("uneven steps 1", above: 1.5),
      Claim("uneven steps 2", below: 1.1),
    ],
    "moons-density": [Claim("mass", above: 0.97), Claim("mass", below: 1.03)],
    "checkerboard": [Claim("w2", above: 1, times: "w2 of noise")],
    "spirals": [Claim("trails", above: 0.5), Claim("bend 1", above: 1.05)],
    "space-time": [Claim("shows schedule", above: 0.5), Claim("shows amplification", above: 0.5)],
    "kinked-density": [Claim("crease", above: 8)],
  ]

  private static let claimsOfLessons: [String: [Claim]] = [
    "likelihood": [
      Claim("steps of matching", above: 20, times: "step")
    ],
    "two-trainings": [
      Claim("steps of matching", above: 20, times: "step")
    ],
    "affine-layers": [Claim("NLL", above: 1, times: "floor"), Claim("NLL", below: 4)],
    "tiny-network": [Claim("shows excess", above: 0.5), Claim("excess", above: 0.02)],
    "loss-floor": [
      Claim("shows excess", above: 0.5), Claim("loss", above: 0.95, times: "floor"),
      Claim("excess", below: 0.1, times: "floor"),
    ],
    "exact-world": [
      Claim("step", below: 100), Claim("world share", above: 99),
      Claim("world flow", below: 1, times: "world random pairs"),
      Claim("world Euler", above: 3, times: "world RK4"), Claim("world floor", above: 0.5),
    ],
    "marginal-mean": [Claim("goals", above: 1.5), Claim("likeliest", below: 99)],
    "straight-pairs": [
      Claim("bend 2", below: 1.1), Claim("error 1", below: 0.5), Claim("loss", below: 1.2),
    ],
    "euler-midpoint": [
      Claim("error 1", above: 2, times: "error 2"), Claim("order 2", above: 1.4),
      Claim("order 1", below: 1.4),
    ],
    "noise-prediction": [
      Claim("shows amplification", above: 0.5), Claim("way 1", above: 2, times: "way 2"),
      Claim("error 1", above: 1),
    ],
    "one-to-all": [
      Claim("spread 1", below: 0.75, times: "spread 4"), Claim("goals", above: 1.5),
    ],
    "score": [Claim("heat is log p", above: 0.5)],
    "many-velocities": [Claim("spread 4", below: 0.97, times: "spread 1")],
    "reflow": [Claim("loss", below: 0.5, times: "former floor")],
    "ode-sde": [Claim("w2 2", below: 1.5, times: "w2 1"), Claim("coloured by start", above: 0.5)],
    "schedule-change": [Claim("spread 2", above: 1.1, times: "spread 1")],
    "stiff-field": [Claim("uneven steps 1", above: 3), Claim("uneven steps 2", below: 1.1)],
    "identities": [Claim("identities that hold", above: 14.5)],
    "large-steps": [Claim("scatter of losses", above: 0.01)],
  ]

  private static let claimsOfLanes: [String: [Claim]] = [
    "guidance": [
      Claim("overshoot 3", above: 0.2), Claim("overshoot 3", above: 1.3, times: "overshoot 4"),
      Claim("overshoot 1", below: 0.1),
    ],
    "guidance-noise": [
      Claim("overshoot 1", above: 1.3, times: "overshoot 3"),
      Claim("overshoot 2", above: 1, times: "overshoot 3"),
    ],
    "autoguidance": [Claim("spread 2", below: 1, times: "spread 1")],
    "guidance-interval": [
      Claim("overshoot 1", above: 1, times: "overshoot 2"),
      Claim("overshoot 2", above: 1, times: "overshoot 3"),
    ],
    "ot-across-classes": [Claim("off the class 1", above: 2, times: "off the class 2")],
    "one-step": [Claim("spread 2", below: 0.5, times: "spread 4")],
    "distilled-map": [Claim("error 1", below: 0.3), Claim("w2 1", below: 1.3, times: "w2 2")],
    "wrong-tangent": [
      Claim("w2 1", above: 3, times: "w2 2"), Claim("error 3", above: 0.3),
      Claim("w2 4", below: 1.3, times: "w2 2"),
    ],
    "target-noise": [Claim("longest ellipse", above: 1.3), Claim("ellipses apart", above: 1.5)],
    "map-residual": [Claim("residual apart", above: 3)],
    "shortcut-limit": [
      Claim("evaluations 2", above: 127), Claim("w2 1", below: 1.3, times: "w2 2"),
      Claim("error 2", below: 0.2, times: "error 1"),
    ],
    "steps-where-it-bends": [Claim("error 1", above: 1.2, times: "error 2")],
    "shifted-twice": [
      Claim("error 2", above: 1, times: "error 1"), Claim("error 3", above: 2, times: "error 2"),
    ],
    "three-processes": [Claim("same", above: 0.5)],
    "teleport": [Claim("same", below: 0.5)],
    "interpolant": [
      Claim("near", above: 60), Claim("bend 4", above: 1.5, times: "bend 1"),
      Claim("w2 4", below: 1.5, times: "w2 1"),
    ],
    "mended-drift": [Claim("spread 1", below: 0.95, times: "spread 4")],
    "any-noise": [Claim("same", above: 0.5)],
    "mirror": [Claim("return 1", below: 0.3, times: "return 3")],
  ]

  private static let claimsOfSpaces: [String: [Claim]] = [
    "land": [Claim("on data", above: 25)],
    "straight-lines": [Claim("depth 2", below: 0.9), Claim("depth 1", above: 0.999)],
    "cut-locus": [Claim("coloured by start", above: 0.5)],
    "wrap-around": [Claim("on data", above: 40)],
    "sphere-density": [
      Claim("mass on the space", above: 0.97), Claim("mass on the space", below: 1.03),
    ],
    "words": [Claim("real words in 128", above: 3, times: "real words in 1")],
    "words-from-noise": [Claim("real words in 128", above: 2, times: "real words in 1")],
    "words-alone": [
      Claim("real words in 1", below: 20),
      Claim("real words in 128", above: 3, times: "real words in 1"),
    ],
    "words-corrected": [
      Claim("t", above: 0.999), Claim("evaluations 2", above: 31),
      Claim("real words of 2", above: 1.1, times: "real words of 1"),
    ],
    "digits": [
      Claim("right digits", above: 60), Claim("digits narrowed at 2", below: 0.85),
      Claim("nearest learned digit", above: 0.95, times: "nearest of held-out"),
    ],
    "dw4": [Claim("effective share", above: 2)],
    "many-dimensions": [
      Claim("near", above: 60), Claim("rarest cluster", above: 4),
      Claim("variance seen", below: 90),
    ],
    "straighter": [
      Claim("NPE at 64", below: 0.2, times: "NPE at 2"), Claim("bend 1", below: 1.1),
    ],
    "every-batch": [Claim("trails", above: 0.5), Claim("scatter of targets", above: 2)],
    "posterior": [
      Claim("shows exact posterior", above: 0.5), Claim("w2", below: 3, times: "w2 of noise"),
    ],
    "posterior-uniform-t": [
      Claim("shows exact posterior", above: 0.5), Claim("w2", above: 1.5, times: "w2 of noise"),
    ],
    "action": [Claim("excess", below: 0.25), Claim("w2 1", below: 1.8, times: "w2 2")],
    "invisible-turn": [Claim("coloured by start", above: 0.5), Claim("way 1", below: 1)],
    "visible-turn": [
      Claim("coloured by start", above: 0.5), Claim("way 1", above: 8),
      Claim("return 1", below: 0.1, times: "way 1"),
    ],
  ]
}
