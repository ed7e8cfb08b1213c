#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The uniform distribution on a space, the source of a flow unless another is chosen.
public struct UniformBase: DensityDistribution {
  /// The space.
  public let space: any Space

  /// The uniform distribution.
  public init(on space: any Space) { self.space = space }

  public var dimension: Int { space.coordinates }

  public func sample(into points: inout Batch, using random: inout Random) {
    space.sampleUniform(into: &points, using: &random)
  }

  /// log p = −ln area.
  public func logDensity(_ points: Batch) -> [Double] {
    [Double](repeating: -log(space.area), count: points.count)
  }
}
