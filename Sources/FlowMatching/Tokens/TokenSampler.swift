#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// How sequences are carried from the source to the data.
public struct TokenPlan: Codable, Hashable, Sendable {
  /// The times of the steps, rising from 0 ≤ t₀ to at most 1.
  public var times: [Double]
  /// How rates become probabilities.
  public var rule = TokenRule.exact
  /// What is drawn again on the way.
  public var noise = TokenNoise.none
  /// The posterior's logits are divided by it: below 1 the likelier letters gain.
  public var temperature = 1.0
  /// After the last step so many times a letter of every sequence, anywhere in it, is opened and drawn
  /// anew from the posterior given the others; where no sequence of the data has those, it is kept.
  /// Masks only.
  public var redraws = 0

  /// Equal steps from 0 to 1.
  public init(steps: Int) {
    precondition(steps > 0, "a way needs a step")
    times = (0...steps).map { Double($0) / Double(steps) }
  }

  /// Equal steps of a choice, between two times.
  public init(_ choice: TokenChoice, from start: Double = 0, to end: Double = 1, steps: Int) {
    self.init(steps: steps)
    if start != 0 || end != 1 { times = times.map { start + (end - start) * $0 } }
    (rule, noise, temperature) = (choice.rule, choice.noise, choice.temperature)
    redraws = end == 1 ? choice.redraws : 0
  }

  /// What is wrong with it; nil where nothing is.
  public func complaint(along path: TokenPath) -> String? {
    guard let first = times.first, let last = times.last, times.count > 1, first >= 0, last <= 1,
      zip(times, times.dropFirst()).allSatisfy({ $0 < $1 })
    else { return "the times of the steps must rise within 0 to 1" }
    if !(temperature > 0 && temperature.isFinite) { return "the temperature must be positive" }
    switch noise {
    case .constant(let rate), .corrector(let rate):
      if !(rate >= 0 && rate.isFinite) { return "letters are thrown back at a rate of 0 or more" }
    case .none: break
    }
    if redraws < 0 { return "letters are drawn anew 0 times or more" }
    if redraws > 0 && path.source != .mask { return "only masks can be drawn anew at the end" }
    if redraws > 0 && last < 1 { return "letters are drawn anew only after t = 1" }
    return nil
  }

  /// Evaluations of the posterior for every sequence.
  public var evaluations: Int { times.count - 1 + redraws }
}

/// A resumable way of sequences through time, by jumps: the Euler-type sampler of a mixture path.
///
/// In a step a letter x₁^i is drawn from p_{1|t}(·|x) for every position by itself, and x^i jumps to it
/// with the probability of the plan's rule (Gat et al., 2024, algorithm 1). Every step takes two random
/// numbers a position whatever happens, so ways with the same plan and seed but other posteriors stay
/// comparable. The result does not depend on the budgets.
public struct TokenSampler: Sendable {
  /// The path.
  public let path: TokenPath
  /// The steps.
  public let plan: TokenPlan
  /// Where the way stands; it cannot fail.
  public private(set) var status = Integrator.Status.running
  /// The time that `state` belongs to.
  public private(set) var t: Double
  /// The last complete state.
  public private(set) var state: TokenSequences
  /// The steps that lead to it, drawing anew included.
  public private(set) var steps = 0

  private var posterior: any TokenPosterior
  private var random: Random
  private var variates: [Double]
  private var next: TokenSequences
  private var done = 0
  private let chunkSize: Int

  /// Evaluations of the posterior for every sequence so far.
  public var evaluations: Int { steps }
  /// How far it has got, from 0 to 1.
  public var progress: Double { Double(steps) / Double(plan.evaluations) }

  /// A way that has not begun, from `x0` at the plan's first time; `plan.complaint` must be nil.
  public init(
    _ posterior: any TokenPosterior, along path: TokenPath, _ plan: TokenPlan,
    from x0: TokenSequences, random: Random, chunkSize: Int = 512
  ) {
    precondition(posterior.space == x0.space, "the posterior is of another space")
    precondition(plan.complaint(along: path) == nil, "a way that cannot be")
    precondition(chunkSize > 0, "a chunk needs a sequence")
    self.posterior = posterior
    self.path = path
    self.plan = plan
    self.random = random.stream("jumps")
    self.chunkSize = chunkSize
    state = x0
    next = x0
    t = plan.times[0]
    variates = [Double](repeating: 0, count: 2 * x0.values.count)
  }

