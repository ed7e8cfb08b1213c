import FlowMatching

extension Preset {
  /// What guidance does to a class, by exact fields and by what is learned.
  static let guidance: [Preset] = [
    Preset(
      "guidance", "Guidance sharpens, and overshoots",
      """
      All four lanes ask for the right class, w = 1, 2 and 4 times as strongly, by exact fields. The \
      grey outline is the class, the other the tilt p(x) p(class | x)^w that w promises. The ODE goes \
      beyond it, ever further; noise (the last lane) brings most of it back. ( ) turn w.
      """,
      lanes: [
        .guided(1), .guided(2), .guided(4), .guided(4, noise: .squareRoot(scale: 2.45)),
      ],
      experiment: { $0.dataset = DatasetCatalog.twoClasses.name }),
    Preset(
      "guidance-noise", "Noise restores the tilt",
      """
      w = 4 in every lane: without noise, and with more and more of it. The guided score is that of the \
      tilt of each t, so noise pulls towards the tilt; the flow alone does not, since no process has \
      those tilts as its p_t. More noise needs more steps.
      """,
      lanes: [
        .guided(4), .guided(4, noise: .squareRoot(scale: 1)),
        .guided(4, noise: .squareRoot(scale: 2.45)), .guided(4, noise: .squareRoot(scale: 4.9)),
      ],
      experiment: { $0.dataset = DatasetCatalog.twoClasses.name }),
    Preset(
      "autoguidance", "Guided by its own earlier self",
      """
      A network learns both classes. Left the class as learned, then w = 3 away from all data, then w = 3 \
      away from what the same network knew of the same class at an eighth of its steps: both know the class, \
      so that hardly pulls to a side, where the first overshoots. At the right the exact class. It needs \
      some training first.
      """,
      lanes: [
        .guided(1, exact: false), .guided(3, exact: false), .guided(3, exact: false, earlier: true),
        .guided(1),
      ],
      experiment: {
        $0.dataset = DatasetCatalog.twoClasses.name
        $0.labels = Experiment.ownLabels
        $0.widths = [64, 64]
      }),
    Preset(
      "guidance-interval", "Guidance only in the middle",
      """
      w = 4 all the way, and only for t in 0 to 0.4, in 0.4 to 0.8, and never. Early guidance moves the \
      whole class, late guidance hardly anything: where it counts is a choice of its own, and what it \
      costs, two evaluations for one, is saved elsewhere.
      """,
      lanes: [
        .guided(4), .guided(4, from: 0, to: 0.4), .guided(4, from: 0.4, to: 0.8), .guided(1),
      ],
      experiment: { $0.dataset = DatasetCatalog.twoClasses.name }),
    Preset(
      "ot-across-classes", "OT must pair within classes",
      """
      Batches are paired by optimal transport whatever the class: noise at the right goes with the right \
      class, so the network learns each class from half of the noise. Asked for a class, all noise has to \
      flow there, and what starts on the wrong side never learned the way: see the mean and the share off \
      the class, and the exact class at the right. Set “pairs across classes” to false and train anew.
      """,
      lanes: [.guided(1, exact: false), .guided(1)],
      experiment: {
        $0.dataset = DatasetCatalog.twoClasses.name
        $0.labels = Experiment.ownLabels
        $0.coupling = .optimalTransport
        $0.pairsAcrossClasses = true
        $0.widths = [64, 64]
      }),
  ]
}

extension LaneSettings {
  /// A lane that asks for the first class of the data.
  static func guided(
    _ weight: Double, from start: Double = 0, to end: Double = 1, noise: NoiseSchedule? = nil,
    exact: Bool = true, earlier: Bool = false
  ) -> LaneSettings {
    var settings = LaneSettings(.midpoint, steps: noise == nil ? 20 : 64)
    if let noise {
      settings.method = LaneSolver(StochasticHeun())
      settings.noise = noise
    }
    settings.velocity = exact ? .exact : nil
    settings.guidance = Guidance(label: 0, weight: weight, from: start, to: end)
    settings.guide = earlier ? .earlier : nil
    return settings
  }
}
