extension DatasetCatalog {
  /// Every data set in a curved space, in the order in which they are listed.
  ///
  /// Densities and entropies are against area; those that are no closed form were computed by
  /// quadrature of the exact density.
  public static let curved: [Dataset] = [
    sphereLand, sphereMixture, sphereCheckerboard, torusCheckerboard, torusMixture,
    torusCheckerboardMeta,
  ]

  /// The continents.
  public static let sphereLand = Dataset(
    name: "sphere-land", title: "continents",
    summary: "uniform on the land of the earth, cells of 1° from GLOBE elevation data",
    distribution: Land(), entropyFloor: Land().entropy
  ).within(Sphere())

  /// Six clusters at the ends of the axes.
  public static let sphereMixture = Dataset(
    name: "sphere-vmf", title: "six clusters on the sphere",
    summary: "six von Mises–Fisher distributions of concentration 25 at the ends of the axes",
    distribution: VonMisesFisher(means: axes, concentrations: axes.map { _ in 25 }),
    entropyFloor: 1.40976, centres: axes
  ).within(Sphere())

  /// Meta's checkerboard on the sphere.
  public static let sphereCheckerboard = Dataset(
    name: "sphere-checkerboard", title: "checkerboard on the sphere",
    summary:
      "the checkerboard on [−1, 1]² wrapped around the north pole, as in Meta's flow_matching",
    distribution: SphereCheckerboard(), entropyFloor: 0.57831
  ).within(Sphere())

  /// A checkerboard all over the torus.
  public static let torusCheckerboard = Dataset(
    name: "torus-checkerboard", title: "checkerboard on the torus",
    summary: "4×4 squares over the whole torus, shifted so that some lie across the cuts",
    distribution: TorusProducts.board(
      side: .pi / 2, corner: (.pi / 8, -.pi / 8), columns: -2..<2),
    entropyFloor: 2.98261
  ).within(Torus())

  /// Wrapped Gaussians.
  public static let torusMixture = Dataset(
    name: "torus-mixture", title: "torsion angles",
    summary: "five wrapped Gaussians, placed like the torsion angles of a peptide",
    distribution: TorusProducts.normals(
      means: torsions,
      deviations: [[0.25, 0.25], [0.45, 0.45], [0.25, 0.35], [0.2, 0.25], [0.3, 0.3]],
      weights: [0.35, 0.3, 0.2, 0.08, 0.07]),
    entropyFloor: 1.79188, centres: torsions
  ).within(Torus())

  /// Meta's checkerboard on the torus.
  public static let torusCheckerboardMeta = Dataset(
    name: "torus-checkerboard-meta", title: "checkerboard on the torus (Meta)",
    summary: "unit squares on [−2, 2]² of the angles [−π, π]², as in Meta's flow_matching",
    distribution: TorusProducts.board(side: 1, corner: (0, 0), columns: -2..<2),
    entropyFloor: 2.07944
  ).within(Torus())

  private static let axes: [[Double]] = [
    [1, 0, 0], [0, 1, 0], [0, 0, 1], [-1, 0, 0], [0, -1, 0], [0, 0, -1],
  ]

  private static let torsions: [[Double]] = [
    [-63, -43], [-119, 130], [-70, 150], [57, 45], [-180, -180],
  ].map { $0.map { $0 * .pi / 180 } }
}

extension Dataset {
  /// The exact field of geodesic paths from the uniform distribution to data in a curved space, with
  /// independent ends; nil for flat data.
  public var geodesicField: (any GeodesicField)? {
    if let cloud = distribution as? PointCloud {
      return (space as? any PointFieldSpace)?.pointField(to: cloud.points, weights: nil)
    }
    return (distribution as? any GeodesicTarget)?.geodesicField
  }

  /// The same data as points of a space, which files say by a notation, its usual one where nil.
  public func within(_ space: any Space, _ notation: PointNotation? = nil) -> Dataset {
    precondition(space.coordinates == dimension, "the space has other coordinates")
    var dataset = self
    dataset.space = space
    dataset.notation = notation ?? PointNotation.all(of: space).first
    return dataset
  }
}
