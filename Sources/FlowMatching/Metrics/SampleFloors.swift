/// The distances that two fresh samples of one distribution have for their finite size alone, of the
/// measures that are no matching.
public struct SampleFloors: Sendable, Hashable {
  /// Of the sliced W₂, along the same directions as the distance that it stands beside.
  public let sliced: NoiseFloor
  /// Of the energy distance.
  public let energy: NoiseFloor

  /// The floors over `pairs` of samples, at least two, of `count` points each, two at least.
  public init(
    of distribution: any Distribution, _ directions: SlicedWasserstein, count: Int, pairs: Int = 8,
    random: Random
  ) {
    precondition(pairs > 1, "a deviation needs two pairs")
    var random = random.stream("sample floors")
    var (slices, energies) = ([Double](), [Double]())
    for _ in 0..<pairs {
      let a = distribution.sample(count: count, using: &random)
      let b = distribution.sample(count: count, using: &random)
      slices.append(directions.distance(a, b))
      energies.append(EnergyDistance.distance(a, b))
    }
    sliced = NoiseFloor(slices)
    energy = NoiseFloor(energies)
  }
}
