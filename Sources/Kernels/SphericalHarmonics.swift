/// The real spherical harmonics of the degrees 1 to 3 as one map of the sphere, y: S² → ℝ¹⁵.
///
/// Those of degree l are scaled so that Σ_m Y_lm² = 1, by Racah; of degree 1 they are x, y and z. A
/// rotation of the sphere turns them among themselves, so that they stretch all tangents alike:
/// Σ_m (dY_lm v)² = l(l + 1)/2·|v|². A network asks for them at every point of every batch: batches are 3×n
/// and 15×n, a row after the other, points of length 1.
public enum SphericalHarmonics {
  /// 3 + 5 + 7.
  public static let count = 15

  /// Writes every harmonic at the points.
  public static func values(at points: [Double], into values: inout [Double]) {
    let n = points.count / 3
    precondition(points.count == 3 * n && values.count == count * n, "3×n and 15×n")
    points.withUnsafeBufferPointer { points in
      values.withUnsafeMutableBufferPointer { values in
        for first in stride(from: 0, to: n, by: 4) {
          let rows = Rows(first: first, count: n)
          SphericalHarmonics.values(rows.vector(points)).store(rows, in: values)
        }
      }
    }
  }

  /// Writes the derivative of every harmonic along a tangent at each point.
  public static func derivatives(
    at points: [Double], along tangents: [Double], into changes: inout [Double]
  ) {
    let n = points.count / 3
    precondition(tangents.count == 3 * n && changes.count == count * n, "3×n and 15×n")
    points.withUnsafeBufferPointer { points in
      tangents.withUnsafeBufferPointer { tangents in
        changes.withUnsafeMutableBufferPointer { changes in
          for first in stride(from: 0, to: n, by: 4) {
            let rows = Rows(first: first, count: n)
            derivatives(rows.vector(points), rows.vector(tangents)).store(rows, in: changes)
          }
        }
      }
    }
  }

  private typealias Four = SIMD4<Double>
  private static let root3 = 3.0.squareRoot()
  private static let root15 = 15.0.squareRoot()
  private static let root58 = (5.0 / 8).squareRoot()
  private static let root38 = (3.0 / 8).squareRoot()

  @inline(__always)
  private static func values(_ point: Vector) -> Fifteen {
    let (x, y, z) = (point.x, point.y, point.z)
    let (xx, yy, zz) = (x * x, y * y, z * z)
    return Fifteen(
      first: (x, y, z),
      second: (
        root3 * x * y, root3 * y * z, root3 * z * x, 0.5 * root3 * (xx - yy), 1.5 * zz - 0.5
      ),
      third: (
        root58 * y * (3 * xx - yy), root15 * x * y * z, root38 * y * (5 * zz - 1),
        0.5 * z * (5 * zz - 3), root38 * x * (5 * zz - 1), 0.5 * root15 * z * (xx - yy),
        root58 * x * (xx - 3 * yy)
      ))
  }

  @inline(__always)
  private static func derivatives(_ point: Vector, _ v: Vector) -> Fifteen {
    let (x, y, z) = (point.x, point.y, point.z)
    let (a, b, c) = (v.x, v.y, v.z)
    let (xy, yz, zx) = (x * y, y * z, z * x)
    let (difference, belt) = (x * x - y * y, 5 * z * z - 1)
    return Fifteen(
      first: (a, b, c),
      second: (
        root3 * (a * y + b * x), root3 * (b * z + c * y), root3 * (c * x + a * z),
        root3 * (a * x - b * y), 3 * c * z
      ),
      third: (
        root58 * (6 * xy * a + 3 * difference * b), root15 * (a * yz + b * zx + c * xy),
        root38 * (belt * b + 10 * yz * c), 1.5 * belt * c, root38 * (belt * a + 10 * zx * c),
        root15 * (zx * a - yz * b + 0.5 * difference * c),
        root58 * (3 * difference * a - 6 * xy * b)
      ))
  }
}

/// Up to four columns of a batch, a row after the other.
private struct Rows {
  let first, count: Int

  @inline(__always)
  func load(_ row: Int, of batch: UnsafeBufferPointer<Double>) -> SIMD4<Double> {
    let place = row * count + first
    if first + 4 <= count {
      return SIMD4(batch[place], batch[place + 1], batch[place + 2], batch[place + 3])
    }
    // What is beyond the last column is the last again.
    var four = SIMD4<Double>(repeating: batch[row * count + count - 1])
    for lane in 0..<count - first { four[lane] = batch[place + lane] }
    return four
  }

  @inline(__always)
  func store(_ four: SIMD4<Double>, _ row: Int, in batch: UnsafeMutableBufferPointer<Double>) {
    let place = row * count + first
    if first + 4 <= count {
      batch[place] = four.x
      batch[place + 1] = four.y
      batch[place + 2] = four.z
      batch[place + 3] = four.w
    } else {
      for lane in 0..<count - first { batch[place + lane] = four[lane] }
    }
  }

  @inline(__always)
  func vector(_ batch: UnsafeBufferPointer<Double>) -> Vector {
    Vector(x: load(0, of: batch), y: load(1, of: batch), z: load(2, of: batch))
  }
}

/// Four vectors.
private struct Vector {
  let x, y, z: SIMD4<Double>

  @inline(__always)
  init(x: SIMD4<Double>, y: SIMD4<Double>, z: SIMD4<Double>) {
    (self.x, self.y, self.z) = (x, y, z)
  }
}

/// A number of each harmonic at four points.
private struct Fifteen {
  typealias Four = SIMD4<Double>
  let first: (Four, Four, Four)
  let second: (Four, Four, Four, Four, Four)
  let third: (Four, Four, Four, Four, Four, Four, Four)

  @inline(__always)
  func store(_ rows: Rows, in batch: UnsafeMutableBufferPointer<Double>) {
    rows.store(first.0, 0, in: batch)
    rows.store(first.1, 1, in: batch)
    rows.store(first.2, 2, in: batch)
    rows.store(second.0, 3, in: batch)
    rows.store(second.1, 4, in: batch)
    rows.store(second.2, 5, in: batch)
    rows.store(second.3, 6, in: batch)
    rows.store(second.4, 7, in: batch)
    rows.store(third.0, 8, in: batch)
    rows.store(third.1, 9, in: batch)
    rows.store(third.2, 10, in: batch)
    rows.store(third.3, 11, in: batch)
    rows.store(third.4, 12, in: batch)
    rows.store(third.5, 13, in: batch)
    rows.store(third.6, 14, in: batch)
  }
}