  /// Works until a step is done, the way is over, or at least `budget` evaluations at sequences were
  /// spent; returns how many were. Does nothing unless the status is `running`.
  public mutating func advance(budget: Int) -> Int {
    var spent = 0
    while status == .running {
      let before = steps
      spent += work()
      if steps > before || spent >= budget { break }
    }
    return spent
  }

  /// Whether the last jump is done and letters are still to be drawn anew.
  var isRedrawing: Bool { status == .running && steps >= plan.times.count - 1 }

  /// Runs to the end.
  public mutating func finish() {
    while status == .running { _ = advance(budget: .max) }
  }

  /// One step of some sequences; returns how many.
  private mutating func work() -> Int {
    if done == 0 { random.fillUniforms(&variates) }
    let range = done..<min(done + chunkSize, state.count)
    if isRedrawing { redraw(range) } else { jump(range) }
    done = range.upperBound
    if done == state.count { completeStep() }
    return range.count
  }

  private mutating func completeStep() {
    done = 0
    swap(&state, &next)
    steps += 1
    t = plan.times[min(steps, plan.times.count - 1)]
    if steps == plan.evaluations { status = .finished }
  }

  private mutating func jump(_ range: Range<Int>) {
    let step = TokenStep(
      from: t, to: plan.times[steps + 1], rule: plan.rule, noise: plan.noise, path: path,
      space: state.space)
    var p = TokenProbabilities(space: state.space, count: range.count)
    posterior.evaluate(state.sequences(range), at: .shared(t), into: &p)
    let n = state.count
    for i in 0..<state.space.length {
      for j in range {
        let k = i * n + j
        let target = draw(p, i, j - range.lowerBound, variates[2 * k])
        next.values[k] = step.letter(from: state.values[k], target: target, variates[2 * k + 1])
      }
    }
  }

  private mutating func redraw(_ range: Range<Int>) {
    let (n, l) = (state.count, state.space.length)
    var open = state.sequences(range)
    var places: [Int] = []
    for j in range {
      // The first two variates of a sequence serve; the others are as many as in any step.
      let i = min(Int(variates[2 * j] * Double(l)), l - 1)
      places.append(i)
      open[i, j - range.lowerBound] = state.space.mask
    }
    var p = TokenProbabilities(space: state.space, count: range.count)
    posterior.evaluate(open, at: .shared(t), into: &p)
    for j in range {
      for i in 0..<l { next.values[i * n + j] = state.values[i * n + j] }
      let (i, k) = (places[j - range.lowerBound], j - range.lowerBound)
      if !p.isImpossible[k] { next.values[i * n + j] = draw(p, i, k, variates[2 * j + 1]) }
    }
  }

  private func draw(
    _ p: TokenProbabilities, _ position: Int, _ sequence: Int, _ u: Double
  ) -> UInt16 {
    let start = p.offset(position, sequence)
    let range = start..<start + p.space.letters
    guard plan.temperature != 1 else { return TokenSampler.draw(p.values, range, u) }
    let largest = p.values[range].max() ?? 1
    let tempered = p.values[range].map { pow($0 / largest, 1 / plan.temperature) }
    return TokenSampler.draw(tempered, tempered.indices, u)
  }

  /// The first letter whose cumulative weight exceeds the share `u` of all.
  private static func draw(_ weights: [Double], _ range: Range<Int>, _ u: Double) -> UInt16 {
    var total = 0.0
    for k in range { total += weights[k] }
    var rest = u * total
    var last = 0
    for k in range where weights[k] > 0 {
      last = k - range.lowerBound
      rest -= weights[k]
      if rest < 0 { break }
    }
    return UInt16(last)
  }
}
