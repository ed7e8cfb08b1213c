import Testing

@testable import flowscope

@Suite("Metrics")
struct MetricsFileTests {
  static let header = "step,loss,average_loss,excess_loss,w2\n"

  @Test(
    "A run that goes on keeps the rows up to its step",
    arguments: [
      (["30,1,2,3,", "60,1,2,3,"], 60, 2), (["30,1,2,3,", "60,1,2,3,"], 59, 1),
      (["30,1,2,3,", "60,1,2,3,"], 10, 0), ([], 5, 0),
      // Torn, or another's.
      (["30,1,2,3,", "60,1,"], 90, 1), (["30,1,2,3,", "?"], 90, 1),
      // Behind the rows of an earlier run nothing is cut but those of this one.
      (["30,1,2,3,", "900,1,2,3,", "30,1,2,3,", "60,1,2,3,"], 30, 3),
    ] as [([String], Int, Int)])
  func kept(rows: [String], step: Int, count: Int) {
    let text = MetricsFileTests.header + rows.map { $0 + "\n" }.joined()
    let expected = MetricsFileTests.header + rows.prefix(count).map { $0 + "\n" }.joined()
    #expect(MetricsFile.kept(Array(text.utf8), upTo: step) == expected.utf8.count)
    // A last row without its end is torn.
    if !rows.isEmpty, count == rows.count {
      #expect(MetricsFile.kept(Array(text.utf8.dropLast()), upTo: step) < expected.utf8.count)
    }
  }
}
