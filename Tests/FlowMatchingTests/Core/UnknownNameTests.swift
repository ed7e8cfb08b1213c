import Testing

@testable import FlowMatching

@Suite struct UnknownNameTests {
  @Test("a slip of the pen is answered with the name that was meant, and with all names")
  func suggestion() {
    let error = UnknownName(
      kind: "data set", name: "mons", among: ["8gaussians", "moons", "rings"])
    #expect(
      error.description
        == "unknown data set “mons”; did you mean moons? one of: 8gaussians, moons, rings")
    #expect(throws: UnknownName.self) { try DatasetCatalog.named("mons") }
  }

  @Test("swapped neighbours count as one edit, capitals as none")
  func edits() {
    #expect(UnknownName(kind: "solver", name: "HUEN", among: ["heun", "rk4"]).nearest == "heun")
    let a = Array("abcd".unicodeScalars)
    #expect(UnknownName.edits(a, Array("abdc".unicodeScalars)) == 1)
    #expect(UnknownName.edits(a, Array("".unicodeScalars)) == 4)
    #expect(UnknownName.edits(a, Array("xbcde".unicodeScalars)) == 2)
  }

  @Test("a name like no other gets no suggestion")
  func noSuggestion() {
    for name in ["imagenet", "", "z"] {
      let error = UnknownName(kind: "data set", name: name, among: ["moons", "rings"])
      #expect(error.nearest == nil)
      #expect(!error.description.contains("did you mean"))
    }
  }

  @Test("control and bidirectional characters are escaped and long names cut")
  func escaping() {
    let error = UnknownName(kind: "solver", name: "a\u{1b}[31m\u{202e}\n", among: ["rk4"])
    #expect(error.name == "a\\u{1b}[31m\\u{202e}\\u{a}")
    let long = UnknownName(
      kind: "solver", name: String(repeating: "x", count: 5000), among: ["rk4"])
    #expect(long.name.count == 61 && long.name.hasSuffix("…"))
  }
}
