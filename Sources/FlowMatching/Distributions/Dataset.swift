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

  public var id: String { name }

  /// The irreducible loss under conditional OT from N(0, I), the mean over the dimensions; nil where
  /// the target is not exactly a mixture.
  public var lossFloor: Double? { lossFloor(under: .conditionalOT) }

  /// The irreducible loss under a scheduler from N(0, I), the mean over the dimensions; nil where
  /// the target is not exactly a mixture. Computed at every call, in some 10 ms.
  public func lossFloor(under scheduler: Scheduler) -> Double? {
    mixture.map { LossFloor.of(target: $0, scheduler: scheduler) }
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
  }

  /// A data set of any distribution.
  public init(
    name: String, title: String, summary: String, distribution: any Distribution,
    entropyFloor: Double?, centres: [[Double]] = []
  ) {
    self.name = name
    self.title = title
    self.summary = summary
    self.distribution = distribution
    self.mixture = nil
    self.entropyFloor = entropyFloor
    self.centres = centres
  }
}
