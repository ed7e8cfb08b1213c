/// A distance between two samples of equal size, by which a model's samples are judged over training.
public enum SampleDistance: String, Codable, CaseIterable, Sendable {
  /// `Wasserstein.w2`.
  case w2
  /// `SlicedWasserstein`, over all angles of the plane.
  case sliced
  /// `EnergyDistance.distance`.
  case energy

  /// The name in words.
  public var title: String {
    switch self {
    case .w2: "W₂"
    case .sliced: "sliced W₂"
    case .energy: "energy distance"
    }
  }

  /// What it is, in one line.
  public var summary: String {
    switch self {
    case .w2: "the root of the least mean squared distance by which one sample becomes the other"
    case .sliced: "W₂ of the projections on a line, the mean square over all directions"
    case .energy: "√(2E|X−Y| − E|X−X′| − E|Y−Y′|), 0 only for equal distributions"
    }
  }

  /// The distance of two `d×n` samples; NaN where a point is not finite.
  ///
  /// Slices are those of `evaluate`: in the plane no random number chooses them.
  public func callAsFunction(
    _ a: Batch, _ b: Batch, instructionSet: InstructionSet = .best
  ) -> Double {
    switch self {
    case .w2: Wasserstein.w2(a, b, instructionSet: instructionSet)
    case .sliced:
      SlicedWasserstein(dimension: a.dimension, random: Random(seed: 0)).distance(a, b)
    case .energy: EnergyDistance.distance(a, b)
    }
  }
}
