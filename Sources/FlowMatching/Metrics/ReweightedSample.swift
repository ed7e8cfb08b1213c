#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Samples of a flow with the density ∝ exp(−E) that they should have had: log w = −E(x) − log p(x).
///
/// Averages with the weights w/Σw are those of exp(−E) however wrong the flow is, as far as its samples reach; the
/// effective sample size says how far that is (Noé et al., 2019, eq. 12).
public struct ReweightedSample: Sendable, Hashable {
  /// The energies of the samples.
  public let energies: [Double]
  /// log w of each.
  public let logWeights: [Double]
  /// w/Σw of each.
  public let weights: [Double]

  /// Samples, at least one, with log p in nats; nil where a number is not finite.
  public init?(energies: [Double], logDensities: [Double]) {
    precondition(energies.count == logDensities.count, "a density for each energy")
    guard !energies.isEmpty, energies.allSatisfy(\.isFinite), logDensities.allSatisfy(\.isFinite)
    else { return nil }
    self.energies = energies
    let logs = zip(energies, logDensities).map { -$0 - $1 }
    let total = logSumExp(logs)
    logWeights = logs
    weights = logs.map { exp($0 - total) }
  }

  /// (Σw)²/(n Σw²), the effective share of the samples, from 1/n to 1.
  public var effectiveShare: Double {
    1 / (Double(weights.count) * weights.reduce(0) { $0 + $1 * $1 })
  }

  /// The mean energy of the samples as they are.
  public var meanEnergy: Estimate { Estimate(of: energies) }

  /// The weighted mean of a number of each sample, with the error that the weights leave (delta method).
  public func mean(of values: [Double]) -> Estimate {
    let mean = zip(weights, values).reduce(0) { $0 + $1.0 * $1.1 }
    let square = zip(weights, values).reduce(0) {
      $0 + $1.0 * $1.0 * ($1.1 - mean) * ($1.1 - mean)
    }
    return Estimate(mean: mean, standardError: square.squareRoot())
  }

  /// The mean energy under exp(−E).
  public var reweightedEnergy: Estimate { mean(of: energies) }

  /// log Z = log E[w].
  public var logPartition: Estimate {
    let n = Double(weights.count)
    let spread = weights.reduce(0) { $0 + (n * $1 - 1) * (n * $1 - 1) } / max(n - 1, 1)
    return Estimate(
      mean: logSumExp(logWeights) - log(n), standardError: (spread / n).squareRoot())
  }

  /// The number below which half of the weight lies; of even weights the median.
  public func median(of values: [Double]) -> Double {
    var sum = 0.0
    for j in values.indices.sorted(by: { values[$0] < values[$1] }) {
      sum += weights[j]
      if sum >= 0.5 { return values[j] }
    }
    return values.max() ?? .nan
  }

  /// How few of the samples hold a share of the weight.
  public func count(holding share: Double) -> Int {
    var (sum, count) = (0.0, 0)
    for weight in weights.sorted(by: >) where sum < share {
      sum += weight
      count += 1
    }
    return count
  }
}

extension ReweightedSample {
  /// Samples of four particles at the end of a flow, whose density is carried along with them; nil where one left
  /// the numbers on the way. `progress` hears which share of the work is done.
  public init?(
    of flow: any Flow, from x0: Batch, _ source: any DensityDistribution, _ plan: TransportPlan,
    progress: (Double) -> Void = { _ in }
  ) {
    let state = DensityFlow.state(x0, logDensity: source.logDensity(x0))
    var there = flow.transport(state, as: .density, from: 0, to: 1, plan)
    there.finish(progress)
    guard there.status == .finished else { return nil }
    let density = DensityFlow(flow)
    self.init(
      energies: DoubleWells.energies(density.points(there.state)),
      logDensities: density.logDensity(there.state))
  }
}
