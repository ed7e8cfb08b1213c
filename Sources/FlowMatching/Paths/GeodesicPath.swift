/// The path along the shortest geodesic at constant speed, x_t = exp_{x₀}(t·log_{x₀}(x₁)) with velocity
/// u_t = log_{x_t}(x₁)/(1 − t), whose length is the distance of the ends (Chen and Lipman, 2024, eq. 15
/// with κ(t) = 1 − t).
public struct GeodesicPath: ProbabilityPath {
  /// The space in which both ends lie.
  public let space: any Space

  /// The path in the space.
  public init(_ space: any Space) { self.space = space }

  public func sample(
    from x0: Batch, to x1: Batch, at t: [Double], using random: inout Random,
    into sample: inout PathSample
  ) {
    sample.requireShape(of: x0, x1, t)
    space.geodesic(
      from: x0, to: x1, at: .each(t), into: &sample.x, velocities: &sample.velocity)
  }
}
