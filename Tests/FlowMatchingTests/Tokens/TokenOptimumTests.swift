import Foundation
import Testing

@testable import FlowMatching

@Suite("The least losses of tokens")
struct TokenOptimumTests {
  @Test(
    "The board of 128 letters: 4.5055 from masks, 5.4385 from uniform noise; cut 4.5016, 5.4271")
  func board() {
    let board = TokensCheckerboard.standard
    for (source, end, value) in [
      (TokenSource.mask, 1.0, 4.5055), (.mask, 0.999, 4.5016), (.uniform, 1, 5.4385),
      (.uniform, 0.999, 5.4271),
    ] {
      let optimum = board.optimum(along: TokenPath(source: source), until: end).generalizedKL
      #expect(abs(optimum.mean - value) < 6e-5, "\(source) \(end) \(optimum)")
      #expect(optimum.standardError < 1e-6)
    }
    let mask = board.optimum(along: TokenPath(source: .mask)).generalizedKL
    #expect(abs(mask.mean - board.entropy / 2) < 1e-12)
    // Over the whole of [0, 1] the generalised KL does not depend on the schedule.
    for source in TokenSource.allCases {
      let values = TokenSchedule.allCases.map {
        board.optimum(along: TokenPath(schedule: $0, source: source)).generalizedKL.mean
      }
      #expect((values.max() ?? 0) - (values.min() ?? 0) < 1e-5)
    }
  }

  @Test(
    "The closed form is what sums over all states and a fine rule in t give",
    arguments: TokenSource.allCases)
  func states(_ source: TokenSource) {
    let board = TokensCheckerboard.eight
    let path = TokenPath(source: source)
    let states = TokenStates(board.space, along: path)
    let all = states.all
    let sums = TokenOptimum.quadrature(length: 2, along: path, until: 0.999, nodes: 40) {
      kappa, _ in
      // κ = t².
      let t = kappa.squareRoot()
      let mass = states.marginal(of: board, at: t)
      var sum = TokenOptimum.Entropies()
      let p = board.posterior(along: path).probabilities(all, at: t)
      for state in 0..<states.count where mass[state] > 0 {
        var one = TokenProbabilities(space: board.space, count: 1)
        for i in 0..<2 { for v in 0..<8 { one[v, i, 0] = p[v, i, state] } }
        let terms = TokenOptimum.Entropies(all.sequences(state..<state + 1), one)
        sum.others += mass[state] * terms.others
        sum.all += mass[state] * terms.all
      }
      return sum
    }
    let closed = board.optimum(along: path, until: 0.999)
    #expect(abs(sums.generalizedKL.mean - closed.generalizedKL.mean) < 1e-6)
    #expect(abs(sums.crossEntropy.mean - closed.crossEntropy.mean) < 1e-6)
  }

  @Test("Words from masks: ln(2368)/4 for every schedule, and draws agree")
  func words() {
    let list = WordList.english
    for schedule in TokenSchedule.allCases {
      let optimum = list.optimum(along: TokenPath(schedule: schedule)).generalizedKL
      #expect(abs(optimum.mean - list.entropy / 4) < 1e-9)
    }
    let path = TokenPath()
    let counted = list.optimum(along: path, until: 0.999)
    let drawn = TokenOptimum.draws(4096, of: list, along: path, until: 0.999)
    for (a, b) in [
      (counted.generalizedKL, drawn.generalizedKL), (counted.crossEntropy, drawn.crossEntropy),
    ] {
      #expect(b.standardError < 0.05 * b.mean)
      #expect(abs(a.mean - b.mean) < 4 * b.standardError, "\(a) \(b)")
    }
  }

  @Test("From uniform noise draws agree with the board's quadrature")
  func draws() {
    let board = TokensCheckerboard.standard
    let path = TokenPath(source: .uniform)
    let exact = board.optimum(along: path, until: 0.999)
    let drawn = TokenOptimum.draws(4096, of: board, along: path, until: 0.999)
    #expect(drawn.generalizedKL.standardError < 0.2)
    #expect(
      abs(drawn.generalizedKL.mean - exact.generalizedKL.mean)
        < 4 * drawn.generalizedKL.standardError)
    #expect(
      abs(drawn.crossEntropy.mean - exact.crossEntropy.mean) < 4 * drawn.crossEntropy.standardError)
  }
}
