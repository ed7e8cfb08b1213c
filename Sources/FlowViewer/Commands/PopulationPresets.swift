import FlowMatching

extension Preset {
  /// The presets of action matching, and of populations that are seen now and then.
  static let populations: [Preset] = [
    Preset(
      "action", "A field from snapshots alone",
      """
      No pair is ever seen: a potential s(x, t) is learned from draws of every p_t, and its slopes are the \
      velocity. The action that falls is minus half the kinetic energy at best, its floor; from a Gaussian with \
      independent pairs the field is flow matching's own, so the excess tells how far it still is. Left the learned \
      slopes, right the exact field.
      """,
      lanes: [
        LaneSettings(.midpoint, steps: 20),
        LaneSettings(LaneSolver(.midpoint), steps: 20, along: .exact),
      ],
      experiment: { $0.choose(Objective.action) }),
    Preset(
      "invisible-turn", "A turn that no snapshot shows",
      """
      A ring turns once, and every snapshot of it looks like the last. Action matching knows the snapshots alone, \
      and of all flows with these p_t it finds the one of least energy: nothing moves. Each particle keeps the hue of its start. \
      Nothing in the data is against it: who turns cannot be seen without knowing who is who.
      """,
      experiment: {
        $0.choose(DatasetCatalog.turningRing)
        $0.coupling = .pairs
        $0.choose(Objective.action)
      },
      scenery: {
        $0.colouring = .angle
        $0.trails = true
      }),
    Preset(
      "visible-turn", "The same ring, with names",
      """
      The same snapshots, but each row is the same member of the ring at every time (--coupling pairs). Flow \
      matching learns what they do, and the ring turns once. The p_t are those of the other preset to the last \
      digit, and W₂ between the ends is as small: what differs is the way, and no distance of clouds tells it.
      """,
      experiment: {
        $0.choose(DatasetCatalog.turningRing)
        $0.coupling = .pairs
      },
      scenery: {
        $0.colouring = .angle
        $0.trails = true
      }),
  ]
}
