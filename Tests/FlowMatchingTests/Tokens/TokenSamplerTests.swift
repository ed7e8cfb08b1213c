import Foundation
import Testing

@testable import FlowMatching

@Suite("Jump samplers of tokens")
struct TokenSamplerTests {
  private func plan(_ steps: Int, _ change: (inout TokenPlan) -> Void = { _ in }) -> TokenPlan {
    var plan = TokenPlan(steps: steps)
    change(&plan)
    return plan
  }

  /// The mass off the board's support after a sampler, exactly.
  private func offSupport(_ plan: TokenPlan, _ source: TokenSource) -> Double {
    let board = TokensCheckerboard.eight
    let path = TokenPath(source: source)
    let states = TokenStates(board.space, along: path)
    let mass = MasterEquation.outcome(of: plan, board, along: path)
    #expect(abs(mass.reduce(0, +) - 1) < 1e-10)
    return zip(0..., mass).filter { board.probability(of: states.sequence($0.0)) == 0 }
      .reduce(0) { $0 + $1.1 }
  }

  @Test("Off-support mass at 16, 64, 256 steps: .105/.030/.008 uniform, .047/.011/.0026 masks")
  func offSupport() {
    for (source, values) in [
      (TokenSource.uniform, [0.105, 0.030, 0.008]), (.mask, [0.047, 0.011, 0.0026]),
    ] {
      for (steps, value) in zip([16, 64, 256], values) {
        let euler = offSupport(plan(steps) { $0.rule = .rate }, source)
        #expect(abs(euler - value) < 0.003, "\(source) \(steps) \(euler)")
        // Exact probabilities leave only that positions jump by themselves.
        #expect(offSupport(plan(steps), source) < euler)
      }
    }
  }

  @Test("The error is of first order in the step")
  func order() {
    for source in TokenSource.allCases {
      let (coarse, fine) = (offSupport(plan(64), source), offSupport(plan(128), source))
      #expect(abs(log2(coarse / fine) - 1) < 0.1)
    }
  }

  @Test(
    "A sampler's states have the exact probabilities, for every rule and noise",
    arguments: TokenSource.allCases, TokenRule.allCases)
  func samples(source: TokenSource, rule: TokenRule) {
    let board = TokensCheckerboard.eight
    let path = TokenPath(source: source)
    let states = TokenStates(board.space, along: path)
    let n = 20_000
    for noise in [TokenNoise.none, .constant(3), .corrector(0.7)] {
      let plan = plan(7) {
        $0.rule = rule
        $0.noise = noise
      }
      var random = Random(seed: 5)
      var sampler = TokenSampler(
        board.posterior(along: path), along: path, plan,
        from: path.start(board.space, count: n, using: &random), random: random)
      sampler.finish()
      #expect(sampler.t == 1 && sampler.steps == 7 && sampler.progress == 1)
      var counts = [Double](repeating: 0, count: states.count)
      for j in 0..<n {
        counts[Int(sampler.state[0, j]) + states.base * Int(sampler.state[1, j])] += 1
      }
      let exact = MasterEquation.outcome(of: plan, board, along: path)
      for (count, p) in zip(counts, exact) {
        #expect(abs(count - Double(n) * p) < 5 * (Double(n) * p).squareRoot() + 5e-7)
      }
    }
  }

