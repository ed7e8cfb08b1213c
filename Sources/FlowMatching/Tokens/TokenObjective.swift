#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The loss of a network's posterior as a function of its weights, one fresh batch at a time: the mean
/// over sequences and positions, t uniform on [0, end). See `LearnedPosterior` for what a letter says of itself.
public struct TokenObjective: Sendable {
  /// The network.
  public let shape: TokenNetworkShape
  /// The path.
  public let path: TokenPath
  /// The loss.
  public let loss: TokenLoss
  /// Sequences of a batch.
  public let batch: Int
  /// The largest t: κ̇/(1 − κ) is infinite at 1.
  public let end: Double
  private let data: any TokenDistribution
  private var network: TokenNetwork
  private var random: Random
  private var times: [Double]
  private var logits: [Float]
  private var pull: [Float]

  /// The objective of a data set.
  public init(
    _ data: any TokenDistribution, along path: TokenPath, _ shape: TokenNetworkShape,
    loss: TokenLoss = .generalizedKL, batch: Int = 256, end: Double = 0.999, random: Random
  ) {
    precondition(shape.space == data.space, "the network is for another space")
    precondition(shape.states == path.states(data.space), "the network is for another source")
    precondition(batch > 0 && end > 0 && end < 1, "a batch, and times before 1")
    self.data = data
    self.path = path
    self.shape = shape
    self.loss = loss
    self.batch = batch
    self.end = end
    network = TokenNetwork(shape)
    self.random = random.stream("token batch")
    times = [Double](repeating: 0, count: batch)
    logits = [Float](repeating: 0, count: batch * shape.outputs)
    pull = logits
  }

  /// Every random stream that a batch takes from, by name.
  public var generators: [String: Random] {
    get { ["token batch": random] }
    set { if let stream = newValue["token batch"] { random = stream } }
  }

  /// The loss of a fresh batch; its gradient by the weights overwrites `gradient`, of as many elements.
  public mutating func loss(of weights: [Float], gradient: inout [Float]) -> Double {
    for j in times.indices { times[j] = end * random.uniform() }
    let x1 = data.sample(count: batch, using: &random)
    let x = path.sample(to: x1, at: .each(times), using: &random)
    return loss(of: weights, x, to: x1, at: times, gradient: &gradient)
  }

  /// The loss of given sequences, as many as a batch has.
  mutating func loss(
    of weights: [Float], _ x: TokenSequences, to x1: TokenSequences, at times: [Double],
    gradient: inout [Float]
  ) -> Double {
    precondition(x.count == batch && gradient.count == weights.count, "other shapes")
    network.load(weights)
    network.evaluate(x, at: .each(times), into: &logits)
    let (length, letters) = (shape.space.length, shape.space.letters)
    let scale = 1 / Double(batch * length)
    var sum = 0.0
    for j in 0..<batch {
      let rate = path.schedule.rate(times[j])
      let evidence = path.evidence(times[j], shape.space)
      for i in 0..<length {
        let start = (j * length + i) * letters
        if x[i, j] < shape.space.mask {
          if evidence == .infinity {
            // Known with certainty: neither a loss nor a slope.
            for k in start..<start + letters { pull[k] = 0 }
            continue
          }
          logits[start + Int(x[i, j])] += Float(log(evidence))
        }
        sum += loss.evaluate(
          logits, start..<start + letters, x: x[i, j], target: x1[i, j], rate: rate, scale: scale,
          pull: &pull)
      }
    }
    network.pullBack(pull, x, into: &gradient)
    return sum * scale
  }
}

/// The posterior that a network has learned: p_{1|t}(v|x) ∝ e^(z_v)·p_t(x^i | x₁^i = v).
///
/// The network's logits z say what the other letters tell, ln p(x₁^i = v | the others); what a letter
/// says of itself is known (`TokenPath.evidence`). So from masks a set letter is kept (Sahoo et al., 2024,
/// sec. 3.2.3), and at t → 1 from uniform letters no weights have to grow.
public struct LearnedPosterior: TokenPosterior {
  /// The path.
  public let path: TokenPath
  /// The network's weights.
  public let weights: [Float]
  private var network: TokenNetwork
  private var logits: [Float] = []

  /// The posterior of a network with such weights.
  public init(_ shape: TokenNetworkShape, along path: TokenPath, weights: [Float]) {
    precondition(shape.states == path.states(shape.space), "the network is for another source")
    self.path = path
    self.weights = weights
    network = TokenNetwork(shape)
    network.load(weights)
  }

  public var space: TokenSpace { network.shape.space }

  public mutating func evaluate(
    _ x: TokenSequences, at t: Times, into p: inout TokenProbabilities
  ) {
    precondition(x.space == space && p.space == space && p.count == x.count, "other shapes")
    if logits.count != p.values.count { logits = [Float](repeating: 0, count: p.values.count) }
    network.evaluate(x, at: t, into: &logits)
    for j in 0..<x.count {
      p.isImpossible[j] = false
      let evidence = path.evidence(t[j], space)
      for i in 0..<space.length { evaluate(x[i, j], evidence, from: p.offset(i, j), &p) }
    }
  }

  private func evaluate(
    _ letter: UInt16, _ evidence: Double, from start: Int, _ p: inout TokenProbabilities
  ) {
    let (end, own) = (start + space.letters, start + Int(letter))
    if letter < space.mask && evidence == .infinity {
      for k in start..<end { p.values[k] = k == own ? 1 : 0 }
      return
    }
    var largest = -Float.infinity
    for k in start..<end { largest = max(largest, logits[k]) }
    var sum = 0.0
    for k in start..<end {
      p.values[k] = Double(exp(logits[k] - largest)) * (k == own ? evidence : 1)
      sum += p.values[k]
    }
    for k in start..<end { p.values[k] /= sum }
  }
}
