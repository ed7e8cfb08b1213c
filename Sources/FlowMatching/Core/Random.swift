#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A seeded source of random numbers from which independent streams are derived by name.
///
/// The generator is xoshiro256++ (Blackman and Vigna, 2021), seeded by SplitMix64. A stream depends
/// only on its parent's seed and its own name, never on how much was drawn before: a new consumer
/// does not shift another's numbers.
public struct Random: Sendable, Hashable, RandomNumberGenerator {
  /// What this stream was seeded with; streams are derived from it.
  public let seed: UInt64
  private var s0: UInt64
  private var s1: UInt64
  private var s2: UInt64
  private var s3: UInt64
  private var spareNormal: Double?

  /// A generator whose whole sequence is fixed by `seed`.
  public init(seed: UInt64) {
    self.seed = seed
    var state = seed
    s0 = Random.splitMix(&state)
    s1 = Random.splitMix(&state)
    s2 = Random.splitMix(&state)
    s3 = Random.splitMix(&state)
  }

  /// The independent stream of that name: the FNV-1a hash of the name, mixed with the seed.
  public func stream(_ name: String) -> Random {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    var state = seed ^ hash
    return Random(seed: Random.splitMix(&state))
  }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    let sum = s0 &+ s3
    let result = ((sum << 23) | (sum >> 41)) &+ s0
    let shifted = s1 << 17
    s2 ^= s0
    s3 ^= s1
    s1 ^= s2
    s0 ^= s3
    s2 ^= shifted
    s3 = (s3 << 45) | (s3 >> 19)
    return result
  }

  /// A uniform variate on [0, 1) with 53 random bits.
  public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A uniform integer in `0..<bound`, without bias (Lemire, 2019).
  public mutating func integer(below bound: Int) -> Int {
    Int(next(upperBound: UInt64(bound)))
  }

  /// A standard normal variate by the polar method (Marsaglia and Bray, 1964).
  public mutating func normal() -> Double {
    if let spare = spareNormal {
      spareNormal = nil
      return spare
    }
    while true {
      let u = 2 * uniform() - 1
      let v = 2 * uniform() - 1
      let square = u * u + v * v
      if square < 1 && square > 0 {
        let scale = (-2 * log(square) / square).squareRoot()
        spareNormal = v * scale
        return u * scale
      }
    }
  }

  private static func splitMix(_ state: inout UInt64) -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}

extension Random {
  /// The whole state in seven words: the seed, the four of the generator, and the second of a pair
  /// of normal variates, if it is still to come: 1 and its bits, else 0 and 0.
  public var words: [UInt64] {
    [seed, s0, s1, s2, s3, spareNormal == nil ? 0 : 1, spareNormal?.bitPattern ?? 0]
  }

  /// A generator that goes on from such words; nil where they are none.
  public init?(words: [UInt64]) {
    guard words.count == 7, words[5] <= 1, words[1...4].contains(where: { $0 != 0 }) else {
      return nil
    }
    self.init(seed: words[0])
    (s0, s1, s2, s3) = (words[1], words[2], words[3], words[4])
    spareNormal = words[5] == 1 ? Double(bitPattern: words[6]) : nil
  }
}
