import Testing

@testable import FlowMatching

@Suite struct TextTests {
  @Test("every letter and digit has a shape of its own, and its boxes are its cells")
  func letters() {
    let all = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    #expect(Letters.rows.count == all.count && all.allSatisfy { Letters.rows[$0] != nil })
    #expect(Set(Letters.rows.values).count == all.count)
    for (letter, rows) in Letters.rows {
      #expect(rows.count == 7 && rows.allSatisfy { (0..<32).contains($0) })
      var cells = [Int](repeating: 0, count: 7)
      for run in Letters.runs(rows) {
        for row in run.rows {
          for column in run.columns {
            #expect(cells[row] & (16 >> column) == 0, "boxes of \(letter) overlap")
            cells[row] |= 16 >> column
          }
        }
      }
      #expect(cells == rows)
    }
  }

  @Test("a word is centred, at most 8 wide and 5 high, and reads from left to right")
  func layout() throws {
    let boxes = try Boxes.text("il")
    #expect(boxes.lows.map { $0[0] }.min()! > -4 - 1e-12)
    #expect(boxes.highs.map { $0[1] }.max()! == 2.5)
    #expect(boxes.lows.map { $0[1] }.min()! == -2.5)
    // The I has its stem left of the middle, the foot of the L lies to the right.
    let cell = 5.0 / 7
    let probe = Batch(points: [[-3 * cell, 0], [4 * cell, -3 * cell], [4 * cell, 3 * cell]])
    let density = boxes.logDensity(probe)
    #expect(density[0].isFinite && density[1].isFinite && density[2] == -.infinity)
  }

  @Test("a word is found by its name, in capitals; its entropy is the logarithm of its area")
  func names() throws {
    let dataset = try DatasetCatalog.named("text:Flow 2")
    #expect(dataset.name == "text:FLOW 2")
    #expect(try DatasetCatalog.named(dataset.name).distribution as? Boxes == Boxes.text("FLOW 2"))
    let area = 59.0 * (8.0 / 23) * (8.0 / 23)
    #expect(abs(DatasetCatalog.word.entropyFloor! - logarithm(area)) < 1e-12)
  }

  @Test("an empty word, a long word and an unknown letter are refused by name")
  func refused() {
    for text in ["", "   ", "ABCDEFGHIJKLM", "FLÖW"] {
      #expect(throws: UnknownName.self) { try Dataset.text(text) }
    }
  }
}
