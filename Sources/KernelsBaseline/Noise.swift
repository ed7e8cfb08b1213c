/// Eight xoshiro256++ generators (Blackman and Vigna, 2021) side by side.
///
/// The number of lanes is fixed and no operation is fused, so that every instruction set draws the
/// same bits.
private struct Generators {
  private var s0, s1, s2, s3: SIMD8<UInt64>

  /// Lane after lane seeded by SplitMix64.
  init(seed: UInt64) {
    var state = seed
    (s0, s1, s2, s3) = (SIMD8(), SIMD8(), SIMD8(), SIMD8())
    for lane in 0..<8 {
      s0[lane] = Generators.splitMix(&state)
      s1[lane] = Generators.splitMix(&state)
      s2[lane] = Generators.splitMix(&state)
      s3[lane] = Generators.splitMix(&state)
    }
  }

  private static func splitMix(_ state: inout UInt64) -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z &>> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z &>> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z &>> 31)
  }

  /// Eight uniform variates on [0, 1) with 52 random bits.
  @inline(__always)
  mutating func uniforms() -> SIMD8<Double> {
    let sum = s0 &+ s3
    let result = ((sum &<< 23) | (sum &>> 41)) &+ s0
    let shifted = s1 &<< 17
    s2 ^= s0
    s3 ^= s1
    s1 ^= s2
    s0 ^= s3
    s2 ^= shifted
    s3 = (s3 &<< 45) | (s3 &>> 19)
    let bits = (result &>> 12) | SIMD8(repeating: 0x3ff0_0000_0000_0000)
    return unsafeBitCast(bits, to: SIMD8<Double>.self) - 1
  }

  /// Sixteen standard normal variates by the transform of Box and Muller (1958).
  @inline(__always)
  mutating func normals() -> (SIMD8<Double>, SIMD8<Double>) {
    // Half a step above 0, where the logarithm is finite.
    let radius = (-2 * logarithm(uniforms() + 0x1p-53)).squareRoot()
    let (sine, cosine) = sineCosine(turns: uniforms())
    return (radius * cosine, radius * sine)
  }
}

/// qx + c: one step of a polynomial.
@inline(__always)
func horner(_ q: SIMD8<Double>, _ x: SIMD8<Double>, _ c: Double) -> SIMD8<Double> {
  q * x + SIMD8(repeating: c)
}

/// log x for normal positive x: x = 2ᵉm with m in [¾, 1½), log m = 2 artanh s, s = (m − 1)/(m + 1).
@inline(__always)
private func logarithm(_ x: SIMD8<Double>) -> SIMD8<Double> {
  let bits = unsafeBitCast(x, to: SIMD8<UInt64>.self)
  // Counting from ¾ = 0x3fe8… makes the exponent that of the nearest power.
  let exponent = (bits &- 0x3fe8_0000_0000_0000) &>> 52
  // The shift is unsigned: a negative exponent is read from its low twelve bits.
  let mantissa = bits &- (exponent &<< 52)
  let centred = (exponent &+ 2048) & 4095
  let e = unsafeBitCast(centred | 0x4330_0000_0000_0000, to: SIMD8<Double>.self) - (0x1p52 + 2048)
  let m = unsafeBitCast(mantissa, to: SIMD8<Double>.self)
  let s = (m - 1) / (m + 1)
  let square = s * s
  var q = SIMD8<Double>(repeating: 1.0 / 21)
  var k = 19.0
  while k > 0 {
    q = horner(q, square, 1 / k)
    k -= 2
  }
  return e * 0.693_147_180_559_945_3 + 2 * s * q
}

/// sin and cos of 2πu for u of moderate size, a hundred million turns or less.
@inline(__always)
func sineCosine(turns u: SIMD8<Double>) -> (SIMD8<Double>, SIMD8<Double>) {
  // Rounding by the magic number 1.5·2⁵² leaves the quadrant in the low bits.
  let magic = 0x1.8p52
  let shifted = 4 * u + magic
  let quadrant = unsafeBitCast(shifted, to: SIMD8<UInt64>.self)
  let r = (4 * u - (shifted - magic)) * 1.570_796_326_794_896_6
  let square = r * r
  var s = SIMD8<Double>(repeating: -1 / 1_307_674_368_000)
  s = horner(s, square, 1 / 6_227_020_800)
  s = horner(s, square, -1 / 39_916_800)
  s = horner(s, square, 1 / 362_880)
  s = horner(s, square, -1 / 5040)
  s = horner(s, square, 1 / 120)
  s = horner(s, square, -1 / 6)
  s = s * square * r + r
  var c = SIMD8<Double>(repeating: 1 / 20_922_789_888_000)
  c = horner(c, square, -1 / 87_178_291_200)
  c = horner(c, square, 1 / 479_001_600)
  c = horner(c, square, -1 / 3_628_800)
  c = horner(c, square, 1 / 40320)
  c = horner(c, square, -1 / 720)
  c = horner(c, square, 1 / 24)
  c = horner(c, square, -0.5)
  c = horner(c, square, 1)
  // Odd quadrants swap the two; the second bit of the quadrant, or of the next, is the sign.
  let swapped = 0 &- (quadrant & 1)
  let sineBits = unsafeBitCast(s, to: SIMD8<UInt64>.self)
  let cosineBits = unsafeBitCast(c, to: SIMD8<UInt64>.self)
  let sine = (cosineBits & swapped) | (sineBits & ~swapped)
  let cosine = (sineBits & swapped) | (cosineBits & ~swapped)
  let sineSign = (quadrant & 2) &<< 62
  let cosineSign = ((quadrant &+ 1) & 2) &<< 62
  return (
    unsafeBitCast(sine ^ sineSign, to: SIMD8<Double>.self),
    unsafeBitCast(cosine ^ cosineSign, to: SIMD8<Double>.self)
  )
}

/// `count` standard normal variates, fixed by the seed.
func fillNormals(_ values: UnsafeMutablePointer<Double>, count: Int, seed: UInt64) {
  var generators = Generators(seed: seed)
  var i = 0
  while i < count {
    let (a, b) = generators.normals()
    store(a, to: values + i, room: count - i)
    store(b, to: values + i + 8, room: count - i - 8)
    i += 16
  }
}

/// `count` uniform variates on [0, 1), fixed by the seed.
func fillUniforms(_ values: UnsafeMutablePointer<Double>, count: Int, seed: UInt64) {
  var generators = Generators(seed: seed)
  var i = 0
  while i < count {
    store(generators.uniforms(), to: values + i, room: count - i)
    i += 8
  }
}

@inline(__always)
private func store(_ x: SIMD8<Double>, to values: UnsafeMutablePointer<Double>, room: Int) {
  if room >= 8 {
    UnsafeMutableRawPointer(values).storeBytes(of: x, as: SIMD8<Double>.self)
  } else {
    for k in 0..<max(0, room) { values[k] = x[k] }
  }
}
