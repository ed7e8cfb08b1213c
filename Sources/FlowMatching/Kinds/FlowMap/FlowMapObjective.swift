import Kernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The losses of flow maps, all of one form: E|ū_θ(X_t, t, r) − sg(target)|², mean over batch and dimensions,
/// with no gradient through the target, save the Lagrangian's derivative by r.
///
/// A share of the batch jumps; the rest has r = t and learns the velocity. With a tangent pass D along x, t
/// and r, the targets of jumps are
/// - mean flow: v_c + (r − t)·D_{(v_c, 1, 0)}ū, and with r = 1 alone consistency;
/// - improved mean flow: v_c + (r − t)·D_{(ū(x,t,t), 1, 0)}ū;
/// - Lagrangian: ū(X_{t,r}, r, r) − (r − t)·D_{(0, 0, 1)}ū, since ∂_r X = ū + (r − t)∂_r ū, which learns too;
/// - shortcut: the mean of the two halves' velocities.
///
/// With p > 0 every error counts by 1/(error² + 0.001)^p (Geng et al., 2025, eq. 22); the loss that is
/// reported is the plain one, but that the Lagrangian's jumps along an exact field count by 2(1 − r) in it too.
struct FlowMapObjective: TrainingObjective {
  private let objective: Objective
  private let power: Double
  private let weight: TimeWeight
  private let tangent: MapTangent
  private var teacher: (any ExactField)?
  var network: DenseNetwork
  private let pool: WorkerPool?
  private var pairs: TrainingPairs
  private var whole: JumpBatch
  var jumps: JumpBatch
  /// v_c, or the teacher's velocity, of the whole batch, and what the network is drawn towards.
  private var velocity: Batch
  var targets: Batch
  /// Where jumps arrive, and the velocity there.
  var arrived: Batch
  private var there: Batch
  /// Jumps that end a little later and a little earlier, for a gradient of ∂_r ū; empty where none is asked.
  private var slopes: JumpBatch
  private var slopeTargets: Batch

  /// Half of the difference by which ∂_r ū is told: large beside Float's rounding, small beside what maps bend.
  private static let reach = 0.005

  /// The halves of shortcuts go down to 2^(−7).
  static let levels = 7

  /// The objective of an experiment without a complaint.
  init(
    _ experiment: Experiment, from source: any Distribution, to dataset: Dataset,
    teacher: (any ExactField)?, instructionSet: InstructionSet, threads: Int
  ) {
    objective = experiment.objective
    power = experiment.mapPower
    weight = experiment.timeWeight
    tangent = experiment.mapTangent
    self.teacher = teacher
    network = DenseNetwork(experiment.shape, instructionSet: instructionSet)
    let pays = threads > 1 && network.sharesGradient(count: experiment.batch)
    pool = pays ? WorkerPool(threads: threads) : nil
    let batch = experiment.batch
    let share = experiment.jumpCount
    let rule: JumpRule =
      switch experiment.objective {
      case .consistency: .toEnd
      case .shortcut: .dyadic(levels: FlowMapObjective.levels)
      default: .between
      }
    pairs = TrainingPairs(
      from: source, to: dataset.distribution, of: experiment.labelling(of: dataset),
      along: experiment.path.path(under: experiment.scheduler),
      coupledBy: experiment.pairing(to: dataset, instructionSet: instructionSet),
      density: experiment.timeDensity, jumping: (rule, share), count: batch,
      random: Random(seed: experiment.seed))
    whole = JumpBatch(experiment.shape, count: batch)
    jumps = JumpBatch(experiment.shape, count: share)
    velocity = Batch(dimension: experiment.dimension, count: batch)
    targets = velocity
    arrived = Batch(dimension: experiment.dimension, count: share)
    there = arrived
    let isLagrangian = experiment.objective == .lagrangian
    slopes = JumpBatch(experiment.shape, count: isLagrangian ? 2 * share : 0)
    slopeTargets = slopes.mean
  }

  var threads: Int { pool?.threads ?? 1 }
  var couplingTally: CouplingTally? { pairs.couplingTally }

