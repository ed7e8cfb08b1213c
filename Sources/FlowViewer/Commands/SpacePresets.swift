import FlowMatching

extension Preset {
  /// What is different on a sphere and a torus.
  static let spaces: [Preset] = [
    Preset(
      "land", "Continents from noise",
      """
      Noise that is spread evenly over a globe gathers into the continents. Paths are geodesics, the \
      network sees unit vectors, and its velocity lies along the surface. Nothing has a shape before \
      the last fifth of t: watch "on land" leave the 29 % that any noise has. ( ) and a drag turn the \
      globe; the map beside it shows both halves.
      """,
      lanes: [LaneSettings(.midpoint, steps: 40)], mode: .loop,
      experiment: {
        $0.choose(DatasetCatalog.sphereLand)
        $0.widths = [128, 128, 128]
        $0.batch = 512
        $0.learningRate = 1e-2
        $0.learningRateDecay = .linear
        $0.timeDensity = .power(3)
      }),
    Preset(
      "straight-lines", "Straight lines leave the sphere",
      """
      Both lanes lead the same noise to the same 64 points. Left along geodesics: every place on the \
      way is on the sphere. Right as the plane does it, along straight lines: they run through the \
      inside, where there is no data, no density by area and nothing that a network on the sphere has \
      seen. |x| in the lane says how deep; only the ends lie on the surface.
      """,
      lanes: [
        LaneSettings(.midpoint, steps: 32, along: .points(64)),
        LaneSettings(.midpoint, steps: 32, along: .straight(64)),
      ], mode: .loop,
      experiment: { $0.choose(DatasetCatalog.sphereMixture) },
      scenery: { $0.colouring = .angle }),
    Preset(
      "cut-locus", "Where mass must decide",
      """
      One data point is the whole target. Everything goes to it by the shortest way, but at the point \
      opposite, its cut locus, all ways are equally long: particles there part to all sides, and \
      neighbours end up strangers. The globe shows that side, and the colour is where each started; ) \
      brings the point itself into view. A flow on a closed surface always has such places.
      """,
      lanes: [LaneSettings(.midpoint, steps: 40, along: .points(1))], mode: .pingPong,
      experiment: { $0.choose(DatasetCatalog.sphereMixture) },
      scenery: { $0.colouring = .angle }, arrange: { $0.faceOpposite() }),
    Preset(
      "wrap-around", "The right way round",
      """
      On a torus opposite edges of the square are one, so that the short way between two points may lead \
      over an edge: the white paths leave at one side and come back at the other, and on the doughnut \
      they simply go on. A network of sines and cosines cannot see the cut; one of plain angles would \
      pull everything back to the middle.
      """,
      lanes: [LaneSettings(.midpoint, steps: 40)], mode: .loop,
      experiment: { $0.choose(DatasetCatalog.torusCheckerboard) }),
    Preset(
      "sphere-density", "A density on a globe",
      """
      log p at t = 1 by area: a solve back to the uniform noise with the divergence on the sphere. The \
      lines hold 50, 80 and 95 % of the mass, and ∫p is over the whole globe, its far side too: it is 1 \
      as well as the solve is exact. Six clusters need valleys between them that a smooth flow fills a \
      little.
      """,
      experiment: { $0.choose(DatasetCatalog.sphereMixture) }, scenery: { $0.view = .density }),
  ]
}
