import Kernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The loss of a network's posterior as a function of its weights, one fresh batch at a time: the mean
/// over sequences and positions, t uniform on [0, end]. See `LearnedPosterior` for what a letter says of itself.
public struct TokenObjective: Sendable {
  /// The network.
  public let shape: MLPShape
  /// The path.
  public let path: TokenPath
  /// The loss.
  public let loss: TokenLoss
  /// Sequences of a batch.
  public let batch: Int
  /// The largest t: κ̇/(1 − κ) is infinite at 1.
  public let end: Double
  private let data: any TokenDistribution
  private var network: LetterNetwork
  private let pool: WorkerPool?
  private var random: Random
  /// From masks; nil for letters of noise, whose times are uniform.
  private let open: OpenLetters?
  private var times: [Double]
  private var weights: [Double]
  private var terms: [Float]

  /// The largest t unless another is asked for, flow_matching's.
  public static let usualEnd = 0.999

  /// The objective of a data set; where more threads do not pay, one works.
  public init(
    _ data: any TokenDistribution, along path: TokenPath, _ shape: MLPShape,
    loss: TokenLoss = .generalizedKL, batch: Int = 256, end: Double = usualEnd, random: Random,
    instructionSet: InstructionSet = .best, threads: Int = 1
  ) {
    precondition(shape.tokenSpace == data.space, "the network is for another space")
    precondition(
      shape.letters?.states == path.states(data.space), "the network is for another source")
    precondition(batch > 0 && end > 0 && end < 1, "a batch, and times before 1")
    self.data = data
    self.path = path
    self.shape = shape
    self.loss = loss
    self.batch = batch
    self.end = end
    network = LetterNetwork(shape, instructionSet: instructionSet)
    let pays = threads > 1 && network.shards(count: batch) > 1
    pool = pays ? WorkerPool(threads: threads) : nil
    self.random = random.stream("token batch")
    open =
      loss == .generalizedKL && path.source == .mask
      ? OpenLetters(length: data.space.length, along: path, until: end) : nil
    times = [Double](repeating: 0, count: batch)
    weights = times
    terms = [Float](repeating: 0, count: 3 * batch * data.space.length)
  }

  /// The threads that a batch keeps busy.
  public var threads: Int { pool?.threads ?? 1 }

  /// Every random stream that a batch takes from, by name.
  public var generators: [String: Random] {
    get { ["token batch": random] }
    set { if let stream = newValue["token batch"] { random = stream } }
  }

  /// The loss of a fresh batch; its gradient by the weights overwrites `gradient`, of as many elements.
  public mutating func loss(of weights: [Float], gradient: inout [Float]) -> Double {
    let x1 = data.sample(count: batch, using: &random)
    let x: TokenSequences
    if let open {
      x = open.draw(x1, times: &times, weights: &self.weights, using: &random)
    } else {
      for j in times.indices {
        times[j] = end * (Double(j) + random.uniform()) / Double(batch)
        self.weights[j] = path.schedule.rate(times[j])
      }
      x = path.sample(to: x1, at: .each(times), using: &random)
    }
    return loss(
      of: weights, x, to: x1, at: times, weights: self.weights, gradient: &gradient)
  }

  /// The loss of given sequences, as many as a batch has; of the generalised KL loss each counts so often,
  /// κ̇/(1 − κ) unless something else is said.
  mutating func loss(
    of weights: [Float], _ x: TokenSequences, to x1: TokenSequences, at times: [Double],
    weights rates: [Double]? = nil, gradient: inout [Float]
  ) -> Double {
    precondition(x.count == batch && gradient.count == weights.count, "other shapes")
    let rates = rates ?? times.map(path.schedule.rate)
    let scale = 1 / Double(x.values.count)
    let targets = LetterNetwork.Targets(
      letters: x1.values, rates: loss == .generalizedKL ? rates.map(Float.init) : nil,
      evidence: path.source == .mask
        ? nil : times.map { Float(log(path.evidence($0, x.space))) })
    network.lossGradient(
      weights: weights, sequences: x.values,
      numbers: LetterShape.numbers(of: .each(times), count: batch), targets: targets, scale: scale,
      terms: &terms, gradient: &gradient, pool: pool)
    var sum = 0.0
    let plane = x.values.count
    for i in 0..<x.space.length {
      for j in 0..<batch {
        let k = i * batch + j
        // From masks a letter that is set is known: no loss.
        if x.values[k] < x.space.mask && targets.evidence == nil { continue }
        let logTarget = Double(terms[k]) - log(Double(terms[plane + k]))
        switch loss {
        case .crossEntropy: sum -= logTarget
        case .generalizedKL:
          let isSame = x.values[k] == x1.values[k]
          sum -= rates[j] * (Double(terms[2 * plane + k]) + (isSame ? -1 : logTarget))
        }
      }
    }
    return sum * scale
  }
}
