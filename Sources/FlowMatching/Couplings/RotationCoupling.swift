#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Pairs that are given by a map: x₁ = R x₀ with a rotation R of the plane.
///
/// The data stay what they are and x₀ = R⁻¹x₁ replaces the draw of the source, so that the flow starts
/// from the data turned back. Under conditional OT the field is u = (R − I)((1−t)I + tR)⁻¹x, which
/// recovers the pairing without error, except at 180°, where all paths meet at t = ½.
struct RotationCoupling: Coupling {
  let rotation: Rotation

  func pair(_ x0: inout Batch, _ x1: inout Batch, using random: inout Random) {
    for k in x0.values.indices { x0.values[k] = x1.values[k] }
    rotation.inverse.apply(to: &x0)
  }
}

/// A rotation of the plane.
struct Rotation: Sendable, Hashable {
  let cosine, sine: Double

  /// The counterclockwise rotation by an angle in degrees.
  init(degrees: Double) {
    let angle = degrees / 180 * Double.pi
    (cosine, sine) = (cos(angle), sin(angle))
  }

  private init(cosine: Double, sine: Double) { (self.cosine, self.sine) = (cosine, sine) }

  var inverse: Rotation { Rotation(cosine: cosine, sine: -sine) }

  /// Turns every point of a `2×n` batch.
  func apply(to points: inout Batch) {
    precondition(points.dimension == 2, "a rotation needs the plane")
    let n = points.count
    for j in 0..<n {
      let (x, y) = (points.values[j], points.values[n + j])
      points.values[j] = cosine * x - sine * y
      points.values[n + j] = sine * x + cosine * y
    }
  }
}

/// A distribution turned about the origin, with its density where that is known.
struct RotatedDistribution<Base: Distribution>: Distribution {
  let base: Base
  let rotation: Rotation

  var dimension: Int { 2 }

  func sample(into points: inout Batch, using random: inout Random) {
    base.sample(into: &points, using: &random)
    rotation.apply(to: &points)
  }
}

extension RotatedDistribution: DensityDistribution where Base: DensityDistribution {
  func logDensity(_ points: Batch) -> [Double] {
    var turned = points
    rotation.inverse.apply(to: &turned)
    return base.logDensity(turned)
  }
}
