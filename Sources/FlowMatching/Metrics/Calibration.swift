#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Simulation-based calibration: of pairs (θ, x) of the prior and the simulator, the rank of each coordinate
/// of θ among L draws of the posterior given x. Of the right posterior every rank from 0 to L is as likely
/// (Talts et al., 2018, theorem 1).
///
/// The reverse does not hold: the prior itself has such ranks, whatever was observed.
public struct Calibration: Sendable, Hashable {
  /// How often a binomial variate lies within a band.
  public static let bandProbability = 0.99

  /// The share of true values within a central interval of the posterior.
  public struct Coverage: Sendable, Hashable {
    /// The coordinate, from 0.
    public let parameter: Int
    /// What the share should be.
    public let level: Double
    /// What it is.
    public let share: Double
    /// What it may be by chance: the band of a binomial variate.
    public let band: ClosedRange<Double>

    /// Whether chance explains it.
    public var isWithin: Bool { band.contains(share) }
  }

  /// The draws L that each true value is ranked among; a multiple of 20, less 1.
  public let draws: Int
  /// The ranks, a row for each coordinate of θ and a column for each pair.
  public private(set) var ranks: [[Int]]

  /// No pair yet, of parameters of `dimension` coordinates.
  public init(dimension: Int, draws: Int) {
    precondition(draws > 0 && (draws + 1) % 20 == 0, "central intervals end between two ranks")
    self.draws = draws
    ranks = [[Int]](repeating: [], count: dimension)
  }

  /// The pairs so far.
  public var count: Int { ranks[0].count }

  /// Takes a pair: the true parameters and as many draws of the posterior, `d×L`, all finite.
  public mutating func note(_ truth: [Double], among posterior: Batch) {
    precondition(
      posterior.count == draws && truth.count == ranks.count, "a rank for each coordinate")
    for i in truth.indices {
      ranks[i].append((0..<draws).count { posterior[i, $0] < truth[i] })
    }
  }

  /// How often the central intervals of 50, 80 and 90 % hold the true value.
  public var coverage: [Coverage] {
    ranks.indices.flatMap { parameter in
      // Twentieths of the ranks that are left out at each side.
      [5, 2, 1].map { twentieths in
        let level = 1 - Double(2 * twentieths) / 20
        let tail = twentieths * (draws + 1) / 20
        let inside = ranks[parameter].count { $0 >= tail && $0 <= draws - tail }
        return Coverage(
          parameter: parameter, level: level, share: Double(inside) / Double(max(1, count)),
          band: Self.band(of: count, level))
      }
    }
  }

  /// The same of every central interval that ends between two ranks, a curve for each coordinate, from the
  /// narrowest.
  public var coverageCurves: [[(level: Double, share: Double)]] {
    guard count > 0 else { return [] }
    return ranks.map { ranks in
      (0...(draws + 1) / 2).reversed().map { tail in
        let inside = ranks.count { $0 >= tail && $0 <= draws - tail }
        return (
          1 - Double(2 * tail) / Double(draws + 1), Double(inside) / Double(ranks.count)
        )
      }
    }
  }

  /// Whether chance explains all shares together: each lies in a band so wide that all of a right posterior
  /// do as often as `bandProbability` says at least (Bonferroni).
  public var isWithinBands: Bool {
    let found = coverage
    let single = 1 - (1 - Self.bandProbability) / Double(max(1, found.count))
    return found.allSatisfy { Self.band(of: count, $0.level, holding: single).contains($0.share) }
  }

  /// How many ranks of a coordinate lie in each tenth.
  public func histogram(of parameter: Int) -> [Int] {
    var bins = [Int](repeating: 0, count: 10)
    for rank in ranks[parameter] { bins[rank * 10 / (draws + 1)] += 1 }
    return bins
  }

  /// The shares of `count` trials between which a binomial variate of that probability lies, each tail
  /// having half of what is left of `share` at most.
  public static func band(
    of count: Int, _ probability: Double, holding share: Double = bandProbability
  ) -> ClosedRange<Double> {
    precondition(probability > 0 && probability < 1, "a band is of what may be or not")
    guard count > 0 else { return 0...1 }
    let tail = (1 - share) / 2
    let n = Double(count)
    let logs = (0...count).map { k in
      let k = Double(k)
      return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) + k * log(probability)
        + (n - k) * log(1 - probability)
    }
    func reach(_ order: some Sequence<Int>) -> Int {
      var sum = 0.0
      for k in order {
        sum += exp(logs[k])
        if sum > tail { return k }
      }
      return count
    }
    return Double(reach(0...count)) / n...Double(reach((0...count).reversed())) / n
  }
}
