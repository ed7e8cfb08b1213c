/// Eight points or tangents of the sphere, or a number for each.
private typealias Eight = SIMD8<Double>

/// Eight vectors of three coordinates.
private struct Vectors {
  var x, y, z: Eight

  @inline(__always)
  static func + (a: Vectors, b: Vectors) -> Vectors {
    Vectors(x: a.x + b.x, y: a.y + b.y, z: a.z + b.z)
  }

  @inline(__always)
  static func * (factor: Eight, a: Vectors) -> Vectors {
    Vectors(x: factor * a.x, y: factor * a.y, z: factor * a.z)
  }

  @inline(__always)
  func dot(_ other: Vectors) -> Eight { x * other.x + y * other.y + z * other.z }

  @inline(__always)
  func cross(_ other: Vectors) -> Vectors {
    Vectors(
      x: y * other.z - z * other.y, y: z * other.x - x * other.z, z: x * other.y - y * other.x)
  }
}

/// Columns of 3×n batches of which eight begin at one place, fewer at the end.
private struct Columns {
  let first, count: Int

  @inline(__always)
  func load(_ values: UnsafePointer<Double>) -> Eight {
    if first + 8 <= count {
      return UnsafeRawPointer(values + first).loadUnaligned(as: Eight.self)
    }
    // What is beyond the last column is the last again.
    var eight = Eight(repeating: values[count - 1])
    for lane in 0..<count - first { eight[lane] = values[first + lane] }
    return eight
  }

  @inline(__always)
  func vectors(_ batch: UnsafePointer<Double>) -> Vectors {
    Vectors(x: load(batch), y: load(batch + count), z: load(batch + 2 * count))
  }

  @inline(__always)
  func store(_ eight: Eight, _ values: UnsafeMutablePointer<Double>) {
    if first + 8 <= count {
      UnsafeMutableRawPointer(values + first).storeBytes(of: eight, as: Eight.self)
    } else {
      for lane in 0..<count - first { values[first + lane] = eight[lane] }
    }
  }

  @inline(__always)
  func store(_ vectors: Vectors, _ batch: UnsafeMutablePointer<Double>) {
    store(vectors.x, batch)
    store(vectors.y, batch + count)
    store(vectors.z, batch + 2 * count)
  }
}

/// atan2(s, c) in [0, π] for s ≥ 0, to two units in the last place; 0 where both are 0.
///
/// |s/c| or its reciprocal is at most 1, and (q − 1)/(q + 1) at most tan(π/8); there the quotient of
/// Cephes (Moshier, 1989).
@inline(__always)
private func angle(sine s: Eight, cosine c: Eight) -> Eight {
  let size = magnitude(c)
  let isSteep = s .> size
  let (low, high) = (chosen(isSteep, size, s), chosen(isSteep, s, size))
  let isFar = low .> 0.414_213_562_373_095 * high
  let nearest = chosen(high .== 0, Eight(repeating: 1), high)
  let q = chosen(isFar, low - high, low) / chosen(isFar, low + high, nearest)
  let square = q * q
  var top = Eight(repeating: -0.875_060_860_003_190_4)
  top = horner(top, square, -16.157_537_187_333_652)
  top = horner(top, square, -75.008_557_923_147_05)
  top = horner(top, square, -122.886_668_449_013_62)
  top = horner(top, square, -64.850_219_049_420_25)
  var bottom = square + 24.858_464_901_423_063
  bottom = horner(bottom, square, 165.027_009_831_698_86)
  bottom = horner(bottom, square, 432.881_060_491_290_3)
  bottom = horner(bottom, square, 485.390_399_635_913_7)
  bottom = horner(bottom, square, 194.550_657_148_261_4)
  var angle = q * (square * top / bottom) + q
  angle = chosen(isFar, angle + 0.785_398_163_397_448_3, angle)
  angle = chosen(isSteep, 1.570_796_326_794_896_6 - angle, angle)
  return chosen(c .< 0, 3.141_592_653_589_793 - angle, angle)
}

/// `x` where `mask` holds, else `y`.
@inline(__always)
private func chosen(_ mask: SIMDMask<SIMD8<Int64>>, _ x: Eight, _ y: Eight) -> Eight {
  let (xBits, yBits) = (
    unsafeBitCast(x, to: SIMD8<Int64>.self), unsafeBitCast(y, to: SIMD8<Int64>.self)
  )
  let bits = yBits ^ ((xBits ^ yBits) & unsafeBitCast(mask, to: SIMD8<Int64>.self))
  return unsafeBitCast(bits, to: Eight.self)
}

