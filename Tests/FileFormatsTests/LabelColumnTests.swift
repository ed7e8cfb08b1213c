import Testing

@testable import FileFormats

@Suite("Columns of labels")
struct LabelColumnTests {
  private static func read(_ text: String, _ column: String?, _ count: Int) -> String {
    do throws(FileFailure) {
      return try LabelColumn.read(column, of: MemorySource(Array(text.utf8)), count: count)
        .joined(separator: "|")
    } catch { return "\(error)" }
  }

  @Test("A column by name or number, with or without a header; blanks around a label do not count")
  func columns() {
    #expect(Self.read("x,y,kind\n1,2, cat \n3,4,dog\n", "kind", 2) == "cat|dog")
    #expect(Self.read("x,y,kind\n1,2,cat\n3,4,dog\n", "3", 2) == "cat|dog")
    #expect(Self.read("1,2,0\n3,4,1\n", "3", 2) == "0|1")
    #expect(Self.read("label\nb\na\n", nil, 2) == "b|a")
    #expect(Self.read("b\na\n", nil, 2) == "b|a")
    #expect(Self.read("1;\"a, b\"\r\n2;c\r\n", "2", 2) == "a, b|c")
  }

  @Test("What is no column of as many labels is refused by its line")
  func refused() {
    for (text, column, count, word) in [
      ("", "1", 1, "no labels"), ("1,2\n3,4\n", nil, 2, "2 columns"),
      ("1,2\n3\n", "2", 2, "1 columns where"), ("1,2\n3,\n", "2", 2, "label is missing"),
      ("1\n2\n", "1", 4, "every point needs one"), ("1\n2\n3\n4\n", "1", 2, "more than 3"),
      ("k\na\n", "k", 2, "it has 1 labels"), ("1\n\u{1b}[2J\n", "1", 2, "control character"),
      ("1\n" + String(repeating: "a", count: 65) + "\n", "1", 2, "is no label"),
      ("a,b\n1,2\n", "c", 1, "c"),
    ] as [(String, String?, Int, String)] {
      let found = Self.read(text, column, count)
      #expect(found.contains(word), "\(text.debugDescription): \(found)")
    }
  }

  @Test("No byte makes it answer with other than as many labels, or an error")
  func anyBytes() {
    for bytes in CorpusFile.found("csv") + CorpusFile.all("csv").map(\.bytes) {
      for column in [nil, "1", "x"] {
        let labels = try? LabelColumn.read(column, of: MemorySource(bytes), count: 3)
        #expect(labels == nil || labels?.count == 3)
      }
      let integers = try? LabelColumn.integers(reading: MemorySource(bytes), count: 3)
      #expect(integers == nil || integers?.count == 3)
    }
  }
}
