@testable import FlowMatching

/// u(x) = Ax + b in the coordinates of a space, with its divergence.
struct AmbientField: DivergenceField {
  /// Row after row.
  var matrix: [Double]
  var offset: [Double]

  var dimension: Int { offset.count }

  /// The same velocities, of which the tangent parts count, by all that a network on the sphere is told: the
  /// first three of its inputs are the point itself.
  var onSphere: EmbeddedField {
    let d = Sphere().inputs
    let rows = (0..<3).flatMap { i in
      (0..<d).map { $0 < 3 ? matrix[3 * i + $0] : 0 }
    }
    return EmbeddedField(LinearMap(inputs: d, matrix: rows, offset: offset), on: Sphere())
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

/// f(y) = Ay + b of a space's inputs.
struct LinearMap: TangentMap {
  let inputs: Int
  /// Row after row.
  let matrix: [Double]
  let offset: [Double]

  var outputs: Int { offset.count }
  var regularity: Regularity { Regularity() }
  var mapInDouble: any TangentMap { self }

  func evaluate(_ y: Batch, at t: Times, into f: inout Batch) {
    for j in 0..<y.count {
      for i in 0..<outputs {
        f[i, j] = (0..<inputs).reduce(offset[i]) { $0 + matrix[i * inputs + $1] * y[$1, j] }
      }
    }
  }

  func evaluate(
    _ y: Batch, at t: Times, along changes: Batch, against covectors: Batch, into f: inout Batch,
    slopes: inout [Double]
  ) {
    evaluate(y, at: t, into: &f)
    for j in 0..<y.count {
      slopes[j] = (0..<outputs * inputs).reduce(0) {
        $0 + covectors[$1 / inputs, j] * matrix[$1] * changes[$1 % inputs, j]
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
