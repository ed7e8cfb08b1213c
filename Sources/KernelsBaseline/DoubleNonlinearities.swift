import CKernels

/// f(x) and f′(x) of the activation of that code, to a few units in the last place of 1 + |f|.
func doubleActivation(_ code: Int, _ x: Lanes) -> (value: Lanes, derivative: Lanes) {
  let (zero, one) = (Lanes(repeating: 0), Lanes(repeating: 1))
  switch code {
  case 0:
    // λ and λα of Klambauer et al. (2017), eq. 2.
    let scale = 1.050_700_987_355_480_493_419_334_985_294_6
    let below = scale * 1.673_263_242_354_377_284_817_042_991_671_7
    let power = below * exponentialInDouble(lanes_min(x, zero))
    return (
      scale * lanes_max(x, zero) + (power - below),
      lanes_where_less(zero, x, Lanes(repeating: scale), power)
    )
  case 1:
    let logistic = one / (one + exponentialInDouble(zero - x))
    let value = x * logistic
    return (value, logistic + value * (one - logistic))
  case 2:
    let e = exponentialInDouble(-2 * lanes_abs(x))
    let magnitude = (one - e) / (one + e)
    let value = lanes_where_less(x, zero, zero - magnitude, magnitude)
    return (value, one - value * value)
  case 3:
    let power = exponentialInDouble(lanes_min(x, zero))
    return (lanes_max(x, zero) + (power - one), lanes_where_less(zero, x, one, power))
  case 4: return (lanes_max(x, zero), lanes_where_less(zero, x, one, zero))
  case 5:
    var phi = x
    for k in 0..<8 { phi[k] = 0.5 * lanes_erfc(-x[k] * 0.5.squareRoot()) }
    // 1/√(2π).
    let bell = 0.398_942_280_401_432_677_94 * exponentialInDouble(-0.5 * x * x)
    return (x * phi, phi + x * bell)
  default:
    let e = exponentialInDouble(zero - lanes_abs(x))
    var tail = e
    for k in 0..<8 { tail[k] = lanes_log1p(e[k]) }
    let small = e / (one + e)
    return (lanes_max(x, zero) + tail, lanes_where_less(zero, x, one - small, small))
  }
}

/// eˣ, its argument brought into ±700; NaN stays NaN.
///
/// x = n ln 2 + r, |r| ≤ ½ ln 2, and the series of eʳ to r¹³, whose rest is below 1e-17.
@inline(__always)
func exponentialInDouble(_ argument: Lanes) -> Lanes {
  let x = lanes_where_less(
    argument, Lanes(repeating: -700), Lanes(repeating: -700),
    lanes_where_less(Lanes(repeating: 700), argument, Lanes(repeating: 700), argument))
  // Adding 1.5·2⁵² rounds to an integer and leaves it in the low bits.
  let magic = Lanes(repeating: 0x1.8p52)
  let shifted = multiplyAdd(x, Lanes(repeating: 1.442_695_040_888_963_407_36), magic)
  let n = shifted - magic
  var r = multiplyAdd(n, Lanes(repeating: -6.931_471_803_691_238_164_90e-1), x)
  r = multiplyAdd(n, Lanes(repeating: -1.908_214_929_270_587_700_02e-10), r)
  var sum = Lanes(repeating: 1 / 6_227_020_800)
  sum = multiplyAdd(sum, r, Lanes(repeating: 1 / 479_001_600))
  sum = multiplyAdd(sum, r, Lanes(repeating: 1 / 39_916_800))
  sum = multiplyAdd(sum, r, Lanes(repeating: 1 / 3_628_800))
  sum = multiplyAdd(sum, r, Lanes(repeating: 1 / 362_880))
  sum = multiplyAdd(sum, r, Lanes(repeating: 1 / 40_320))
  sum = multiplyAdd(sum, r, Lanes(repeating: 1 / 5_040))
  sum = multiplyAdd(sum, r, Lanes(repeating: 1 / 720))
  sum = multiplyAdd(sum, r, Lanes(repeating: 1 / 120))
  sum = multiplyAdd(sum, r, Lanes(repeating: 1 / 24))
  sum = multiplyAdd(sum, r, Lanes(repeating: 1 / 6))
  sum = multiplyAdd(sum, r, Lanes(repeating: 0.5))
  sum = multiplyAdd(sum, r, Lanes(repeating: 1))
  sum = multiplyAdd(sum, r, Lanes(repeating: 1))
  let exponent = unsafeBitCast(shifted, to: SIMD8<Int64>.self) &+ 1023
  return sum * unsafeBitCast(exponent &<< 52, to: Lanes.self)
}
