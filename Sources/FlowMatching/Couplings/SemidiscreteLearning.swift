/// The potentials of a finite target by averaged stochastic ascent of the dual (Robbins and Monro, 1951; Polyak
/// and Juditsky, 1992; Genevay et al., 2016, §4), in pieces.
///
/// It begins with the mean duals of exact matchings of a few batches, which settle what is far apart; then
/// rounds of ascent on fresh batches, each twice as long as the one before with a smaller step, of which the
/// mean of the last three quarters counts. After each a certificate on fresh draws is made, and the first that holds
/// ends it. Steps are measured by how much two cells' scores differ, so that nothing depends on the data's
/// scale. The same seed gives the same bits on every machine.
public struct SemidiscreteLearning: Sendable {
  /// The points and their weights.
  public var target: WeightedPoints { cells.target }
  /// The certificate of the last round; nil before the first.
  public private(set) var certificate: TransportCertificate?
  /// What was learned; nil until it is over.
  public private(set) var plan: SemidiscretePlan?
  /// The rounds so far, of at most `mostRounds`.
  public private(set) var rounds = 0
  /// The draws so far.
  public private(set) var draws = 0
  /// What somebody who watches may say of it: “round 3, masses off 0.012”.
  public var stage: String {
    guard let certificate else { return "matching batches" }
    return "round \(rounds + 1), masses off \(Self.percent(certificate.variation)) %, by chance "
      + "\(Self.percent(certificate.variationNoise)) %"
  }

  private let limit: Int
  private let seed: UInt64
  private let random: Random
  private var ascentRandom: Random
  private var matchingRandom: Random
  private(set) var cells: LaguerreCells
  private var matcher = Matcher(instructionSet: .baseline)
  private var matchings = 0
  private var duals: [Double]
  private var step = 0
  /// The mean of h over the last three quarters of a round.
  private var average: [Double]
  /// How far hᵢ moves a step for every whole weight that the cell has too few.
  private var reach: [Double] = []
  private var batch: Batch
  private var own: [Int] = []
  private var scores: [Double] = []

  /// The draws of a step.
  static let batch = 1024
  /// Rounds after which it ends whatever the certificate says.
  static let mostRounds = 9
  /// Points in a matching: that many at least, so that few points are there several times.
  private static let matched = 1024
  private static let mostMatchings = 16

  /// Learning that has not begun, for at most `limit` points that stand for the distribution.
  public init(of distribution: any Distribution, limit: Int, seed: UInt64) {
    let random = Random(seed: seed).stream("semidiscrete")
    self.init(
      WeightedPoints(standingFor: distribution, limit: limit, random: random.stream("points")),
      limit: limit, seed: seed)
  }

  /// Learning for given points.
  public init(_ target: WeightedPoints, limit: Int? = nil, seed: UInt64) {
    random = Random(seed: seed).stream("semidiscrete")
    self.limit = limit ?? target.count
    self.seed = seed
    ascentRandom = random.stream("ascent")
    matchingRandom = random.stream("matching")
    cells = LaguerreCells(target)
    duals = [Double](repeating: 0, count: target.count)
    average = duals
    batch = Batch(dimension: target.dimension, count: SemidiscreteLearning.batch)
  }
  /// Whether there is nothing left to do.
  public var isOver: Bool { plan != nil }

  /// Learns on until a budget, in comparisons of a draw with a cell, is used up.
  public mutating func advance(budget: inout Int) {
    while !isOver, budget > 0 { budget -= advanceOnce() }
  }

  /// Learns to the end.
  public mutating func finish() -> SemidiscretePlan {
    while true {
      if let plan { return plan }
      _ = advanceOnce()
    }
  }

  /// One matching, one step or one certificate; returns its price.
  private mutating func advanceOnce() -> Int {
    if target.count == 1 {
      _ = certify()
      return TransportCertificate.draws(cells: 1, dimension: target.dimension)
    }
    if matchings < matchingCount {
      match()
      return 40 * copies.count * 16
    }
    if reach.isEmpty { measureReach() }
    if step == stepsOfRound {
      return certify().draws * (target.count + 100)
    }
    ascend()
    return SemidiscreteLearning.batch * (target.count + 8 * target.dimension)
  }

  // MARK: Matchings

  private var matchingCount: Int {
    max(2, min(SemidiscreteLearning.mostMatchings, (1 << 14) / target.count))
  }

  /// Every point as often as its weight is worth in a matching, once at least.
  private var copies: [Int] {
    let size = Double(max(SemidiscreteLearning.matched, target.count))
    return target.weights.enumerated().flatMap { cell, weight in
      [Int](repeating: cell, count: max(1, Int(weight * size + 0.5)))
    }
  }

