import TerminalCanvas
import Testing

@testable import FlowViewer

@Suite("Glossary")
struct GlossaryTests {
  @Test("Every term is there once, with one sentence")
  func entries() {
    let names = Glossary.all.flatMap { [$0.term] + $0.synonyms }.map { $0.lowercased() }
    let twice = Dictionary(grouping: names) { $0 }.filter { $1.count > 1 }.keys
    #expect(twice.isEmpty, "\(twice.sorted())")
    for entry in Glossary.all {
      #expect(entry.sentence.hasSuffix(".") && entry.sentence.first?.isUppercase == true)
      #expect(entry.sentence.count <= 130, "\(entry.term)")
      // Cells hold one scalar each: a mark above another would be lost, and the formula another one.
      let isShown = (entry.term + entry.text).allSatisfy { $0.unicodeScalars.count == 1 }
      #expect(isShown, "\(entry.term)")
      #expect(Glossary.entry(in: "  " + entry.term + " 0.31 ") == entry, "\(entry.term)")
    }
    for term in [
      "NFE", "EMA", "W₂", "noise floor", "floor", "excess", "held", "newest", "kept", "order",
      "4 + 2×", "straightness", "NLL",
    ] {
      #expect(Glossary.all.contains { $0.term == term }, "\(term)")
    }
  }

  @Test("A text on the screen means the longest of the terms in it, and never part of a word")
  func texts() {
    #expect(Glossary.entry(in: "noise floor 0.12")?.term == "noise floor")
    #expect(Glossary.entry(in: "W₂ of 1 000 points")?.term == "W₂")
    #expect(Glossary.entry(in: "lossless") == nil)
    #expect(Glossary.entry(in: "0.31 ± 0.02") == nil)
  }

  @Test("A click on a title explains it, Esc closes it, and a click in the plot does not")
  func click() throws {
    var replay = try smallReplay()
    try replay.run("train 20\nT")
    let lines = replay.text.split(separator: "\n", omittingEmptySubsequences: false)
    let row = try #require(lines.firstIndex { $0.contains(" loss ") })
    let column = try #require(lines[row].range(of: " loss ")).lowerBound
    let x = lines[row].distance(from: lines[row].startIndex, to: column) + 2
    try replay.run("click \(x),\(row)")
    #expect(replay.state.dialogue.caption?.title == "loss")
    try replay.run("Esc")
    #expect(replay.state.dialogue.caption == nil)
    try replay.run("click 10,10")
    #expect(replay.state.dialogue.caption == nil)
  }

  @Test("The second ? shows the words, the third closes; / searches them")
  func help() throws {
    var replay = try smallReplay()
    try replay.run("train 10\nT\nresize 120x36\n?\n?")
    #expect(replay.text.contains("amplification") && replay.text.contains("words"))
    try replay.run("/\nH\nu\nt\nc")
    #expect(replay.text.contains("Hutchinson") && !replay.text.contains("amplification"))
    try replay.run("Esc")
    #expect(replay.text.contains("amplification"), "the words stay when the search ends")
    try replay.run("?")
    #expect(replay.state.dialogue.overlay == nil)
  }

  @Test("Every word can be read on every size", arguments: ["160x48", "120x36", "80x24", "60x20"])
  func complete(size: String) throws {
    var replay = try smallReplay()
    try replay.run("train 10\nT\nresize \(size)\n?\n?")
    var seen = ""
    for _ in 0..<99 {
      seen += replay.text
      try replay.run("Down")
      if replay.state.dialogue.overlay == nil { break }
    }
    #expect(replay.state.dialogue.overlay == nil)
    for entry in Glossary.all { #expect(seen.contains(entry.term), "\(entry.term) at \(size)") }
  }
}
