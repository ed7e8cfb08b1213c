import Kernels

/// The flow matching loss on a curved space, L = E|v_θ(X_t, t) − u_t|²_g, with t of the experiment's
/// density on [0, 1) and X_t on the geodesic from X₀ to X₁; the mean over the batch and the dimensions of the space.
///
/// |Pf − u| is the length of the part of f − u along the tangents, so that the squared error's one pass
/// serves with a projection of its residual.
struct GeodesicObjective: TrainingObjective {
  private let space: any Space
  private var network: DenseNetwork
  private let pool: WorkerPool?
  private var pairs: TrainingPairs
  /// The inputs of the network at the points of the last draw.
  private var inputs: Batch

  /// The objective of an experiment without a complaint.
  init(
    _ experiment: Experiment, on space: any Space, from source: any Distribution,
    to dataset: Dataset, instructionSet: InstructionSet, threads: Int
  ) {
    self.space = space
    network = DenseNetwork(experiment.shape, instructionSet: instructionSet)
    let pays = threads > 1 && network.sharesGradient(count: experiment.batch)
    pool = pays ? WorkerPool(threads: threads) : nil
    pairs = TrainingPairs(
      from: source, to: dataset.distribution, along: GeodesicPath(space),
      coupledBy: experiment.coupling == .optimalTransport ? GeodesicTransport(on: space) : nil,
      density: experiment.timeDensity, count: experiment.batch,
      random: Random(seed: experiment.seed))
    inputs = Batch(dimension: space.inputs, count: experiment.batch)
  }

  var threads: Int { pool?.threads ?? 1 }

  var generators: [String: Random] {
    get { pairs.generators }
    set { pairs.generators = newValue }
  }

  mutating func loss(of weights: [Float], gradient: inout [Float]) -> Double {
    pairs.draw()
    space.writeInputs(pairs.sample.x, into: &inputs)
    let elements = Double(space.dimension * inputs.count)
    return network.squaredErrorGradient(
      weights: weights, points: inputs.values, times: pairs.times,
      target: pairs.sample.velocity.values, isTangent: space.hasNormal, scale: 1 / elements,
      gradient: &gradient, pool: pool) / elements
  }
}
