#if AVX512
  typealias Vector = SIMD16<Float>
  /// The number of vectors of a row of a panel.
  let rowVectors = 2
#elseif AVX2
  typealias Vector = SIMD8<Float>
  let rowVectors = 4
#else
  typealias Vector = SIMD4<Float>
  let rowVectors = 8
#endif
/// The bits of a vector, also what a comparison gives: all ones where it holds.
typealias Bits = Vector.MaskStorage

/// Points are worked on in panels of this many, a row per feature: whatever the instruction set, a
/// row is a whole number of vectors and a panel lies in one piece of memory.
let panelWidth = 32

/// The floats of a cache line.
let lineFloats = 16

/// x·y + z, fused only where the processor has an instruction for it (elsewhere it is a call).
@inline(__always)
func multiplyAdd(_ x: Vector, _ y: Vector, _ z: Vector) -> Vector {
  #if FMA
    z.addingProduct(x, y)
  #else
    z + x * y
  #endif
}

/// `x` where `mask` holds, else `y`.
///
/// By integers, since `replacing(with:where:)` is far slower; and without `~`, which like a prefix
/// minus is a loop over lanes that the optimiser does not always put together again.
@inline(__always)
func select(_ mask: SIMDMask<Bits>, _ x: Vector, _ y: Vector) -> Vector {
  let (xBits, yBits) = (unsafeBitCast(x, to: Bits.self), unsafeBitCast(y, to: Bits.self))
  let chosen = yBits ^ ((xBits ^ yBits) & unsafeBitCast(mask, to: Bits.self))
  return unsafeBitCast(chosen, to: Vector.self)
}

/// −x.
@inline(__always)
func negative(_ x: Vector) -> Vector {
  let bits = unsafeBitCast(x, to: Bits.self) ^ Bits(repeating: Int32.min)
  return unsafeBitCast(bits, to: Vector.self)
}

/// The same number in every lane.
@inline(__always)
func constant(_ value: Float) -> Vector { Vector(repeating: value) }

/// The smaller of `x` and the bound; NaN stays NaN, which `pointwiseMin` would hide.
@inline(__always)
func atMost(_ x: Vector, _ bound: Float) -> Vector {
  select(x .> constant(bound), constant(bound), x)
}

/// The greater of `x` and the bound; NaN stays NaN.
@inline(__always)
func atLeast(_ x: Vector, _ bound: Float) -> Vector {
  select(x .< constant(bound), constant(bound), x)
}

/// |x|.
@inline(__always)
func absolute(_ x: Vector) -> Vector {
  let bits = unsafeBitCast(x, to: Bits.self) & Bits(repeating: Int32.max)
  return unsafeBitCast(bits, to: Vector.self)
}

/// The scale 2ⁿ and r with eˣ = 2ⁿeʳ, |r| ≤ ½ ln 2, for |x| ≤ 87; NaN stays NaN.
@inline(__always)
private func reduced(_ x: Vector) -> (scale: Vector, r: Vector) {
  // Adding 1.5·2²³ + 127 rounds to an integer and leaves it, biased as an exponent, in the low bits.
  let magic = constant(12_583_039)
  let shifted = multiplyAdd(x, constant(1.442_695_04), magic)
  let n = shifted - magic
  #if FMA
    // The product is not rounded: r is off by n·2e-9, the error of ln 2 itself.
    let r = multiplyAdd(n, constant(-0.693_147_18), x)
  #else
    var r = multiplyAdd(n, constant(-0.693_145_75), x)
    r = multiplyAdd(n, constant(-1.428_606_77e-6), r)
  #endif
  return (unsafeBitCast(unsafeBitCast(shifted, to: Bits.self) &<< 23, to: Vector.self), r)
}

/// The scale 2ⁿ and p = eʳ − 1 with eˣ = 2ⁿ(1 + p), for |x| ≤ 87.
///
/// Kept apart so that both eˣ and eˣ − 1 come out without cancellation. The polynomial is a minimax
/// fit of (eʳ − 1 − r)/r² with a relative error of 3e-9 in eʳ.
@inline(__always)
private func exponentialParts(_ x: Vector) -> (scale: Vector, p: Vector) {
  let (scale, r) = reduced(x)
  var q = constant(0.001_381_446_475)
  q = multiplyAdd(q, r, constant(0.008_368_780_622))
  q = multiplyAdd(q, r, constant(0.041_668_394_26))
  q = multiplyAdd(q, r, constant(0.166_665_201_1))
  q = multiplyAdd(q, r, constant(0.499_999_934_1))
  return (scale, multiplyAdd(q, r * r, r))
}

/// eˣ.
@inline(__always)
func exponential(_ x: Vector) -> Vector {
  let (scale, p) = exponentialParts(atLeast(atMost(x, 87), -87))
  return multiplyAdd(scale, p, scale)
}

/// eˣ − 1 for x ≤ 0, without cancellation near 0.
@inline(__always)
func exponentialMinusOne(_ x: Vector) -> Vector {
  let (scale, p) = exponentialParts(atLeast(x, -87))
  return multiplyAdd(scale, p, scale - constant(1))
}

/// 1 + eˣ.
///
/// A shorter way than by eˣ: a minimax fit of eʳ itself, whose relative error is 1.1e-7.
@inline(__always)
func onePlusExponential(_ x: Vector) -> Vector {
  let (scale, r) = reduced(atLeast(atMost(x, 87), -87))
  var q = constant(0.008_312_501_376)
  q = multiplyAdd(q, r, constant(0.041_890_331_6))
  q = multiplyAdd(q, r, constant(0.166_671_153_9))
  q = multiplyAdd(q, r, constant(0.499_992_303_1))
  q = multiplyAdd(q, r, constant(1))
  q = multiplyAdd(q, r, constant(1))
  return multiplyAdd(scale, q, constant(1))
}
