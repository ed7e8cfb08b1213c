import Foundation
import Testing

@testable import FlowMatching

@Suite("The mixture path of tokens")
struct TokenPathTests {
  @Test(
    "κ rises from 0 to 1, its slope is its derivative, κ̇/(1 − κ) their quotient",
    arguments: TokenSchedule.allCases)
  func schedule(_ schedule: TokenSchedule) {
    #expect(schedule.kappa(0) == 0 && schedule.complement(1) == 0)
    for t in [0.1, 0.5, 0.9, 0.999] {
      let slope = (schedule.kappa(t + 1e-5) - schedule.kappa(t - 1e-5)) / 2e-5
      #expect(abs(slope - schedule.slope(t)) < 1e-8)
      #expect(abs(schedule.kappa(t) + schedule.complement(t) - 1) < 1e-15)
      #expect(abs(schedule.time(kappa: schedule.kappa(t)) - t) < 1e-12)
      #expect(schedule.rate(t) == schedule.slope(t) / schedule.complement(t))
    }
    // No cancellation at the end.
    let rest =
      schedule == .cosine ? .pi * .pi * 1e-18 / 8 : schedule.slope(1) * 1e-9
    #expect(abs(schedule.complement(1 - 1e-9) / rest - 1) < 1e-6)
  }

  @Test(
    "x_t has as many letters of the data as κ says, and the rest of the source",
    arguments: TokenSource.allCases)
  func sampling(_ source: TokenSource) {
    let board = TokensCheckerboard.eight
    let path = TokenPath(source: source)
    let states = TokenStates(board.space, along: path)
    var random = Random(seed: 3)
    let n = 40_000
    let x1 = board.sample(count: n, using: &random)
    let x = path.sample(to: x1, at: .shared(0.6), using: &random)
    var counts = [Double](repeating: 0, count: states.count)
    for j in 0..<n {
      var state = 0
      for i in 0..<2 { state += Int(x[i, j]) * states.stride(i) }
      counts[state] += 1
    }
    let exact = states.marginal(of: board, at: 0.6)
    #expect(abs(exact.reduce(0, +) - 1) < 1e-12)
    for (count, p) in zip(counts, exact) {
      if p == 0 { #expect(count == 0) }
      #expect(abs(count - Double(n) * p) < 5 * (Double(n) * p).squareRoot() + 1e-9)
    }
    #expect(path.sample(to: x1, at: .shared(1), using: &random) == x1)
  }
}
