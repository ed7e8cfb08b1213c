import Kernels

/// The two regressions of an interpolant, E|b(X_t, t) − (İ + γ̇z)|² and E|η(X_t, t) − z|², on points
/// with +z and −z: their mean has no γ̇ left where it is large (Albergo et al., 2023, section 6.1). The
/// least of the first is that of ½|b|² − (İ + γ̇z)·b.
///
/// The loss is the first one, by which the drift is judged; times are uniform on `InterpolantNoise.times`.
struct InterpolantObjective: TrainingObjective {
  private let path: ConditionalPath
  private var network: DenseNetwork
  private let pool: WorkerPool?
  private var pairs: TrainingPairs
  private let count: Int
  /// Points with +z and with −z, one after the other, and what is regressed on there.
  private var points: Batch
  private var drifts: Batch
  private var noises: Batch
  private var times: [Double]
  private var half: [Float]

  /// The objective of an experiment without a complaint.
  init(
    _ experiment: Experiment, from source: any Distribution, to dataset: Dataset,
    instructionSet: InstructionSet, threads: Int
  ) {
    path = experiment.path
    network = DenseNetwork(experiment.shape, instructionSet: instructionSet)
    // Antithetic points come in pairs.
    count = max(1, experiment.batch / 2)
    let pays = threads > 1 && network.sharesGradient(count: 2 * count)
    pool = pays ? WorkerPool(threads: threads) : nil
    var regression = RegressionTarget()
    regression.path = experiment.path
    regression.interval = InterpolantNoise.times
    pairs = TrainingPairs(
      from: source, to: dataset.distribution, along: path.path(),
      coupledBy: experiment.pairing(to: dataset, instructionSet: instructionSet),
      regressing: regression, count: count, random: Random(seed: experiment.seed))
    points = Batch(dimension: experiment.dimension, count: 2 * count)
    drifts = points
    noises = points
    times = [Double](repeating: 0, count: 2 * count)
    half = [Float](repeating: 0, count: experiment.shape.parameterCount)
  }

  var threads: Int { pool?.threads ?? 1 }
  var couplingTally: CouplingTally? { pairs.couplingTally }

  var generators: [String: Random] {
    get { pairs.generators }
    set { pairs.generators = newValue }
  }

  mutating func loss(of weights: [Float], gradient: inout [Float]) -> Double {
    pairs.draw()
    mirror()
    let size = half.count
    let drift = regress(Array(weights[0..<size]), on: drifts)
    for k in 0..<size { gradient[k] = half[k] }
    _ = regress(Array(weights[size..<2 * size]), on: noises)
    for k in 0..<size { gradient[size + k] = half[k] }
    return drift / Double(points.values.count)
  }

  /// The gradient of a network's mean squared error into `half`; returns the sum of the squares.
  private mutating func regress(_ weights: [Float], on target: Batch) -> Double {
    network.squaredErrorGradient(
      weights: weights, points: points.values, times: times, target: target.values,
      scale: 1 / Double(points.values.count), gradient: &half, pool: pool)
  }

  /// Every drawn point with its noise, and the one with the noise turned round.
  private mutating func mirror() {
    let (n, d) = (count, points.dimension)
    for j in 0..<n {
      let t = pairs.times[j]
      let c = path.coefficients(.conditionalOT, at: t)
      (times[j], times[n + j]) = (t, t)
      for i in 0..<d {
        let k = i * n + j
        let (start, end) = (pairs.x0.values[k], pairs.x1.values[k])
        let middle = c.alpha * end + c.sigma * start
        let rate = c.alphaRate * end + c.sigmaRate * start
        let x = pairs.sample.x.values[k]
        let velocity = pairs.sample.velocity.values[k]
        // z as the point was drawn with it.
        let z = (x - middle) / c.noise
        let (first, second) = (i * 2 * n + j, i * 2 * n + n + j)
        (points.values[first], points.values[second]) = (x, 2 * middle - x)
        (drifts.values[first], drifts.values[second]) = (velocity, 2 * rate - velocity)
        (noises.values[first], noises.values[second]) = (z, -z)
      }
    }
  }
}
