import Foundation
import Testing

@testable import FlowMatching

/// A network of letters in Double, term by term: logits of one sequence.
private func naiveLogits(
  _ shape: MLPShape, _ weights: [Double], _ x: [UInt16], _ t: Double
) -> [Double] {
  let states = shape.letters?.states ?? 0
  var values = [Double](repeating: 0, count: x.count * states) + [t, sin(.pi * t), cos(.pi * t)]
  for (i, letter) in x.enumerated() { values[i * states + Int(letter)] = 1 }
  var offset = 0
  for (index, (inputs, outputs)) in shape.layers.enumerated() {
    if index > 0 { values = values.map { $0 / (1 + exp(-$0)) } }
    values = (0..<outputs).map { o in
      (0..<inputs).reduce(weights[offset + inputs * outputs + o]) {
        $0 + values[$1] * weights[offset + o * inputs + $1]
      }
    }
    offset += (inputs + 1) * outputs
  }
  return values
}

/// The mean loss of some sequences in Double.
private func naiveLoss(
  _ loss: TokenLoss, _ shape: MLPShape, _ weights: [Double], _ x: TokenSequences,
  to x1: TokenSequences, at t: [Double], along path: TokenPath
) -> Double {
  var p = TokenProbabilities(space: x.space, count: x.count)
  for j in 0..<x.count {
    let logits = naiveLogits(shape, weights, x.sequence(j), t[j])
    for i in 0..<x.space.length {
      // Bayes' rule with what the path says of the letter itself.
      let kappa = path.schedule.kappa(t[j])
      let own = (0..<x.space.letters).map { letter in
        exp(logits[i * x.space.letters + letter])
          * ((letter == Int(x[i, j]) ? kappa : 0)
            + (1 - kappa) * path.sourceProbability(x[i, j], x.space))
      }
      let sum = own.reduce(0, +)
      for letter in own.indices { p[letter, i, j] = own[letter] / sum }
    }
  }
  return loss.mean(p, x, to: x1, at: t, along: path)
}

@Suite("A learned posterior of tokens")
struct TokenLearningTests {
  @Test(
    "The gradient is that of a network in Double by differences, and so is the loss",
    arguments: TokenLoss.allCases, TokenSource.allCases)
  func gradient(loss: TokenLoss, source: TokenSource) {
    let list = WordList(
      words: ["abc", "bca", "aac", "ccb"], alphabet: Alphabet(Array("abc")))
    let path = TokenPath(source: source)
    // Widths that fill no vector.
    let shape = MLPShape(list.space, along: path, widths: [11, 6])
    var random = Random(seed: 1)
    let weights = MLPWeights(shape: shape, using: &random).values
    #expect(weights.count == shape.parameterCount)
    var objective = TokenObjective(
      list, along: path, shape, loss: loss, batch: 7, random: random)
    let times = (0..<7).map { 0.12 + 0.12 * Double($0) }
    let x1 = list.sample(count: 7, using: &random)
    let x = path.sample(to: x1, at: .each(times), using: &random)
    var gradient = [Float](repeating: .nan, count: weights.count)
    let value = objective.loss(of: weights, x, to: x1, at: times, gradient: &gradient)
    let precise = weights.map(Double.init)
    func exact(_ weights: [Double]) -> Double {
      naiveLoss(loss, shape, weights, x, to: x1, at: times, along: path)
    }
    #expect(abs(value - exact(precise)) < 1e-5 * max(1, abs(value)))
    let largest = gradient.map { abs(Double($0)) }.max() ?? 0
    #expect(largest > 1e-3)
    for k in weights.indices {
      var (above, below) = (precise, precise)
      above[k] += 1e-4
      below[k] -= 1e-4
      let slope = (exact(above) - exact(below)) / 2e-4
      #expect(abs(slope - Double(gradient[k])) < 2e-5 * largest, "weight \(k)")
    }
  }

  /// A trained network's averaged weights.
  private static func train(
    _ data: any TokenDistribution, along path: TokenPath, loss: TokenLoss, steps: Int
  ) -> LearnedPosterior {
    let shape = MLPShape(data.space, along: path, widths: [64, 64])
    var random = Random(seed: 2)
    var weights = MLPWeights(shape: shape, using: &random).values
    var objective = TokenObjective(data, along: path, shape, loss: loss, random: random)
    var adam = Adam(count: weights.count, learningRate: 3e-3)
    var average = MovingAverage(weights)
    var gradient = [Float](repeating: 0, count: weights.count)
    for step in 0..<steps {
      _ = objective.loss(of: weights, gradient: &gradient)
      adam.learningRate = 3e-3 * (1 - Double(step) / Double(steps))
      _ = adam.update(&weights, gradient: gradient)
      average.update(with: weights)
    }
    return LearnedPosterior(shape, along: path, weights: average.values)
  }

