import Foundation
import Testing

@testable import FlowMatching

@Suite("Token data")
struct TokenDataTests {
  @Test(
    "The English words are four letters long, sorted, all different, and their entropy is ln 2368")
  func english() throws {
    let list = WordList.english
    #expect(list.count == 2368)
    #expect(list.space == TokenSpace(length: 4, letters: 26))
    let words = (0..<list.count).map { list.letters.text(list.words.sequence($0)) }
    #expect(words.first == "abbr" && words.last == "zoos")
    #expect(words == words.sorted())
    #expect(Set(words).count == 2368)
    #expect(abs(list.entropy - 7.769_801) < 1e-6)
    let sing = try #require(list.letters.sequence("sing"))
    #expect(list.probability(of: sing) == 1 / 2368.0)
    for other in ["sxng", "s·ng"] {
      #expect(list.probability(of: try #require(list.letters.sequence(other))) == 0)
    }
    var random = Random(seed: 1)
    let x = list.sample(count: 500, using: &random)
    #expect(list.supportShare(of: x) == 1)
    #expect(Set((0..<500).map { x.sequence($0) }).count > 400)
  }

  @Test(
    "A list of any alphabet is read; a mark, returns and empty lines at its end are passed over")
  func ownList() throws {
    let list = try WordList(text: "\u{FEFF}für\r\nöde\r\nÄra\r\n日本語\r\n\r\n\n")
    #expect(list.count == 4)
    #expect(list.space.length == 3)
    #expect(list.space.letters == 11)
    #expect(list.letters.text(list.words.sequence(3)) == "日本語")
    // One letter may be several code points, and is the same however it is composed.
    let composed = try WordList(text: "e\u{301}a\n\u{E9}b")
    #expect(composed.space == TokenSpace(length: 2, letters: 3))
  }

  @Test(
    "A bad list is refused by its line",
    arguments: [
      ("", WordListFailure.tooFew(0)), ("word\n", .tooFew(1)),
      ("abc\n\nabd", .empty(line: 2)), ("abc\nab", .length(line: 2, length: 2, first: 3)),
      ("abc\nabd\nabc", .repeated(line: 3, earlier: 1, word: "abc")),
      ("abc\na c", .notALetter(line: 2, column: 2, codes: "U+0020")),
      ("abc\n\u{1B}[m", .notALetter(line: 2, column: 1, codes: "U+001B")),
      ("ab\u{202E}\nabc", .notALetter(line: 1, column: 3, codes: "U+202E")),
      ("a·c\nabc", .reserved(line: 1, column: 2)),
      ("ab\n\u{301}a", .notALetter(line: 2, column: 1, codes: "U+0301")),
      ("ab\na\u{3164}", .notALetter(line: 2, column: 2, codes: "U+3164")),
      (
        "ab\na" + String(repeating: "\u{301}", count: 40),
        .notALetter(line: 2, column: 1, codes: "U+0061 U+0301 U+0301 U+0301 …")
      ),
      (String(repeating: "a", count: 65), .tooLong(line: 1, length: 65)),
      (
        (0..<257).map { "\(Character(Unicode.Scalar(0x4E00 + $0)!))" }.joined(separator: "\n"),
        .tooManyLetters(line: 257)
      ),
    ])
  func badList(text: String, failure: WordListFailure) {
    #expect(throws: failure) { try WordList(text: text) }
    #expect(failure.description.count > 10 && !failure.description.contains("\n"))
  }

  @Test("Half of the board is dark, its letters are uniform, its entropy is 9.0109 for 128 of them")
  func board() throws {
    for letters in [8, 12, 128] {
      let board = try #require(TokensCheckerboard(letters: letters))
      let states = TokenStates(board.space, along: TokenPath(source: .uniform))
      let p = (0..<states.count).map { board.probability(of: states.sequence($0)) }
      #expect(p.count { $0 > 0 } == letters * letters / 2)
      #expect(abs(p.reduce(0, +) - 1) < 1e-12)
      let entropy = p.filter { $0 > 0 }.reduce(0) { $0 - $1 * log($1) }
      #expect(abs(entropy - board.entropy) < 1e-12 * entropy)
      var random = Random(seed: 2)
      let x = board.sample(count: 20_000, using: &random)
      #expect(board.supportShare(of: x) == 1)
      for i in 0..<2 {
        // χ² with V − 1 degrees of freedom, five deviations.
        var counts = [Double](repeating: 0, count: letters)
        for j in 0..<x.count { counts[Int(x[i, j])] += 1 }
        let mean = 20_000 / Double(letters)
        let chi = counts.reduce(0) { $0 + ($1 - mean) * ($1 - mean) / mean }
        let freedom = Double(letters - 1)
        #expect(abs(chi - freedom) < 5 * (2 * freedom).squareRoot())
      }
    }
    #expect(abs(TokensCheckerboard.standard.entropy - 9.0109) < 5e-5)
  }

  @Test("Data sets are found by name; a board that cannot be says what it needs")
  func catalog() throws {
    #expect(try TokenCatalog.named("words").space.length == 4)
    #expect(try TokenCatalog.named("tokens-checkerboard").space.letters == 128)
    #expect(try TokenCatalog.named("tokens-checkerboard:8").space.letters == 8)
    for bad in ["4", "10", "260", "-8", "", "8.0"] {
      #expect(throws: TokenCatalogFailure.board) {
        _ = try TokenCatalog.named("tokens-checkerboard:" + bad)
      }
    }
    do {
      _ = try TokenCatalog.named("word")
      Issue.record("there is no such data set")
    } catch { #expect(error.description.contains("did you mean words?")) }
  }
}
