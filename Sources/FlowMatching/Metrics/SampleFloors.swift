/// The distances that two fresh samples of one distribution have for their finite size alone, of the
/// measures that are no matching.
public struct SampleFloors: Sendable, Hashable {
  /// Of the sliced W₂, along the same directions as the distance that it stands beside.
  public let sliced: NoiseFloor
  /// Of the energy distance.
  public let energy: NoiseFloor

  private static let pairs = 8

  /// The floors over pairs of samples of `count` points each, two at least.
  public init(
    of distribution: any Distribution, _ directions: SlicedWasserstein, count: Int, random: Random
  ) {
    var random = random.stream("sample floors")
    var (slices, energies) = ([Double](), [Double]())
    for _ in 0..<SampleFloors.pairs {
      let a = distribution.sample(count: count, using: &random)
      let b = distribution.sample(count: count, using: &random)
      slices.append(directions.distance(a, b))
      energies.append(EnergyDistance.distance(a, b))
    }
    sliced = NoiseFloor(slices)
    energy = NoiseFloor(energies)
  }
}
