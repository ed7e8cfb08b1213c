import FlowMatching

extension Preset {
  /// What more dimensions change, and what a target is that changes with every batch.
  static let dimensions: [Preset] = [
    Preset(
      "dw4", "Four particles, and what symmetry buys",
      """
      Four particles in the plane, between every pair of which are two wells. The network is told of pairs \
      and lets them hear of each other, so that its forces turn, mirror and renumber with the molecule; pairs \
      of noise and data are as near as those motions bring them. Each sample's weight \
      exp(−E)/p repairs what the model gets wrong: the effective sample says how much that takes.
      """,
      lanes: [LaneSettings(.midpoint, steps: 40)],
      experiment: {
        $0.choose(DatasetCatalog.dw4)
        $0.learningRate = 2e-3
        $0.learningRateDecay = .cosine
        $0.steps = 40_000
      }, scenery: { $0.view = .molecules }),
    Preset(
      "many-dimensions", "Points of sixteen coordinates",
      """
      Eight clusters at the corners of a box that lies askew in 16 dimensions, seen along the two axes \
      where they vary most; the border says how much of the variance that is. Two coordinates (: axes 1,3) \
      mix the clusters up, though the network learns them all. What needs the plane says so.
      """,
      experiment: { $0.choose(DatasetCatalog.gaussians16) }),
    Preset(
      "straighter", "Straighter in high dimension",
      """
      Two clusters in 64 dimensions: a particle can tell early which is its own, and then goes straight. \
      The chart has the exact flows at d = 2, 4, 16 and 64: NPE falls as the clusters part by the root of d. \
      It is not d alone: with a cluster at every corner of the cube each coordinate bends as one by itself, \
      and nothing falls.
      """,
      experiment: {
        $0.choose(DatasetCatalog.clusters64)
        $0.steps = 4000
        $0.widths = [128, 128]
        $0.learningRateDecay = .cosine
      }, scenery: { $0.view = .paths }),
    Preset(
      "every-batch", "The target changes with every batch",
      """
      Noise and data alone say of no place how to go on. A chosen path does: a pair that passes there has \
      a velocity. But the next batch has another pair, and so another target (blue). What stays is their \
      mean (orange): the field that squared errors lead to. What targets scatter around it is the floor of \
      the loss. t turns to ellipses of that scatter.
      """,
      experiment: { $0.learningRate = 1e-3 },
      scenery: {
        $0.view = .noise
        $0.trails = true
      }, arrange: { $0.playback.clock.seek(0.4) }),
  ]
}
