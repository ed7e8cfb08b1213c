import FileFormats
import FlowMatching
import Testing

@testable import flowscope

@Suite("Points of a file, a few at a time")
struct FilePointsTests {
  /// The numbers 0 … n − 1 and their negatives, as a file.
  private func file(_ count: Int) throws -> FilePoints {
    let text = (0..<count).map { "\($0),-\($0)\n" }.joined()
    return FilePoints(try CsvPoints(reading: MemorySource(Array(text.utf8))), in: PointPlace())
  }

  @Test("Of too many points each is as likely to be drawn as any other, wherever it stands")
  func drawn() throws {
    var points = try file(100_000)
    var random = Random(seed: 3).stream("rows")
    let (some, total) = try #require(try points.some(2000, using: &random))
    #expect(total == 100_000 && some.count == 2000)
    #expect((0..<2000).allSatisfy { some[1, $0] == -some[0, $0] })
    #expect(Set((0..<2000).map { some[0, $0] }).count == 2000)
    // Ten parts of the file give 200 ± 13.3 each.
    var parts = [Int](repeating: 0, count: 10)
    for j in 0..<2000 { parts[Int(some[0, j]) / 10_000] += 1 }
    #expect(parts.allSatisfy { abs($0 - 200) < 55 })
  }

  @Test("Where all are taken they keep the file's order, and no number is drawn")
  func all() throws {
    for count in [500, 70_000] {
      var points = try file(500)
      var random = Random(seed: 3)
      let untouched = random
      let (some, total) = try #require(try points.some(count, using: &random))
      #expect(total == 500 && (0..<500).allSatisfy { some[0, $0] == Double($0) })
      #expect(random == untouched)
    }
  }
}
