/// Four sums that wait for nobody but themselves.
private struct Four {
  var (a, b, c, d) = (constant(1), constant(1.25), constant(1.5), constant(1.75))

  @inline(__always)
  mutating func step(_ x: Vector, _ y: Vector) {
    a = multiplyAdd(a, x, y)
    b = multiplyAdd(b, x, y)
    c = multiplyAdd(c, x, y)
    d = multiplyAdd(d, x, y)
  }

  var sum: Vector { a + b + c + d }
}

/// As many independent multiply-adds as hide each other's latency and have room in the registers,
/// `rounds` times over; returns the number of floating-point operations and writes the results' sum, a
/// vector of at most 16, so that none is left out.
func multiplyAdds(
  rounds: Int, factor: Float, term: Float, _ sum: UnsafeMutableRawPointer
) -> Double {
  let (x, y) = (constant(factor), constant(term))
  var (p, q, r) = (Four(), Four(), Four())
  #if WIDE_TILE
    var s = Four()
    for _ in 0..<rounds {
      p.step(x, y)
      q.step(x, y)
      r.step(x, y)
      s.step(x, y)
    }
    sum.storeBytes(of: p.sum + q.sum + r.sum + s.sum, as: Vector.self)
    return Double(rounds) * Double(2 * 16 * Vector.scalarCount)
  #else
    for _ in 0..<rounds {
      p.step(x, y)
      q.step(x, y)
      r.step(x, y)
    }
    sum.storeBytes(of: p.sum + q.sum + r.sum, as: Vector.self)
    return Double(rounds) * Double(2 * 12 * Vector.scalarCount)
  #endif
}
