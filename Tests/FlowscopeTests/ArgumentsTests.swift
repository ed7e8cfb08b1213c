import Testing

@testable import flowscope

@Suite("What was typed")
struct ArgumentsTests {
  @Test("A negative number belongs to the option before it, nothing else does")
  func negativeNumbers() {
    func prepared(_ text: String) -> String {
      Arguments.prepared(text.split(separator: " ").map(String.init)).joined(separator: " ")
    }
    #expect(prepared("train --batch -5 --json") == "train --batch=-5 --json")
    #expect(prepared("--learning-rate -1e-3") == "--learning-rate=-1e-3")
    #expect(prepared("--tolerance -.5 --x -inf") == "--tolerance=-.5 --x=-inf")
    #expect(prepared("sample --out -") == "sample --out -")
    #expect(prepared("sample -h --out -x") == "sample -h --out -x")
    #expect(prepared("a -5") == "a -5")
    #expect(prepared("--batch=3 -5") == "--batch=3 -5")
    #expect(prepared("-- --batch -5") == "-- --batch -5")
  }

  @Test("--resume without a file means that of --out, with one that")
  func resume() {
    #expect(
      Arguments.prepared(["train", "--out", "a", "--resume", "--json"])
        == ["train", "--out", "a", "--resume=a", "--json"])
    #expect(Arguments.prepared(["--resume", "--out=a"]) == ["--resume=a", "--out=a"])
    #expect(Arguments.prepared(["--resume", "b", "--out=a"]) == ["--resume", "b", "--out=a"])
    #expect(Arguments.prepared(["--resume"]) == ["--resume"])
  }
}
