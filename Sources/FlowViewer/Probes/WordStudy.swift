import FlowMatching

/// The share of real words over the number of evaluations, of a lane's way and of the exact posterior's,
/// from the same starts.
struct WordStudy: SlicedWork {
  /// What it is a study of.
  struct Key: Sendable, Hashable {
    let weightsStep, generation: Int
    let letters: TokenChoice
    let keptTraining: LaneSettings.Training?
  }

  /// One number of evaluations.
  struct Point: Sendable, Hashable {
    let evaluations: Int
    let learned, exact: Double
  }

  /// Words of each way.
  static let words = 256
  static let evaluations = [1, 2, 4, 8, 16, 32, 64, 128]

  let key: Key
  private(set) var points: [Point] = []
  private let tokens: any TokenDistribution
  private let learned, exact: any TokenPosterior
  private let path: TokenPath
  private let chunk: Int
  private var running: TokenSampler?
  private var isExact = false
  private var share = 0.0
  private var index = 0

  init(
    _ key: Key, _ tokens: any TokenDistribution, learned: any TokenPosterior,
    exact: any TokenPosterior, path: TokenPath, chunk: Int
  ) {
    self.key = key
    self.tokens = tokens
    self.learned = learned
    self.exact = exact
    self.path = path
    self.chunk = chunk
    skip()
  }

  var isOver: Bool { index == WordStudy.evaluations.count }

  /// The way in so many evaluations; nil where it cannot have so few.
  private func plan(_ evaluations: Int) -> TokenPlan? {
    var choice = key.letters
    choice.redraws = choice.redraws > 0 ? evaluations / 2 : 0
    if key.letters.redraws > 0 && choice.redraws == 0 { return nil }
    return TokenPlan(choice, steps: evaluations - choice.redraws)
  }

  private mutating func skip() {
    while index < WordStudy.evaluations.count, plan(WordStudy.evaluations[index]) == nil {
      index += 1
    }
  }

  mutating func advance(budget: inout Int) {
    while !isOver && budget > 0 {
      let evaluations = WordStudy.evaluations[index]
      guard let plan = plan(evaluations) else { return skip() }
      var sampler = running ?? begin(plan)
      budget -= max(1, sampler.advance(budget: budget))
      running = sampler
      guard sampler.status != .running else { continue }
      running = nil
      let real = tokens.supportShare(of: sampler.state)
      if isExact {
        points.append(Point(evaluations: evaluations, learned: share, exact: real))
        index += 1
        skip()
      } else {
        share = real
      }
      isExact.toggle()
    }
  }

  private func begin(_ plan: TokenPlan) -> TokenSampler {
    var random = Random(seed: 0).stream("word study")
    let x0 = path.start(tokens.space, count: WordStudy.words, using: &random)
    return TokenSampler(
      isExact ? exact : learned, along: path, plan, from: x0, random: random, chunkSize: chunk)
  }
}
