import Testing

@testable import FileFormats

@Suite("What parts the fields of a line")
struct CsvSeparatorTests {
  /// Bytes that count how often one of them is looked at.
  private struct Counted: Collection {
    final class Looks { var count = 0 }

    let bytes: [UInt8]
    let looks = Looks()

    var startIndex: Int { 0 }
    var endIndex: Int { bytes.count }
    func index(after i: Int) -> Int { i + 1 }

    subscript(i: Int) -> UInt8 {
      looks.count += 1
      return bytes[i]
    }
  }

  private func judged(_ text: String) -> (pads: Bool, looks: Int) {
    let line = Counted(bytes: Array(text.utf8))
    return (CsvSeparator.padsWithTabs(line), line.looks.count)
  }

  @Test("60 KB of tabs are looked at once each, wherever the comma that they pad stands")
  func oncePerTab() {
    let tabs = String(repeating: "\t", count: 60_000)
    for (text, pads) in [
      ("1" + tabs + "2", false), ("1," + tabs + "2", true), ("1" + tabs + ",2", true),
      (tabs, false),
    ] {
      let (found, looks) = judged(text)
      #expect(found == pads && looks <= text.utf8.count)
    }
  }

  @Test(
    "Tabs pad where every run of them touches a comma",
    arguments: [
      ("1,\t2", true), ("1\t,2", true), ("1 \t ,2", true), ("1\t2", false), ("1,\t2\t3", false),
      ("1\t,2\t,3", true), ("\t,1", true), ("\t1,2", false), ("1,2,\t", true), ("1,2\t", false),
      ("1,2", true), ("1, 2", true), ("", true),
    ])
  func padding(text: String, pads: Bool) {
    #expect(judged(text).pads == pads)
  }
}