  @Test(
    "A short training comes within .05 nats of the optimum, and its samples near the exact ones",
    arguments: TokenSource.allCases)
  func training(source: TokenSource) {
    let board = TokensCheckerboard.eight
    let path = TokenPath(source: source)
    let learned = TokenLearningTests.train(
      board, along: path, loss: .generalizedKL, steps: 1000)
    let draws = TokenExcess(of: board, along: path)
    let excess = draws.excess(of: learned, .generalizedKL)
    #expect(excess.mean > 0 && excess.mean < 0.05, "\(source) \(excess)")
    #expect(excess.standardError < 0.01)
    let entropy = draws.excess(of: learned, .crossEntropy)
    #expect(entropy.mean > 0 && entropy.mean < 0.1, "\(source) \(entropy)")
    func offSupport(_ posterior: some TokenPosterior) -> Double {
      var random = Random(seed: 4)
      let x0 = path.start(board.space, count: 4000, using: &random)
      var sampler = TokenSampler(
        posterior, along: path, TokenPlan(steps: 64), from: x0, random: random)
      sampler.finish()
      return 1 - board.supportShare(of: sampler.state)
    }
    let (own, best) = (offSupport(learned), offSupport(CheckerboardPosterior(board, path: path)))
    #expect(own < best + 0.02, "\(source) \(own) \(best)")
  }

  @Test(
    "The excess is that of the losses on the same draws, and 0 of the exact posterior",
    arguments: TokenSource.allCases)
  func excess(source: TokenSource) {
    let board = TokensCheckerboard.eight
    let path = TokenPath(source: source)
    var random = Random(seed: 6)
    let shape = MLPShape(board.space, along: path, widths: [8])
    let untrained = LearnedPosterior(
      shape, along: path, weights: MLPWeights(shape: shape, using: &random).values)
    let exact = CheckerboardPosterior(board, path: path)
    let draws = TokenExcess(of: board, along: path, end: 0.9)
    let n = 40_000
    let times = (0..<n).map { 0.9 * (Double($0) + random.uniform()) / Double(n) }
    let x1 = board.sample(count: n, using: &random)
    let x = path.sample(to: x1, at: .each(times), using: &random)
    for loss in TokenLoss.allCases {
      #expect(draws.excess(of: exact, loss).mean == 0)
      func mean(_ posterior: some TokenPosterior) -> Double {
        var (posterior, p) = (posterior, TokenProbabilities(space: board.space, count: n))
        posterior.evaluate(x, at: .each(times), into: &p)
        return loss.mean(p, x, to: x1, at: times, along: path)
      }
      let (best, own) = (mean(exact), mean(untrained))
      let optimum = board.optimum(along: path, until: 0.9)
      let least = loss == .generalizedKL ? optimum.generalizedKL.mean : optimum.crossEntropy.mean
      #expect(abs(best - least) < 0.03, "\(loss) \(best) \(least)")
      let excess = draws.excess(of: untrained, loss)
      #expect(excess.mean > 0.05)
      #expect(abs(own - best - excess.mean) < 0.05 * excess.mean, "\(own - best) \(excess)")
    }
  }

  @Test(
    "A batch's loss is on average the least one and the excess, however its letters are drawn",
    arguments: TokenSchedule.allCases, TokenSource.allCases)
  func unbiased(schedule: TokenSchedule, source: TokenSource) throws {
    let list = try WordList(text: "abca\nbcab\naacc\nccba\nbbba\n")
    let path = TokenPath(schedule: schedule, source: source)
    var random = Random(seed: 7)
    let shape = MLPShape(list.space, along: path, widths: [6])
    let weights = MLPWeights(shape: shape, using: &random).values
    let end = 0.97
    var gradient = [Float](repeating: 0, count: weights.count)
    for loss in TokenLoss.allCases {
      var objective = TokenObjective(
        list, along: path, shape, loss: loss, batch: 512, end: end, random: random)
      let mean = Estimate(
        of: (0..<60).map { _ in objective.loss(of: weights, gradient: &gradient) })
      let optimum = list.optimum(along: path, until: end)
      let least = loss == .generalizedKL ? optimum.generalizedKL : optimum.crossEntropy
      let excess = TokenExcess(of: list, along: path, count: 16_384, end: end).excess(
        of: LearnedPosterior(shape, along: path, weights: weights), loss)
      let error = mean.standardError + excess.standardError + least.standardError
      #expect(abs(mean.mean - least.mean - excess.mean) < 4 * error, "\(loss) \(mean)")
      #expect(error < (source == .mask ? 0.02 : 0.04), "\(loss) \(error)")
    }
  }

  @Test("A step's batch is that of its stream; an objective goes on where its streams were")
  func streams() {
    let path = TokenPath()
    let list = WordList.english
    let shape = MLPShape(list.space, along: path, widths: [16])
    var random = Random(seed: 5)
    let weights = MLPWeights(shape: shape, using: &random).values
    var objective = TokenObjective(list, along: path, shape, batch: 32, random: random)
    var gradient = [Float](repeating: 0, count: weights.count)
    let first = objective.loss(of: weights, gradient: &gradient)
    let saved = objective.generators
    let second = objective.loss(of: weights, gradient: &gradient)
    #expect(first != second)
    objective.generators = saved
    #expect(objective.loss(of: weights, gradient: &gradient) == second)
  }
}
