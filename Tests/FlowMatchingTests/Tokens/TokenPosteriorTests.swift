import Foundation
import Testing

@testable import FlowMatching

/// The posterior by summing over all sequences of the data, state by state.
private func bayes(
  _ data: any TokenDistribution, _ path: TokenPath, _ x: [UInt16], _ t: Double
) -> [[Double]]? {
  let space = data.space
  let states = TokenStates(space, along: TokenPath(source: .uniform))
  let kappa = path.schedule.kappa(t)
  var sums = [[Double]](
    repeating: [Double](repeating: 0, count: space.letters), count: space.length)
  var total = 0.0
  for state in 0..<states.count {
    let x1 = states.sequence(state)
    var weight = data.probability(of: x1)
    for i in x.indices {
      weight *= (x[i] == x1[i] ? kappa : 0) + (1 - kappa) * path.sourceProbability(x[i], space)
    }
    total += weight
    for i in x.indices { sums[i][Int(x1[i])] += weight }
  }
  return total > 0 ? sums.map { $0.map { $0 / total } } : nil
}

@Suite("The exact posterior of tokens")
struct TokenPosteriorTests {
  private static let small = WordList(
    words: ["abba", "abbb", "bcab", "ccca", "acbd", "dbca"], alphabet: Alphabet(Array("abcd")))

  @Test(
    "List and board agree with Bayes' rule over all sequences, in every state",
    arguments: TokenSource.allCases, TokenSchedule.allCases)
  func bayesRule(source: TokenSource, schedule: TokenSchedule) throws {
    let path = TokenPath(schedule: schedule, source: source)
    for data in [TokenPosteriorTests.small, TokensCheckerboard.eight] as [any TokenDistribution] {
      let states = TokenStates(data.space, along: path)
      for t in [0.2, 0.7] {
        let p = data.posterior(along: path).probabilities(states.all, at: t)
        var impossible = 0
        for state in 0..<states.count {
          let x = states.sequence(state)
          guard let exact = bayes(data, path, x, t) else {
            impossible += 1
            #expect(p.isImpossible[state])
            continue
          }
          #expect(!p.isImpossible[state])
          for i in x.indices {
            for (a, b) in zip(p.letters(i, state), exact[i]) { #expect(abs(a - b) < 1e-13) }
          }
        }
        #expect((impossible > 0) == (source == .mask))
      }
    }
  }

  @Test("Where no word fits, set letters are kept and open ones are those of the nearest words")
  func impossible() throws {
    let list = WordList.english
    let x = try ["zz·g", "qxjq"].map { try #require(list.letters.sequence($0)) }
    let p = list.posterior(along: TokenPath()).probabilities(
      TokenSequences(space: list.space, sequences: x), at: 0.5)
    #expect(p.isImpossible == [true, true])
    for (j, i) in [(0, 0), (0, 1), (0, 3), (1, 0), (1, 1), (1, 2), (1, 3)] {
      #expect(p[Int(x[j][i]), i, j] == 1)
    }
    // No word is "zz?g"; those with most of it have two of its letters.
    let words = (0..<list.count).map { list.words.sequence($0) }
    let shared = words.map { word in [0, 1, 3].count { word[$0] == x[0][$0] } }
    let most = try #require(shared.max())
    #expect(most < 3)
    let nearest = zip(words, shared).filter { $1 == most }.map(\.0)
    for letter in 0..<26 {
      let share = Double(nearest.count { $0[2] == UInt16(letter) }) / Double(nearest.count)
      #expect(abs(p[letter, 2, 0] - share) < 1e-12)
    }
  }

  @Test("At the ends: the source tells nothing, and at t = 1 a word is itself")
  func ends() throws {
    let list = WordList.english
    for source in TokenSource.allCases {
      let path = TokenPath(source: source)
      var random = Random(seed: 4)
      let x0 = path.start(list.space, count: 3, using: &random)
      let p = list.posterior(along: path).probabilities(x0, at: 0)
      for letter in 0..<26 {
        let share = Double((0..<list.count).count { list.words[1, $0] == UInt16(letter) }) / 2368
        #expect(abs(p[letter, 1, 2] - share) < 1e-12)
      }
      let words = list.sample(count: 5, using: &random)
      let certain = list.posterior(along: path).probabilities(words, at: 1)
      for j in 0..<5 { for i in 0..<4 { #expect(certain[Int(words[i, j]), i, j] == 1) } }
    }
  }
}
