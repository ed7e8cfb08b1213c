@testable import FlowMatching

/// u(x) = Ax + b in the coordinates of a space, with its divergence.
struct AmbientField: DivergenceField {
  /// Row after row.
  var matrix: [Double]
  var offset: [Double]

  var dimension: Int { offset.count }

  /// The same velocities, of which the tangent parts count, by all that a network on the sphere is told: the
  /// first three of its inputs are the point itself, and what it answers is divided by the stretch.
  var onSphere: EmbeddedField {
    let (d, stretch) = (Sphere().inputs, Sphere().stretch)
    var wide = AmbientField(
      matrix: [Double](repeating: 0, count: d * d), offset: [Double](repeating: 0, count: d))
    for i in 0..<3 {
      wide.offset[i] = stretch * offset[i]
      for k in 0..<3 { wide.matrix[i * d + k] = stretch * matrix[3 * i + k] }
    }
    return EmbeddedField(wide, on: Sphere())
  }

  /// ω × x.
  static func rotation(_ w: [Double]) -> AmbientField {
    AmbientField(
      matrix: [0, -w[2], w[1], w[2], 0, -w[0], -w[1], w[0], 0], offset: [0, 0, 0])
  }

  func evaluate(_ x: Batch, at t: Times, into velocity: inout Batch) {
    let d = dimension
    for j in 0..<x.count {
      for i in 0..<d {
        velocity[i, j] = (0..<d).reduce(offset[i]) { $0 + matrix[i * d + $1] * x[$1, j] }
      }
    }
  }

  func evaluate(_ x: Batch, at t: Times, into velocity: inout Batch, divergence: inout [Double]) {
    evaluate(x, at: t, into: &velocity)
    let trace = (0..<dimension).reduce(0) { $0 + matrix[$1 * (dimension + 1)] }
    for j in 0..<x.count { divergence[j] = trace }
  }

  func evaluate(
    _ x: Batch, at t: Times, probes: Batch, into velocity: inout Batch, divergence: inout [Double]
  ) {
    evaluate(x, at: t, into: &velocity)
    let d = dimension
    for j in 0..<x.count {
      divergence[j] = (0..<d * d).reduce(0) {
        $0 + probes[$1 / d, j] * matrix[$1] * probes[$1 % d, j]
      }
    }
  }
}

extension DivergenceField {
  /// The divergence, or with probes εᵀ(∂u)ε.
  func divergence(_ x: Batch, at t: Double, probes: Batch? = nil) -> [Double] {
    var (field, velocity) = (self, x)
    var divergence = [Double](repeating: 0, count: x.count)
    if let probes {
      field.evaluate(
        x, at: .shared(t), probes: probes, into: &velocity, divergence: &divergence)
    } else {
      field.evaluate(x, at: .shared(t), into: &velocity, divergence: &divergence)
    }
    return divergence
  }

  /// The divergence on a space by differences along geodesics, in the directions of its basis or of
  /// unit tangents `along`.
  func differenced(_ x: Batch, at t: Double, on space: any Space, along: [Batch]? = nil) -> [Double]
  {
    var sum = [Double](repeating: 0, count: x.count)
    for axis in along ?? space.tangentBasis(at: x) {
      let slope = CentralDifference.derivative { shift in
        let moved = space.moved(x, axis, shift)
        let (back, u) = (space.way(moved, x), velocity(moved, at: t))
        return sum.indices.map { j in
          (0..<x.dimension).reduce(0) { $0 - u[$1, j] * back[$1, j] / shift }
        }
      }
      for j in sum.indices { sum[j] += slope[j] }
    }
    return sum
  }
}