  /// Adds the duals of one matching of fresh draws; after the last the cells take their mean.
  private mutating func match() {
    let copies = copies
    var x = Batch(dimension: target.dimension, count: copies.count)
    matchingRandom.fillNormals(&x.values)
    var y = x
    for k in 0..<target.dimension {
      for (j, cell) in copies.enumerated() { y[k, j] = cells.place(k, of: cell) }
    }
    draws += copies.count
    matchings += 1
    if Matcher.canMatch(x, y) {
      matcher.match(x, y)
      var sums = [Double](repeating: 0, count: target.count)
      var counts = sums
      for (j, cell) in copies.enumerated() {
        sums[cell] += matcher.columnDuals[j]
        counts[cell] += 1
      }
      let means = zip(sums, counts).map { $0 / $1 }
      let level = means.reduce(0, +) / Double(means.count)
      for i in duals.indices { duals[i] += means[i] - level }
    }
    guard matchings == matchingCount else { return }
    // u + v ≤ |x − y|² is ⟨x, y⟩ + ½(v − |y|²) ≤ ½(|x|² − u).
    cells.heights = duals.indices.map { i in
      (0..<target.dimension).reduce(0.5 * duals[i] / Double(matchings)) { sum, k in
        let y = cells.place(k, of: i)
        return sum - 0.5 * y * y
      }
    }
  }

  // MARK: Ascent

  /// A cell's reach: half of the draws prefer their cell by less than the median of what the best two scores
  /// differ by. Where points stand apart it is longer in their measure.
  private mutating func measureReach() {
    var random = random.stream("reach")
    random.fillNormals(&batch.values)
    let heights = cells.heights
    var gaps: [Double] = []
    var point = [Double](repeating: 0, count: target.dimension)
    for j in 0..<min(256, batch.count) {
      for k in point.indices { point[k] = batch[k, j] }
      var (first, second) = (-Double.infinity, -Double.infinity)
      for i in 0..<target.count {
        var score = heights[i]
        for k in point.indices { score += point[k] * cells.place(k, of: i) }
        second = max(second, min(first, score))
        first = max(first, score)
      }
      gaps.append(first - second)
    }
    let gap = gaps.sorted()[gaps.count / 2]
    let apart = (0..<target.count).map(distanceToNeighbours)
    let usual = apart.sorted()[apart.count / 2]
    reach = apart.map { gap * $0 / usual }
  }

  /// The root mean square distance to the three nearest other points, or as many as there are.
  private func distanceToNeighbours(_ cell: Int) -> Double {
    var nearest = [Double](repeating: .infinity, count: min(3, target.count - 1))
    for other in 0..<target.count where other != cell {
      var square = 0.0
      for k in 0..<target.dimension {
        let away = cells.place(k, of: other) - cells.place(k, of: cell)
        square += away * away
      }
      guard square < nearest[nearest.count - 1] else { continue }
      nearest[nearest.count - 1] = square
      nearest.sort()
    }
    return (nearest.reduce(0, +) / Double(nearest.count)).squareRoot()
  }

  /// The first round sees every cell some 128 times.
  private var stepsOfRound: Int {
    max(64, 128 * target.count / SemidiscreteLearning.batch) << rounds
  }

  /// The step γ, in reaches: so small that what chance adds to a cell in one step is a small part of it.
  private var rate: Double {
    let first = min(0.3, 0.2 * Double(SemidiscreteLearning.batch) / Double(target.count))
    return first / Double(1 << rounds).squareRoot()
  }

  /// hᵢ ← hᵢ + γ rᵢ(1 − mᵢ/bᵢ) for the masses of a fresh batch: the dual's slope, bᵢ − mᵢ, in the measure
  /// rᵢ/bᵢ.
  private mutating func ascend() {
    ascentRandom.fillNormals(&batch.values)
    cells.assign(batch, into: &own, &scores)
    draws += batch.count
    let (rate, weights) = (rate, target.weights)
    var heights = cells.heights
    for i in weights.indices { heights[i] += rate * reach[i] }
    for cell in own { heights[cell] -= rate * reach[cell] / (weights[cell] * Double(batch.count)) }
    cells.heights = heights
    step += 1
    let half = stepsOfRound / 4
    guard step > half else { return }
    let share = 1 / Double(step - half)
    for i in average.indices {
      average[i] = step - half == 1 ? heights[i] : average[i] + share * (heights[i] - average[i])
    }
  }

  // MARK: The certificate

  private mutating func certify() -> TransportCertificate {
    if target.count > 1 { cells.heights = average }
    var made = certificate(on: "certificate \(rounds)")
    rounds += 1
    step = 0
    let isLast = rounds == SemidiscreteLearning.mostRounds
    // The first that holds was waited for, and chance has several tries: what is shown is the word of other draws.
    if made.holds { made = certificate(on: "proof \(rounds)") }
    certificate = made
    if made.holds || isLast {
      plan = SemidiscretePlan(
        cells: cells, certificate: made, draws: draws, rounds: rounds, limit: limit, seed: seed)
    }
    return made
  }

  /// The certificate of the cells on draws of a stream.
  private func certificate(on stream: String) -> TransportCertificate {
    var random = random.stream(stream)
    let count = TransportCertificate.draws(cells: target.count, dimension: target.dimension)
    var x = Batch(dimension: target.dimension, count: count)
    random.fillNormals(&x.values)
    var (own, scores) = ([Int](), [Double]())
    cells.assign(x, into: &own, &scores)
    return TransportCertificate(cells, x, own, scores)
  }

  private static func percent(_ share: Double) -> String {
    let thousandths = Int(1000 * share + 0.5)
    return "\(thousandths / 10).\(thousandths % 10)"
  }
}
