/// Everything that fixes a training run: with the same binary on the same machine, the same
/// experiment gives the same bits.
public struct Experiment: Codable, Hashable, Sendable {
  /// The target's name in the catalogue of data sets.
  public var dataset = "8gaussians"
  /// Where the flow starts: "gaussian" is N(0, I), "points" those that came with the data set, any
  /// other name a data set's.
  public var source = Source.gaussian
  /// The dimension d of its points.
  public var dimension = 2
  /// Whether one network is learned, a velocity, or layers with a network each.
  public var model = FlowModel.velocity
  /// The number of units of each hidden layer.
  public var widths = [64, 64, 64]
  /// The activation of the hidden layers.
  public var activation = Activation.silu
  /// The number of pairs in a training batch.
  public var batch = 256
  /// The optimiser's step size η.
  public var learningRate = 1e-3
  /// The decoupled weight decay λ of AdamW; 0 is plain Adam.
  public var weightDecay = 0.0
  /// How data replaces noise along the path.
  public var scheduler = Scheduler.conditionalOT
  /// The path between the ends; the scheduler counts where it takes one.
  public var path = ConditionalPath.affine
  /// How the ends of a batch are paired.
  public var coupling = CouplingChoice.independent
  /// What the network predicts; `velocityField` makes a velocity of it.
  public var prediction = Prediction.velocity
  /// What training minimises.
  public var loss = Loss.squared
  /// What the network learns by.
  public var objective = Objective.flowMatching
  /// How the likelihood is solved, where that is the objective.
  public var likelihood = LikelihoodOptions()
  /// The number of optimiser steps after which training rests.
  public var steps = 60_000
  /// What all random numbers of the run derive from.
  public var seed: UInt64 = 0

  /// The default experiment.
  public init() {}

  /// The shape of the network that is trained, or of each one.
  public var shape: MLPShape {
    MLPShape(dimension: dimension, widths: widths, activation: activation)
  }

  /// The coefficients of the path at `t` in [0, 1].
  public func pathCoefficients(at t: Double) -> PathCoefficients {
    path.coefficients(scheduler, at: t)
  }

  /// What particles start from on their way to a data set; throws where the source's name is not
  /// known.
  public func sourceDistribution(to dataset: Dataset) throws(UnknownName) -> any Distribution {
    if let own = coupling.source(of: dataset.distribution) { return own }
    if source == Source.points, let given = dataset.sourcePoints { return PointCloud(given) }
    return try Source.named(source, dimension: dimension)
  }
}

extension Experiment {
  /// What an older file does not name has its default.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    func read<Value: Decodable>(_ key: CodingKeys, into value: inout Value) throws {
      if let known = try values.decodeIfPresent(Value.self, forKey: key) { value = known }
    }
    try read(.dataset, into: &dataset)
    try read(.source, into: &source)
    try read(.dimension, into: &dimension)
    try read(.model, into: &model)
    try read(.widths, into: &widths)
    try read(.activation, into: &activation)
    try read(.batch, into: &batch)
    try read(.learningRate, into: &learningRate)
    try read(.weightDecay, into: &weightDecay)
    try read(.scheduler, into: &scheduler)
    try read(.path, into: &path)
    try read(.coupling, into: &coupling)
    try read(.prediction, into: &prediction)
    try read(.loss, into: &loss)
    try read(.objective, into: &objective)
    try read(.likelihood, into: &likelihood)
    try read(.steps, into: &steps)
    try read(.seed, into: &seed)
  }
}
