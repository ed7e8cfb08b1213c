/// The data sets by name: one name, one definition, everywhere.
///
/// The definitions are the public ones, so that numbers compare: FFJORD's `lib/toy_data.py`
/// (Grathwohl et al., 2019) and those of torchcfm (Tong et al., 2024). The entropies were computed
/// by quadrature of the exact density (curves as 4000-point mixtures) on a grid.
public enum DatasetCatalog {
  /// Every data set, in the order in which they are listed.
  public static let all: [Dataset] = [
    eightGaussians, eightGaussiansFFJORD, eightGaussiansTorchCFM, eightGaussiansWide,
    moons, moonsSklearn, checkerboard, twoSpirals, rings, circles, pinwheel, swissRoll,
  ]

  /// The data set of that name; throws `UnknownName`, which suggests the nearest.
  public static func named(_ name: String) throws(UnknownName) -> Dataset {
    guard let dataset = all.first(where: { $0.name == name }) else {
      throw UnknownName(kind: "data set", name: name, among: all.map(\.name))
    }
    return dataset
  }

  /// Eight Gaussians, the default.
  public static let eightGaussians = Dataset(
    name: "8gaussians", title: "eight gaussians",
    summary: "eight Gaussians of std 0.2 on a circle of radius 2",
    mixture: .eightGaussians(radius: 2, standardDeviation: 0.2), entropyFloor: 1.69806)

  /// FFJORD's eight Gaussians: (4c + ½N)/1.414.
  public static let eightGaussiansFFJORD = Dataset(
    name: "8gaussians-ffjord", title: "eight gaussians (FFJORD)",
    summary: "eight Gaussians of std 0.354 on a circle of radius 2.83, as in FFJORD",
    mixture: .eightGaussians(radius: 4 / 1.414, standardDeviation: 0.5 / 1.414),
    entropyFloor: 2.83188)

  /// torchcfm's eight Gaussians: covariance √0.1·I.
  public static let eightGaussiansTorchCFM = Dataset(
    name: "8gaussians-torchcfm", title: "eight gaussians (torchcfm)",
    summary: "eight Gaussians of std 0.562 on a circle of radius 5, as in torchcfm's notebooks",
    mixture: .eightGaussians(radius: 5, standardDeviation: 0.1.squareRoot().squareRoot()),
    entropyFloor: 3.76409)

  /// The eight Gaussians of torchcfm's benchmark runner.
  public static let eightGaussiansWide = Dataset(
    name: "8gaussians-r5", title: "eight wide gaussians",
    summary: "eight overlapping Gaussians of std 1 on a circle of radius 5, torchcfm's benchmark",
    mixture: .eightGaussians(radius: 5, standardDeviation: 1), entropyFloor: 4.77073)

  /// FFJORD's moons.
  public static let moons = Dataset(
    name: "moons", title: "two moons",
    summary: "two interleaved half circles of radius 2, noise 0.2, as in FFJORD",
    distribution: Moons(noise: 0.1, scale: 2, offset: SIMD2(-1, -0.2)), entropyFloor: 2.39388)

  /// The moons of torchcfm's benchmark runner.
  public static let moonsSklearn = Dataset(
    name: "moons-sklearn", title: "two moons (torchcfm)",
    summary: "two interleaved half circles of radius 2, noise 0.1, torchcfm's benchmark",
    distribution: Moons(noise: 0.05, scale: 2, offset: SIMD2(-1, 0)), entropyFloor: 1.67553)

  /// FFJORD's checkerboard.
  public static let checkerboard = Dataset(
    name: "checkerboard", title: "checkerboard",
    summary: "uniform on the eight dark squares of a 4×4 board on [−4, 4]², as in FFJORD",
    distribution: Checkerboard(scale: 2), entropyFloor: 3.46574,
    centres: Checkerboard(scale: 2).centres)

  /// FFJORD's two spirals.
  public static let twoSpirals = Dataset(
    name: "2spirals", title: "two spirals",
    summary: "two interleaved spirals of one and a half turns, noise 0.1, as in FFJORD",
    distribution: TwoSpirals(noise: 0.1), entropyFloor: 2.64544)

  /// FFJORD's rings.
  public static let rings = Dataset(
    name: "rings", title: "four rings",
    summary: "four rings of radius 0.75, 1.5, 2.25 and 3, noise 0.08, as in FFJORD",
    distribution: Circles(radii: [0.75, 1.5, 2.25, 3], noise: 0.08), entropyFloor: 2.62318)

  /// FFJORD's circles.
  public static let circles = Dataset(
    name: "circles", title: "two circles",
    summary: "two circles of radius 1.5 and 3, noise 0.24, as in FFJORD",
    distribution: Circles(radii: [1.5, 3], noise: 0.24), entropyFloor: 3.26814)

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
    distribution: SwissRoll(noise: 1, scale: 1 / 5.0), entropyFloor: 2.66965)
}
