/// A target distribution with the name by which it is chosen and what is known exactly about it.
public struct Dataset: Sendable, Identifiable {
  /// The name on the command line and in files, "8gaussians".
  public let name: String
  /// The name in words, "eight gaussians".
  public let title: String
  /// One line: the definition and where it comes from.
  public let summary: String
  /// Where its points are drawn from.
  public let distribution: any Distribution
  /// The target's exact density where it is a Gaussian mixture; else nil.
  public let mixture: GaussianMixture?
  /// The differential entropy in nats, which no model's negative log-likelihood can undercut;
  /// nil where it is not known.
  public let entropyFloor: Double?
  /// The centres of its clusters, `d` coordinates each; empty where it has none.
  public let centres: [[Double]]
  /// The classes of which it consists; nil where it has none.
  public internal(set) var classes: LabelledDistribution?
  /// The curved space that its points lie in; nil for flat data.
  public internal(set) var space: (any Space)?
  /// How files say where its points lie; nil for flat data.
  public var notation: PointNotation?
  /// W₂² from N(0, I) where it is known exactly. That of samples is far too large beyond the plane, and
  /// no figure may be made of it there.
  public internal(set) var squaredTransport: Double?
  /// What the file of its points calls their coordinates; nil where it has no names, and in the plane
  /// unless they are parameters.
  public var columns: [String]?
  /// The variance of the velocity along conditional OT, where it was computed beforehand.
  let varianceProfile: VarianceProfile?

  /// The parameters with observations of which it is a posterior; nil where nothing is observed.
  public internal(set) var simulations: (any Simulations)?

  /// The times at which it was seen, with its points then, of which it is the last; nil where it was seen
  /// once.
  public internal(set) var snapshots: Snapshots?
  /// The pictures of which its points are the pixels, or the latents; nil for all else.
  public internal(set) var pictures: Pictures?
  /// What made latents of them; nil where the points are pixels.
  public internal(set) var autoencoder: Autoencoder?

  /// Given pairs that lead to it; nil where there are none. See `with`.
  public internal(set) var pairs: PairTable?

  /// The transport to it that was learned for the coupling `semidiscrete`; nil where none was. See `with`.
  public internal(set) var semidiscrete: SemidiscretePlan?

  /// Given points from which flows start; nil where there are none. See `with(source:)`.
  public internal(set) var sourcePoints: Batch?

  /// How the points that it is made of were standardised, and those from which flows start; nil where
  /// they are as they were given.
  public var units, sourceUnits: Standardisation?

  public var id: String { name }

  /// The exact field of the path from `source` (N(0, I) where nil), with independent ends; nil where
  /// none is known: the pinwheel, the smeared moons, and some data from a source whose
  /// components are not isotropic.
  public func exactField(
    source: GaussianMixture? = nil, scheduler: Scheduler = .conditionalOT,
    path: ConditionalPath = .affine
  ) -> (any ExactField)? {
    guard space == nil else { return nil }
    return (distribution as? any ExactDistribution)?.exactField(
      source: source, scheduler: scheduler, path: path)
  }

  /// Whether `exactField` from N(0, I) is known.
  public var hasExactField: Bool { space == nil && distribution is any ExactDistribution }

  /// log p(x) in nats of every point of a `d×n` batch; nil where the density is not known.
  public func logDensity(_ points: Batch) -> [Double]? {
    (distribution as? any DensityDistribution)?.logDensity(points)
  }

  /// The dimension `d` of its points.
  public var dimension: Int { distribution.dimension }

  /// A data set that is exactly a mixture; its clusters are the components.
  public init(
    name: String, title: String, summary: String, mixture: GaussianMixture, entropyFloor: Double?
  ) {
    self.name = name
    self.title = title
    self.summary = summary
    self.distribution = mixture
    self.mixture = mixture
    self.entropyFloor = entropyFloor
    self.centres = mixture.means
    self.varianceProfile = nil
  }

  /// A data set of any distribution.
  public init(
    name: String, title: String, summary: String, distribution: any Distribution,
    entropyFloor: Double?, centres: [[Double]] = []
  ) {
    self.init(
      name: name, title: title, summary: summary, distribution: distribution,
      entropyFloor: entropyFloor, centres: centres, varianceProfile: nil)
  }

  init(
    name: String, title: String, summary: String, distribution: any Distribution,
    entropyFloor: Double?, centres: [[Double]] = [], varianceProfile: VarianceProfile?
  ) {
    self.name = name
    self.title = title
    self.summary = summary
    self.distribution = distribution
    self.mixture = nil
    self.entropyFloor = entropyFloor
    self.centres = centres
    self.varianceProfile = varianceProfile
  }
}
