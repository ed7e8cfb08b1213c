import Testing

@testable import TerminalCanvas

/// Rich lines that lose their first words where there is no room.
struct RunTests {
  private func line(_ texts: String...) -> [Run] { texts.map { Run($0) } }

  @Test func theFirstWordsGoAndWhatIsLeftIsWhole() {
    let line = line("step ", "39 484", "   floor ", "0.256")
    #expect(line.droppingFirstWords(toFit: 40).text == "step 39 484   floor 0.256")
    #expect(line.droppingFirstWords(toFit: 24).text == "39 484   floor 0.256")
    // Never “484   floor 0.256”, which is another number.
    #expect(line.droppingFirstWords(toFit: 19).text == "floor 0.256")
    #expect(line.droppingFirstWords(toFit: 5).text == "0.256")
    #expect(line.droppingFirstWords(toFit: 4).text == "")
  }

  @Test func numbersThatStandApartAreWordsOfTheirOwn() {
    #expect(line("12", "  ", "34").droppingFirstWords(toFit: 3).text == "34")
    #expect(line("t 1", " a").droppingFirstWords(toFit: 3).text == "1 a")
  }
}
