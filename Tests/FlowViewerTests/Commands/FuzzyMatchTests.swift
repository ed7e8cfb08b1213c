import Testing

@testable import FlowViewer

@Suite struct FuzzyMatchTests {
  @Test("Letters that begin words fit better than the same letters within one")
  func beginnings() throws {
    let words = try #require(FuzzyMatch("st", in: "solver time"))
    let within = try #require(FuzzyMatch("sol", in: "an isolated one"))
    #expect(words.score > within.score && words.places == [0, 7])
    #expect(FuzzyMatch("st", in: "asxxxxxxtx") == nil)
    #expect(FuzzyMatch("ts", in: "solver") == nil)
  }
}