  var generators: [String: Random] {
    get { pairs.generators }
    set { pairs.generators = newValue }
  }

  mutating func loss(of weights: [Float], gradient: inout [Float]) -> Double {
    pairs.draw()
    whole.tell(pairs.told)
    jumps.tell(pairs.told)
    slopes.tell(jumps.told + jumps.told)
    velocity = pairs.sample.velocity
    teacher?.evaluate(pairs.sample.x, at: .each(pairs.times), into: &velocity)
    targets = velocity
    jumps.take(pairs.sample.x, from: pairs.times, to: pairs.ends)
    switch objective {
    case .lagrangian: return lagrangianLoss(weights, &gradient)
    case .shortcut: aimShortcut(weights)
    case .improvedMeanFlow: aimImproved(weights)
    default: aimEulerian(weights, along: velocity)
    }
    whole.take(pairs.sample.x, from: pairs.times, to: pairs.ends)
    guard power > 0 || weight != .uniform else {
      return pull(weights, whole.rows(), targets, &gradient)
    }
    whole.evaluate(&network, weights)
    let plain = weigh(whole.mean)
    _ = pull(weights, whole.rows(), targets, &gradient)
    return plain
  }

  /// Overwrites the gradient by that of Σ|ū − target|² over the numbers of the batch; returns that.
  private mutating func pull(
    _ weights: [Float], _ rows: (points: [Double], last: [Double]), _ targets: Batch,
    _ gradient: inout [Float]
  ) -> Double {
    let scale = 1 / Double(velocity.values.count)
    return scale
      * network.squaredErrorGradient(
        weights: weights, points: rows.points, times: rows.last, target: targets.values,
        scale: scale, gradient: &gradient, pool: pool)
  }

  /// 2(1 − r) of the Lagrangian's jumps along the exact field, 1 elsewhere: where a map misses the data by δ,
  /// that field leads back at δ/(1 − r), and jumps to r near 1 would make the mean of squares infinite.
  private func evenness(_ j: Int) -> Double {
    objective == .lagrangian && teacher != nil && j < jumps.count ? 2 * (1 - jumps.ends[j]) : 1
  }

  /// Draws the targets nearer to what the network said, so that their squared error has the gradient of the
  /// weighted one; returns the loss that is reported.
  private mutating func weigh(_ mean: Batch) -> Double {
    var sum = 0.0
    let n = mean.count
    for j in 0..<n {
      var square = 0.0
      for k in stride(from: j, to: mean.values.count, by: n) {
        let error = mean.values[k] - targets.values[k]
        square += error * error
      }
      let evenness = evenness(j)
      square *= evenness
      sum += square
      let own = power > 0 ? pow(square + 1e-3, -power) : 1
      let factor = own * evenness * weight.weight(at: pairs.times[j])
      for k in stride(from: j, to: mean.values.count, by: n) {
        targets.values[k] = mean.values[k] + factor * (targets.values[k] - mean.values[k])
      }
    }
    return sum / Double(targets.values.count)
  }
}

/// The targets of jumps.
extension FlowMapObjective {
  /// target = v + (r − t)·D_{(w, 1, 0)}ū.
  private mutating func aimEulerian(_ weights: [Float], along w: Batch) {
    var w = w
    let factors = tangent.factors
    if factors.velocity != 1 { for k in w.values.indices { w.values[k] *= factors.velocity } }
    jumps.evaluate(&network, weights, along: w, factors.time, 0)
    let n = targets.count
    for i in 0..<jumps.dimension {
      for j in 0..<jumps.count {
        targets.values[i * n + j] +=
          (jumps.ends[j] - jumps.start(j)) * jumps.change.values[i * jumps.count + j]
      }
    }
  }

  /// The same along the map's own velocity.
  private mutating func aimImproved(_ weights: [Float]) {
    askVelocity(of: jumps, weights)
    aimEulerian(weights, along: there)
  }

