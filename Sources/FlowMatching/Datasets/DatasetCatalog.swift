/// The data sets by name: one name, one definition, everywhere.
///
/// The definitions are the public ones, so that numbers compare: FFJORD's `lib/toy_data.py`
/// (Grathwohl et al., 2019) and those of torchcfm (Tong et al., 2024). The entropies were computed
/// by quadrature of the exact density (curves as 4000-point mixtures) on a grid.
public enum DatasetCatalog {
  /// Every data set, in the order in which they are listed: those of the plane and of more
  /// dimensions, pictures, then the curved ones, then those of populations, of letters and of
  /// posteriors.
  public static let all: [Dataset] =
    plane + spatial + pictured + curved + seenAtTimes + letters + simulated

  /// Every data set of the plane.
  public static let plane: [Dataset] = [
    eightGaussians, eightGaussiansFFJORD, eightGaussiansTorchCFM, eightGaussiansWide,
    moons, moonsSklearn, checkerboard, twoSpirals, rings, circles, pinwheel, swissRoll,
    moonsTorchCFM, sCurve, checkerboardMeta, checkerboardSmall, twoClasses, word,
  ]

  /// The data set of that name, or the word after `text:`; throws `UnknownName`, which suggests the
  /// nearest.
  public static func named(_ name: String) throws(UnknownName) -> Dataset {
    if name.hasPrefix(Dataset.textPrefix) {
      return try Dataset.text(String(name.dropFirst(Dataset.textPrefix.count)))
    }
    guard let dataset = all.first(where: { $0.name == name }) ?? board(named: name) else {
      throw UnknownName(kind: "data set", name: name, among: all.map(\.name))
    }
    return dataset
  }

  private static let compass = [
    "east", "north-east", "north", "north-west", "west", "south-west", "south", "south-east",
  ]
  private static let moonNames = ["upper", "lower"]

  /// Eight Gaussians, the default.
  public static let eightGaussians = Dataset(
    name: "8gaussians", title: "eight gaussians",
    summary: "eight Gaussians of std 0.2 on a circle of radius 2",
    mixture: .eightGaussians(radius: 2, standardDeviation: 0.2), entropyFloor: 1.69806
  )
  .byComponent(compass)

  /// FFJORD's eight Gaussians: (4c + ½N)/1.414.
  public static let eightGaussiansFFJORD = Dataset(
    name: "8gaussians-ffjord", title: "eight gaussians (FFJORD)",
    summary: "eight Gaussians of std 0.354 on a circle of radius 2.83, as in FFJORD",
    mixture: .eightGaussians(radius: 4 / 1.414, standardDeviation: 0.5 / 1.414),
    entropyFloor: 2.83188
  )
  .byComponent(compass)

  /// torchcfm's eight Gaussians: covariance √0.1·I.
  public static let eightGaussiansTorchCFM = Dataset(
    name: "8gaussians-torchcfm", title: "eight gaussians (torchcfm)",
    summary: "eight Gaussians of std 0.562 on a circle of radius 5, as in torchcfm's notebooks",
    mixture: .eightGaussians(radius: 5, standardDeviation: 0.1.squareRoot().squareRoot()),
    entropyFloor: 3.76409
  )
  .byComponent(compass)

  /// The eight Gaussians of torchcfm's benchmark runner.
  public static let eightGaussiansWide = Dataset(
    name: "8gaussians-r5", title: "eight wide gaussians",
    summary: "eight overlapping Gaussians of std 1 on a circle of radius 5, torchcfm's benchmark",
    mixture: .eightGaussians(radius: 5, standardDeviation: 1), entropyFloor: 4.77073
  )
  .byComponent(compass)

  /// FFJORD's moons.
  public static let moons = Dataset(
    name: "moons", title: "two moons",
    summary: "two interleaved half circles of radius 2, noise 0.2, as in FFJORD",
    distribution: Moons(noise: 0.1, scale: 2, offset: SIMD2(-1, -0.2)), entropyFloor: 2.39388,
    varianceProfile: .moons
  )
  .with(moonNames, Moons(noise: 0.1, scale: 2, offset: SIMD2(-1, -0.2)).halves)

  /// The moons of torchcfm's benchmark runner.
  public static let moonsSklearn = Dataset(
    name: "moons-sklearn", title: "two moons (torchcfm)",
    summary: "two interleaved half circles of radius 2, noise 0.1, torchcfm's benchmark",
    distribution: Moons(noise: 0.05, scale: 2, offset: SIMD2(-1, 0)), entropyFloor: 1.67553,
    varianceProfile: .moonsSklearn
  )
  .with(moonNames, Moons(noise: 0.05, scale: 2, offset: SIMD2(-1, 0)).halves)

