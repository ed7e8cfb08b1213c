import Testing

@testable import FlowMatching

@Suite struct RandomTests {
  @Test("xoshiro256++ from SplitMix64 gives the numbers of its authors' reference code")
  func reference() {
    // Computed with the published C sources, transcribed to Python, for seed 42.
    var random = Random(seed: 42)
    #expect(
      (0..<3).map { _ in random.next() } == [
        0xd076_4d4f_4476_689f, 0x519e_4174_576f_3791, 0xfbe0_7cfb_0c24_ed8c,
      ])
  }

  @Test("a stream depends on the seed and its name, not on what was drawn before")
  func streams() {
    let fresh = Random(seed: 5)
    var used = fresh
    for _ in 0..<100 { _ = used.normal() }
    #expect(fresh.stream("batch") == used.stream("batch"))
    #expect(fresh.stream("batch").stream("a") == used.stream("batch").stream("a"))
    var seen: Set<UInt64> = []
    for name in ["batch", "Batch", "target", "time", "", "a", "b"] {
      for seed in 0..<50 {
        var stream = Random(seed: UInt64(seed)).stream(name)
        seen.insert(stream.next())
      }
    }
    #expect(seen.count == 350, "two streams begin alike")
  }

  @Test("two streams of one seed are uncorrelated")
  func independence() {
    var (a, b) = (Random(seed: 1).stream("source"), Random(seed: 1).stream("target"))
    expectMean(of: (0..<20_000).map { _ in a.normal() * b.normal() }, 0)
  }

  @Test("uniform variates lie in [0, 1) with mean ½ and variance 1/12")
  func uniform() {
    var random = Random(seed: 2)
    let values = (0..<20_000).map { _ in random.uniform() }
    #expect(values.allSatisfy { $0 >= 0 && $0 < 1 })
    expectMean(of: values, 0.5)
    expectMean(of: values.map { ($0 - 0.5) * ($0 - 0.5) }, 1 / 12.0)
    // Each of 16 cells has 1250 ± 34 of them.
    var cells = [Int](repeating: 0, count: 16)
    for value in values { cells[Int(value * 16)] += 1 }
    #expect(cells.allSatisfy { abs($0 - 1250) < 171 }, "\(cells)")
  }

  @Test("normal variates have moments 0, 1, 0, 3, 15, no correlation of neighbours, right tails")
  func normal() {
    var random = Random(seed: 3)
    let values = (0..<40_000).map { _ in random.normal() }
    for (power, moment) in [(1, 0.0), (2, 1), (3, 0), (4, 3), (6, 15)] {
      expectMean(of: values.map { x in (0..<power).reduce(1.0) { p, _ in p * x } }, moment)
    }
    expectMean(of: zip(values, values.dropFirst()).map { $0 * $1 }, 0)
    // P(|x| > 1), P(|x| > 2), P(|x| > 3).
    for (limit, share) in [(1.0, 0.317_310_5), (2, 0.045_500_3), (3, 0.002_699_8)] {
      expectMean(of: values.map { abs($0) > limit ? 1 : 0 }, share)
    }
  }

  @Test("integers below a bound are equally likely", arguments: [1, 2, 3, 7, 10])
  func integers(bound: Int) {
    var random = Random(seed: 4)
    var counts = [Int](repeating: 0, count: bound)
    for _ in 0..<(2000 * bound) { counts[random.integer(below: bound)] += 1 }
    let limit = 5 * (2000 * (1 - 1 / Double(bound))).squareRoot()
    #expect(counts.allSatisfy { Double(abs($0 - 2000)) <= limit }, "\(counts)")
  }

  @Test("a huge bound shows no bias either: the top third is as likely as the others")
  func largeBound() {
    // With bound = 3·2⁶¹ a plain remainder would favour the lowest third by 2 to 1.
    var random = Random(seed: 6)
    let third = 1 << 61
    let values = (0..<6000).map { _ in random.integer(below: 3 * third) }
    for k in 0..<3 {
      let count = values.filter { $0 / third == k }.count
      #expect(abs(count - 2000) < 183)
    }
  }
}