  /// |∂_r X_{t,r} − sg(v_r(X_{t,r}))|², with ∂_r X = ū + (r − t)∂_r ū on the side that learns: drawn to a
  /// target that holds ∂_r ū, a map runs away where the velocity drives points apart.
  ///
  /// Its gradient is that of ū towards the target, and (r − t) times that of ∂_r ū, here a difference by r.
  private mutating func lagrangianLoss(_ weights: [Float], _ gradient: inout [Float]) -> Double {
    aimLagrangian(weights)
    whole.take(pairs.sample.x, from: pairs.times, to: pairs.ends)
    whole.evaluate(&network, weights)
    let plain = weigh(whole.mean)
    _ = pull(weights, whole.rows(), targets, &gradient)
    aimSlopes(weights)
    var other = gradient
    _ = pull(weights, slopes.rows(), slopeTargets, &other)
    for k in gradient.indices { gradient[k] += other[k] }
    return plain
  }

  /// target = v_r(X_{t,r}) − (r − t)·D_{(0, 0, 1)}ū.
  private mutating func aimLagrangian(_ weights: [Float]) {
    jumps.evaluate(&network, weights, along: nil, 0, 1)
    let change = jumps.change
    land(weights, at: jumps.ends)
    let (n, count) = (targets.count, jumps.count)
    for i in 0..<jumps.dimension {
      for j in 0..<count {
        let span = jumps.ends[j] - jumps.start(j)
        targets.values[i * n + j] =
          there.values[i * count + j] - span * change.values[i * count + j]
      }
    }
  }

  /// What draws ∂_r ū of jumps as ū is drawn to its targets: ū at two ends `reach` to both sides of r, or as far as
  /// there is room between t and 1.
  private mutating func aimSlopes(_ weights: [Float]) {
    let (d, n, m) = (jumps.dimension, whole.count, jumps.count)
    var factors = [Double](repeating: 0, count: m)
    for j in 0..<m {
      let (t, r) = (jumps.start(j), jumps.ends[j])
      let (low, high) = (max(t, r - FlowMapObjective.reach), min(1, r + FlowMapObjective.reach))
      if high - low > 1e-9 { factors[j] = (r - t) / (high - low) }
      for (k, end) in [(j, high), (j + m, low)] {
        for i in 0..<d { slopes.inputs[i * 2 * m + k] = jumps.inputs[i * m + j] }
        slopes.inputs[d * 2 * m + k] = t
        slopes.ends[k] = end
      }
    }
    slopes.evaluate(&network, weights)
    for i in 0..<d {
      for j in 0..<m {
        let pull = factors[j] * (whole.mean.values[i * n + j] - targets.values[i * n + j])
        for (k, sign) in [(j, 1.0), (j + m, -1)] {
          slopeTargets.values[i * 2 * m + k] = slopes.mean.values[i * 2 * m + k] - sign * pull
        }
      }
    }
  }

  /// Moves the points of jumps on to the given times, and asks for the velocity there.
  private mutating func land(_ weights: [Float], at times: [Double]) {
    var landing = jumps
    let count = jumps.count
    for i in 0..<jumps.dimension {
      for j in 0..<count {
        arrived.values[i * count + j] =
          jumps.inputs[i * count + j]
          + (times[j] - jumps.start(j)) * jumps.mean.values[i * count + j]
      }
    }
    if var known = teacher {
      // Taken out, its memory is nobody else's.
      teacher = nil
      known.evaluate(arrived, at: .each(times), into: &there)
      teacher = known
      return
    }
    landing.take(arrived, from: times, to: times)
    landing.evaluate(&network, weights)
    there = landing.mean
  }

  /// ū(x, t, t) of jumps, or the teacher's velocity.
  private mutating func askVelocity(of jumps: JumpBatch, _ weights: [Float]) {
    guard teacher == nil else {
      there = velocity.points(0..<jumps.count)
      return
    }
    var standing = jumps
    for j in 0..<standing.count { standing.ends[j] = standing.start(j) }
    standing.evaluate(&network, weights)
    there = standing.mean
  }
}
