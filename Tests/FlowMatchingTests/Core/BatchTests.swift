import Testing

@testable import FlowMatching

@Suite struct BatchTests {
  private let batch = Batch(points: [[1, 10], [2, 20], [3, 30], [4, 40]])

  @Test("coordinates are stored row after row")
  func layout() {
    #expect(batch.dimension == 2 && batch.count == 4)
    #expect(batch.values == [1, 2, 3, 4, 10, 20, 30, 40])
    #expect(batch[1, 2] == 30 && batch.point(2) == [3, 30])
    #expect(batch == Batch(dimension: 2, values: [1, 2, 3, 4, 10, 20, 30, 40]))
    var copy = batch
    copy[0, 3] = -1
    #expect(copy.point(3) == [-1, 40] && batch.point(3) == [4, 40])
  }

  @Test("a part has the points of its range; a prefix stops at the end")
  func parts() {
    #expect(batch.points(1..<3) == Batch(points: [[2, 20], [3, 30]]))
    #expect(batch.points(4..<4).count == 0)
    #expect(batch.prefix(2) == batch.points(0..<2))
    #expect(batch.prefix(99) == batch)
  }

  @Test("shape and finiteness are told")
  func properties() {
    #expect(batch.hasShape(of: Batch(dimension: 2, count: 4)))
    #expect(!batch.hasShape(of: Batch(dimension: 4, count: 2)))
    #expect(batch.isFinite && Batch(dimension: 3, count: 0).isFinite)
    for value in [Double.nan, .infinity, -.infinity] {
      var copy = batch
      copy[1, 1] = value
      #expect(!copy.isFinite)
    }
  }

  @Test("times are shared by all points or each point's own")
  func times() {
    #expect(Times.shared(0.3)[7] == 0.3)
    #expect(Times.each([0.1, 0.2])[1] == 0.2)
  }
}