  @Test("With the true x₁ a step of the exact rule keeps the path, with every noise")
  func exactRule() {
    let space = TokenSpace(length: 1, letters: 5)
    for source in TokenSource.allCases {
      for schedule in TokenSchedule.allCases {
        for noise in [TokenNoise.none, .constant(0.5), .constant(50), .corrector(2)] {
          let path = TokenPath(schedule: schedule, source: source)
          let certain = [0, 0, 1.0, 0, 0]
          let marginal = { (t: Double) in
            (0..<UInt16(path.states(space))).map {
              (1 - path.schedule.complement(t)) * ($0 == 2 ? 1 : 0)
                + path.schedule.complement(t) * path.sourceProbability($0, space)
            }
          }
          for (t, end) in [(0.0, 0.3), (0.3, 0.9), (0.9, 1.0)] {
            let step = TokenStep(
              from: t, to: end, rule: .exact, noise: noise, path: path, space: space)
            var after = [Double](repeating: 0, count: path.states(space))
            for (state, mass) in zip(UInt16(0)..., marginal(t)) {
              let letters = step.distribution(from: state, certain[...])
              #expect(letters.allSatisfy { $0 >= -1e-15 })
              for k in after.indices { after[k] += mass * letters[k] }
            }
            for (a, b) in zip(after, marginal(end)) { #expect(abs(a - b) < 1e-14) }
          }
        }
      }
    }
  }

  /// The share of real words of an exact sampler from masks.
  private func realWords(_ plan: TokenPlan, count: Int = 2500) -> Double {
    let path = TokenPath()
    var sampler = TokenSampler(
      WordList.english.posterior(along: path), along: path, plan,
      from: TokenSequences(space: WordList.english.space, count: count), random: Random(seed: 6))
    sampler.finish()
    #expect(sampler.evaluations == plan.evaluations)
    return WordList.english.supportShare(of: sampler.state)
  }

  @Test("Words from masks, 1/8/32/128 evaluations: 8/69/91/97 % are real")
  func words() {
    for (steps, share) in [(1, 0.085), (8, 0.69), (32, 0.91), (128, 0.97)] {
      let found = realWords(plan(steps))
      #expect(abs(found - share) < 0.03, "\(steps) \(found)")
    }
  }

  @Test("Half of the evaluations spent on drawing letters anew: 92 % of 8, 98 % or more of 32")
  func redraws() {
    let eight = realWords(
      plan(4) { $0.redraws = 4 })
    #expect(abs(eight - 0.92) < 0.02, "\(eight)")
    let many = realWords(
      plan(16) { $0.redraws = 16 })
    #expect(many > 0.98, "\(many)")
  }

  @Test("A letter that is drawn anew is kept where no word has the others, else it is mended")
  func redrawKeeps() throws {
    let list = WordList(words: ["aaaa", "bbbb"], alphabet: Alphabet(Array("ab")))
    let x0 = try ["aabb", "aaab", "bbbb"].map { try #require(list.letters.sequence($0)) }
    var sampler = TokenSampler(
      list.posterior(along: TokenPath()), along: TokenPath(), plan(1) { $0.redraws = 40 },
      from: TokenSequences(space: list.space, sequences: x0), random: Random(seed: 10))
    sampler.finish()
    #expect(
      (0..<3).map { list.letters.text(sampler.state.sequence($0)) } == ["aabb", "aaaa", "bbbb"])
  }

  @Test("A constant rate of 8 at which letters are masked again makes words worse: 74 % of 32")
  func remasking() {
    let noisy = TokenRule.allCases.map { rule in
      realWords(
        plan(32) {
          $0.rule = rule
          $0.noise = .constant(8)
        })
    }
    // Of the exact rule, without noise 91 %, and of the rates, without noise 91 % too.
    #expect(abs(noisy[0] - 0.79) < 0.03 && abs(noisy[1] - 0.74) < 0.03, "\(noisy)")
  }

  @Test("The same seed gives the same states whatever the budgets and the chunks")
  func slices() {
    let board = TokensCheckerboard.eight
    let path = TokenPath(source: .uniform)
    let plan = plan(9) { $0.noise = .constant(1) }
    var random = Random(seed: 7)
    let x0 = path.start(board.space, count: 100, using: &random)
    var whole = TokenSampler(
      board.posterior(along: path), along: path, plan, from: x0, random: random)
    whole.finish()
    for (budget, chunk) in [(1, 7), (50, 33), (1000, 100)] {
      var sliced = TokenSampler(
        board.posterior(along: path), along: path, plan, from: x0, random: random,
        chunkSize: chunk)
      var spent = 0
      while sliced.status == .running { spent += sliced.advance(budget: budget) }
      #expect(sliced.state == whole.state)
      #expect(spent == 900)
    }
  }

  @Test("Going back is a look-up; a small memory keeps every other knot and both ends")
  func trajectory() {
    let board = TokensCheckerboard.eight
    let path = TokenPath()
    var sampler = TokenSampler(
      board.posterior(along: path), along: path, plan(32),
      from: TokenSequences(space: board.space, count: 50), random: Random(seed: 8))
    var whole = TokenTrajectory(sampler)
    var small = TokenTrajectory(sampler, limit: 200 * 9)
    var states = [sampler.state]
    while sampler.status == .running {
      _ = sampler.advance(budget: 50)
      whole.note(sampler)
      small.note(sampler)
      if sampler.steps == states.count { states.append(sampler.state) }
    }
    #expect(whole.knots.map(\.state) == states)
    #expect(whole.knot(at: 0.5).step == 16 && whole.knot(at: 0.51).step == 16)
    #expect(whole.knot(at: 0).step == 0 && whole.knot(at: 1).step == 32)
    #expect(small.stride > 1 && small.knots.count <= 9)
    #expect(small.knots.first?.step == 0 && small.knots.last?.step == 32)
    for knot in small.knots { #expect(knot.state == states[knot.step]) }
  }

  @Test("A low temperature takes the likeliest letter; times need not be even")
  func temperature() {
    let list = WordList(words: ["aab", "aac", "abc"], alphabet: Alphabet(Array("abc")))
    var cold = plan(1) { $0.temperature = 0.05 }
    var sampler = TokenSampler(
      list.posterior(along: TokenPath()), along: TokenPath(), cold,
      from: TokenSequences(space: list.space, count: 200), random: Random(seed: 9))
    sampler.finish()
    #expect((0..<200).allSatisfy { list.letters.text(sampler.state.sequence($0)) == "aac" })
    cold.times = [0, 0.1, 0.5, 1]
    #expect(cold.complaint(along: TokenPath()) == nil && cold.evaluations == 3)
    for times in [[0, 0.5, 0.5, 1], [0], [0, 1.5], [0.0, .nan], [-0.1, 1]] {
      cold.times = times
      #expect(cold.complaint(along: TokenPath()) != nil)
    }
    #expect(plan(4) { $0.redraws = 1 }.complaint(along: TokenPath(source: .uniform)) != nil)
    #expect(plan(4) { $0.temperature = 0 }.complaint(along: TokenPath()) != nil)
    #expect(plan(4) { $0.noise = .constant(-1) }.complaint(along: TokenPath()) != nil)
  }
}
