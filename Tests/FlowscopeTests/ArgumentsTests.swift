import Foundation
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
    #expect(Arguments.prepared(["-oa", "--resume"]) == ["-oa", "--resume=a"])
    #expect(Arguments.prepared(["-o", "a", "--resume"]) == ["-o", "a", "--resume=a"])
    #expect(Arguments.prepared(["-qoa", "--resume"]) == ["-q", "-oa", "--resume=a"])
  }

  @Test("Letters may stand together, the last with its value")
  func letters() {
    func prepared(_ text: String) -> String {
      Arguments.prepared(text.split(separator: " ").map(String.init)).joined(separator: " ")
    }
    #expect(prepared("-qjofile -n100 -s7") == "-qj -ofile -n100 -s7")
    #expect(prepared("-qo file -vn 5") == "-q -o file -v -n 5")
    #expect(prepared("-n -5 -s -7 -o -") == "-n-5 -s-7 -o -")
    #expect(prepared("-qj -quiet -h --quiet") == "-qj -quiet -h --quiet")
    #expect(prepared("-- -qofile -n -5 -V") == "-- -qofile -n -5 -V")
    for (text, asks) in [
      ("-j", true), ("-qj", true), ("-qjofile", true), ("-ojson", false), ("-", false),
      ("--jq", false), ("-q", false), ("-- -j", false),
    ] {
      #expect(
        Arguments.asksForJSON(Arguments.prepared(text.split(separator: " ").map(String.init)))
          == asks, "\(text)")
    }
  }

  @Test("--version --licences prints the notices, which packages carry word for word")
  func notices() throws {
    for words in [
      ["--version", "--licences"], ["--licenses", "--version"], ["-V", "--licences"],
    ] {
      let prepared = Arguments.prepared(words)
      #expect(prepared.first == "version" && prepared.count == 2)
    }
    #expect(Arguments.prepared(["--version"]) == ["--version"])
    let packaged = try String(
      contentsOf: SourceTree.root.appending(path: "packaging/third-party"), encoding: .utf8)
    #expect(packaged.contains(Notices.data))
    for name in ["GLOBE", "Alpaydin", "Kevin Atkinson"] { #expect(Notices.data.contains(name)) }
  }
}
