import Kernels

/// The action L = E s(X₀, 0) − E s(X₁, 1) + ∫E[½|∇s|² + ∂_t s + ½g²Δs]dt of a potential, which tells X_t's
/// distributions alone and no pairs (Neklyudov et al., 2023, eq. 8, and 14 with noise g).
///
/// The gradient of ½|∇s|² + ∂_t s by the weights is that of the derivative of s along (∇s, 1), with that
/// direction held: a single tangent, whatever the dimension.
struct ActionObjective: TrainingObjective {
  private let path: any ProbabilityPath
  private let noise: Double
  private var network: DenseNetwork
  private var pairs: TrainingPairs
  private var endRandom: Random
  /// X₀, and behind it X₁.
  private var start, finish: PathSample
  private var ends: Batch
  private let endTimes: [Double]
  private let endShares: [Double]
  private var slopes: Batch
  private var directions: [Double]
  private var results: [Double]
  private var values: [Double]
  private var curves: [Double]
  private var unused: [Double] = []

  /// The objective of an experiment without a complaint.
  init(
    _ experiment: Experiment, from source: any Distribution, to dataset: Dataset,
    instructionSet: InstructionSet
  ) {
    let (n, d) = (experiment.batch, experiment.dimension)
    path = experiment.path.path(under: experiment.scheduler)
    noise = experiment.actionNoise
    network = DenseNetwork(experiment.shape, instructionSet: instructionSet)
    let random = Random(seed: experiment.seed)
    endRandom = random.stream("ends")
    pairs = TrainingPairs(
      from: source, to: dataset.distribution, along: path,
      coupledBy: experiment.coupling.coupling(
        instructionSet: instructionSet,
        pairs: experiment.coupling == .pairs ? dataset.rowPairs : dataset.pairs),
      regressing: experiment.regression, count: n, random: random)
    start = PathSample(dimension: d, count: n)
    finish = start
    ends = Batch(dimension: d, count: 2 * n)
    endTimes = [Double](repeating: 0, count: n) + [Double](repeating: 1, count: n)
    let share = 1 / Double(n)
    endShares = [Double](repeating: share, count: n) + [Double](repeating: -share, count: n)
    slopes = Batch(dimension: d, count: n)
    directions = [Double](repeating: 1, count: (d + 1) * n)
    results = [Double](repeating: 0, count: 2 * n)
    values = results
    curves = [Double](repeating: 0, count: 3 * n)
  }

  var couplingTally: CouplingTally? { pairs.couplingTally }

  var generators: [String: Random] {
    get { pairs.generators.merging(["ends": endRandom]) { $1 } }
    set {
      pairs.generators = newValue
      endRandom = newValue["ends"] ?? endRandom
    }
  }

  mutating func loss(of weights: [Float], gradient: inout [Float]) -> Double {
    pairs.draw()
    for k in gradient.indices { gradient[k] = 0 }
    return addEnds(weights, &gradient) + addWay(weights, &gradient)
      + (noise > 0 ? addNoise(weights, &gradient) : 0)
  }

  /// E s(X₀, 0) − E s(X₁, 1).
  private mutating func addEnds(_ weights: [Float], _ gradient: inout [Float]) -> Double {
    let n = pairs.times.count
    path.sample(
      from: pairs.x0, to: pairs.x1, at: [Double](repeating: 0, count: n), using: &endRandom,
      into: &start)
    path.sample(
      from: pairs.x0, to: pairs.x1, at: [Double](repeating: 1, count: n), using: &endRandom,
      into: &finish)
    for i in 0..<ends.dimension {
      for j in 0..<n {
        ends.values[2 * i * n + j] = start.x.values[i * n + j]
        ends.values[(2 * i + 1) * n + j] = finish.x.values[i * n + j]
      }
    }
    network.jet(
      weights: weights, points: ends.values, times: endTimes, order: 0, into: &values,
      back: JetCotangents(endShares, reachesWeights: true, reachesPoints: false),
      gradient: &gradient, pointCotangents: &unused)
    return zip(values, endShares).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// The mean of ½|∇s|² + ∂_t s.
  private mutating func addWay(_ weights: [Float], _ gradient: inout [Float]) -> Double {
    let (n, x) = (pairs.times.count, pairs.sample.x)
    var single = [Double](repeating: 0, count: n)
    network.jet(
      weights: weights, points: x.values, times: pairs.times, order: 0, into: &single,
      back: JetCotangents(
        [Double](repeating: 1, count: n), reachesWeights: false, reachesPoints: true),
      gradient: &gradient, pointCotangents: &slopes.values)
    for k in slopes.values.indices { directions[k] = slopes.values[k] }
    network.jet(
      weights: weights, points: x.values, times: pairs.times, along: directions, order: 1,
      into: &results,
      back: JetCotangents(
        single.map { _ in 0 } + single.map { _ in 1 / Double(n) }, reachesWeights: true,
        reachesPoints: false),
      gradient: &gradient, pointCotangents: &unused)
    var sum = 0.0
    for j in 0..<n { sum += results[n + j] }
    for slope in slopes.values { sum -= 0.5 * slope * slope }
    return sum / Double(n)
  }

  /// The mean of ½g²Δs.
  private mutating func addNoise(_ weights: [Float], _ gradient: inout [Float]) -> Double {
    let (n, d) = (pairs.times.count, slopes.dimension)
    let share = 0.5 * noise * noise / Double(n)
    let none = [Double](repeating: 0, count: 2 * n)
    let back = JetCotangents(
      none + [Double](repeating: share, count: n), reachesWeights: true, reachesPoints: false)
    var sum = 0.0
    for axis in 0..<d {
      var along = [Double](repeating: 0, count: (d + 1) * n)
      for j in 0..<n { along[axis * n + j] = 1 }
      network.jet(
        weights: weights, points: pairs.sample.x.values, times: pairs.times, along: along,
        order: 2, into: &curves, back: back, gradient: &gradient, pointCotangents: &unused)
      for j in 0..<n { sum += share * curves[2 * n + j] }
    }
    return sum
  }
}