  /// FFJORD's checkerboard.
  public static let checkerboard = Dataset(
    name: "checkerboard", title: "checkerboard",
    summary: "uniform on the eight dark squares of a 4×4 board on [−4, 4]², as in FFJORD",
    distribution: Checkerboard(scale: 2), entropyFloor: 3.46574,
    centres: Checkerboard(scale: 2).centres, varianceProfile: .checkerboard)

  /// FFJORD's two spirals.
  public static let twoSpirals = Dataset(
    name: "2spirals", title: "two spirals",
    summary: "two interleaved spirals of one and a half turns, noise 0.1, as in FFJORD",
    distribution: TwoSpirals(noise: 0.1), entropyFloor: 2.64545,
    varianceProfile: .twoSpirals
  )
  .with(["first", "second"], TwoSpirals(noise: 0.1).arms)

  /// FFJORD's rings.
  public static let rings = Dataset(
    name: "rings", title: "four rings",
    summary: "four rings of radius 0.75, 1.5, 2.25 and 3, noise 0.08, as in FFJORD",
    distribution: Circles(radii: [0.75, 1.5, 2.25, 3], noise: 0.08), entropyFloor: 2.62318,
    varianceProfile: .rings
  )
  .with(
    ["innermost", "inner", "outer", "outermost"],
    [0.75, 1.5, 2.25, 3].map { Circles(radii: [$0], noise: 0.08) })

  /// FFJORD's circles.
  public static let circles = Dataset(
    name: "circles", title: "two circles",
    summary: "two circles of radius 1.5 and 3, noise 0.24, as in FFJORD",
    distribution: Circles(radii: [1.5, 3], noise: 0.24), entropyFloor: 3.26814,
    varianceProfile: .circles
  )
  .with(["inner", "outer"], [1.5, 3].map { Circles(radii: [$0], noise: 0.24) })

  /// FFJORD's pinwheel.
  public static let pinwheel = Dataset(
    name: "pinwheel", title: "pinwheel",
    summary: "five bent arms, as in FFJORD",
    distribution: Pinwheel(
      arms: 5, radialDeviation: 0.3, tangentialDeviation: 0.1, bend: 0.25, scale: 2),
    entropyFloor: 2.31779)

  /// FFJORD's swiss roll.
  public static let swissRoll = Dataset(
    name: "swissroll", title: "swiss roll",
    summary: "a rolled-up line of one and a half turns, noise 0.2, as in FFJORD",
    distribution: SwissRoll(noise: 1, scale: 1 / 5.0), entropyFloor: 2.66965,
    varianceProfile: .swissRoll)

  /// torchcfm's moons, those of its notebooks.
  public static let moonsTorchCFM = Dataset(
    name: "moons-torchcfm", title: "two moons (notebooks)",
    summary: "two half circles of radius 3 smeared by 0.6 along x = y, as in torchcfm's notebooks",
    distribution: JitteredMoons(jitter: 0.2, scale: 3, offset: SIMD2(-1, -1)),
    entropyFloor: 2.04784)

  /// The S of torchcfm's benchmark runner.
  public static let sCurve = Dataset(
    name: "s-curve", title: "S-curve",
    summary: "an S of two three-quarter circles of radius 1.5, noise 0.075, torchcfm's benchmark",
    distribution: SCurve(noise: 0.05, scale: 1.5), entropyFloor: 1.48645,
    varianceProfile: .sCurve)

  /// The checkerboard of Meta's flow_matching notebooks.
  public static let checkerboardMeta = Dataset(
    name: "checkerboard-meta", title: "checkerboard (Meta)",
    summary: "the checkerboard on [−4.44, 4.44]², as in Meta's flow_matching",
    distribution: Checkerboard(scale: 1 / 0.45), entropyFloor: 3.67646,
    centres: Checkerboard(scale: 1 / 0.45).centres, varianceProfile: .checkerboardMeta)

  /// A checkerboard of unit squares.
  public static let checkerboardSmall = Dataset(
    name: "checkerboard-small", title: "checkerboard (small)",
    summary: "the checkerboard on [−2, 2]²",
    distribution: Checkerboard(scale: 1), entropyFloor: 2.07944,
    centres: Checkerboard(scale: 1).centres, varianceProfile: .checkerboardSmall)

  /// Two classes of three overlapping Gaussians, each the other's mirror image: what guidance is shown on.
  public static let twoClasses = Dataset(
    name: "two-classes", title: "two classes",
    summary: "two classes of three Gaussians each that overlap in the middle",
    mixture: GaussianMixture(
      weights: [1, 1, 1, 1, 1, 1],
      means: [[0.45, 1.2], [0.45, -1.2], [1, 0], [-0.45, 1.2], [-0.45, -1.2], [-1, 0]],
      standardDeviation: 0.35), entropyFloor: 2.26484
  )
  .grouped([("right", 0..<3), ("left", 3..<6)])

  /// An example of a word as a target.
  public static let word = Dataset(text: "FLOW", boxes: try! Boxes.text("FLOW"))
}