/// Writes the points γ(t) of the geodesics from unit vectors to others, and their velocities γ̇(t); all
/// batches are 3×n, a row after the other.
///
/// γ(t) = cos(tθ)x + sin(tθ)e with the unit tangent e = (x × y) × x/|x × y| and θ = atan2(|x × y|, x·y).
/// Of antipodes, which have no e, and of what is not finite, all that is written is NaN. No operation is
/// fused, so that every instruction set has the same bits.
func sphereGeodesics(
  from x0: UnsafePointer<Double>, to x1: UnsafePointer<Double>, times: UnsafePointer<Double>,
  timeStride: Int, count: Int, points: UnsafeMutablePointer<Double>,
  velocities: UnsafeMutablePointer<Double>
) {
  var first = 0
  while first < count {
    let columns = Columns(first: first, count: count)
    let (x, y) = (columns.vectors(x0), columns.vectors(x1))
    let t = timeStride == 0 ? Eight(repeating: times[0]) : columns.load(times)
    let cosine = x.dot(y)
    // The same product, without the cancellation of nearly equal or opposite vectors.
    let side = chosen(cosine .< 0, Eight(repeating: 1), Eight(repeating: -1))
    let normal = x.cross(y + side * x)
    let sine = normal.dot(normal).squareRoot()
    let isSame = (sine .== 0) .& (cosine .> 0)
    // Where both are the same there is no way to go, and any tangent does.
    let length = chosen(isSame, Eight(repeating: 1), sine)
    let tangent = (1 / length) * normal.cross(x)
    let theta = angle(sine: sine, cosine: cosine)
    let (s, c) = sineCosine(turns: t * theta * 0.159_154_943_091_895_35)
    let point = c * x + s * tangent
    columns.store((1 / point.dot(point).squareRoot()) * point, points)
    columns.store(theta * (c * tangent + (0 - s) * x), velocities)
    first += 8
  }
}

/// Brings vectors to the length 1.
func sphereSettle(_ points: UnsafeMutablePointer<Double>, count: Int) {
  var first = 0
  while first < count {
    let columns = Columns(first: first, count: count)
    let point = columns.vectors(points)
    let length = point.dot(point).squareRoot()
    columns.store(Vectors(x: point.x / length, y: point.y / length, z: point.z / length), points)
    first += 8
  }
}

/// Writes the place of every point on the chart: turns of longitude in [0, 1), and behind it half turns
/// from the north pole.
func spherePlaces(_ points: UnsafePointer<Double>, count: Int, _ places: Doubles) {
  var first = 0
  while first < count {
    let columns = Columns(first: first, count: count)
    let point = columns.vectors(points)
    let flat = (point.x * point.x + point.y * point.y).squareRoot()
    let east = angle(sine: magnitude(point.y), cosine: point.x) * 0.159_154_943_091_895_35
    let u = chosen(point.y .< 0, 1 - east, east)
    let v = angle(sine: flat, cosine: point.z) * 0.318_309_886_183_790_7
    for lane in 0..<min(8, count - first) {
      places[2 * (first + lane)] = u[lane]
      places[2 * (first + lane) + 1] = v[lane]
    }
    first += 8
  }
}

/// |x|.
@inline(__always)
private func magnitude(_ x: Eight) -> Eight {
  unsafeBitCast(
    unsafeBitCast(x, to: SIMD8<UInt64>.self) & 0x7fff_ffff_ffff_ffff, to: Eight.self)
}

/// Writes where points are seen along `front`, by the axes `right` and `up` (three numbers each, one after
/// the other): a row for each, NaN for what is behind.
func sphereView(
  _ points: UnsafePointer<Double>, count: Int, axes: UnsafePointer<Double>,
  _ picture: UnsafeMutablePointer<Double>
) {
  var first = 0
  while first < count {
    let columns = Columns(first: first, count: count)
    let point = columns.vectors(points)
    let (right, up, front) = (axis(axes), axis(axes + 3), axis(axes + 6))
    // Written so that what is not a number is hidden.
    let isSeen = point.dot(front) .> 0
    let hidden = Eight(repeating: .nan)
    columns.store(chosen(isSeen, point.dot(right), hidden), picture)
    columns.store(chosen(isSeen, point.dot(up), hidden), picture + count)
    first += 8
  }
}

@inline(__always)
private func axis(_ numbers: UnsafePointer<Double>) -> Vectors {
  Vectors(
    x: Eight(repeating: numbers[0]), y: Eight(repeating: numbers[1]),
    z: Eight(repeating: numbers[2]))
}
