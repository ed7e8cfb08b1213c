import Testing

@testable import FlowMatching

@Suite("Divergence of histograms")
struct HistogramDivergenceTests {
  private static func board(_ seed: UInt64, _ count: Int) -> Batch {
    var random = Random(seed: seed).stream("board")
    return DatasetCatalog.checkerboardSmall.distribution.sample(count: count, using: &random)
  }

  @Test("Of a sample from itself it is 0, of two samples of the board what counting leaves")
  func floor() throws {
    let a = try #require(HistogramDivergence(Self.board(1, 100_000)))
    let b = try #require(HistogramDivergence(Self.board(2, 100_000)))
    #expect(a.divergence(from: a) == 0)
    // The squares' 8 units of area fill 800 of the 2 500 bins of .01: about 800/n.
    #expect((0.004...0.016).contains(a.divergence(from: b)))
    #expect(a.outside < 1e-4)
  }

  @Test("Half of the board in place of the whole is ln 2 apart, but for bins that stay empty")
  func half() throws {
    let points = Self.board(3, 100_000)
    let left = points.choosing((0..<points.count).filter { points[0, $0] < 0 })
    let p = try #require(HistogramDivergence(left))
    let q = try #require(HistogramDivergence(points))
    // Half a count in each of 2 500 bins, and what counting leaves.
    #expect(abs(p.divergence(from: q) - logarithm(2)) < 0.05)
    // The other way round half of p's mass stands where q has next to nothing.
    #expect(q.divergence(from: p) > 2)
  }

  @Test("It tells something from twenty points a bin and fifty bins on")
  func telling() throws {
    /// So many bins of .1, with so many points in the middle of each.
    func histogram(_ bins: Int, _ points: Int) throws -> HistogramDivergence {
      try #require(
        HistogramDivergence(
          Batch(
            points: (0..<bins * points).map { k in
              [-2.45 + 0.1 * Double(k % bins % 50), 0.05 + 0.1 * Double(k % bins / 50)]
            })))
    }
    #expect(try histogram(50, 20).isTelling && histogram(80, 25).isTelling)
    #expect(try !histogram(49, 100).isTelling && !histogram(80, 19).isTelling)
  }

  @Test("Points that are no numbers have none")
  func lost() { #expect(HistogramDivergence(Batch(points: [[0, .nan]])) == nil) }
}
