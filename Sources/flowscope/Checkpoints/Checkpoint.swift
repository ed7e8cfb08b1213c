import FileFormats
import FlowMatching

/// What a safetensors file holds of a flow: a network, and where it is one of ours everything that
/// made it.
struct Checkpoint {
  /// The weights to sample with: the moving average where the file is ours.
  let weights: MLPWeights
  /// The run that the weights come from; nil for a foreign network.
  let experiment: Experiment?
  /// The optimiser steps taken.
  let step: Int?
  /// What training goes on from; nil where the file holds weights alone.
  let state: TrainerState?
  /// What the loops of the run were compiled for, whose rounding differs a little; nil where the
  /// file does not say.
  let instructionSet: InstructionSet?
  /// The user's own points, where they are the target.
  let points: Batch?
  /// The pairs that training draws from, where they are given.
  let pairs: PairTable?
  /// The user's own points, where flows start from them.
  let sourcePoints: Batch?
  /// How both were standardised.
  let units: Units

  /// How a foreign network was read; nil for a file of ours.
  let foreign: ForeignNetwork?

  /// Reads a checkpoint, or a foreign network as `reading` and then its metadata say; its activation
  /// somebody has to tell, or `otherwise` is taken.
  init(
    _ file: Safetensors, reading: NetworkReading = NetworkReading(), otherwise: Activation? = nil
  ) throws(FileFailure) {
    let metadata = file.header.metadata
    if metadata["model"] == CouplingCheckpoint.model {
      throw .malformed(
        "it holds the couplings of a RealNVP, no velocity field: inspect, sample, likelihood "
          + "and evaluate read it")
    }
    var experiment: Experiment?
    let network: NetworkTensors.Network
    let read: NetworkReading
    if let text = metadata["experiment"] {
      experiment = try ExperimentJSON.decode(Array(text.utf8))
      network = try NetworkTensors.decode(file)
      guard experiment?.widths == network.widths, experiment?.model == .velocity else {
        throw .malformed("its layers are not those of its experiment")
      }
      guard reading.inputOrder != .timePoint, reading.network == nil else {
        throw .malformed("it is a checkpoint of flowscope, whose one network takes x, y, t")
      }
      read = reading
    } else {
      read = reading.or(try NetworkReading(metadata))
      network = try NetworkTensors.decode(file, choice: read.network)
    }
    guard let activation = read.activation ?? experiment?.activation ?? otherwise else {
      throw Checkpoint.isForeign
    }
    let stored = MLPWeights(
      shape: MLPShape(dimension: 2, widths: network.widths, activation: activation),
      values: network.values)
    if experiment == nil {
      let foreign = try ForeignNetwork(file, network, read)
      self.foreign = foreign
      weights = (read.inputOrder ?? .pointTime).applied(to: stored)
      units = foreign.units
    } else {
      foreign = nil
      weights = stored
      units = try Units(metadata)
    }
    self.experiment = experiment
    step = metadata["step"].flatMap { Int($0) }
    instructionSet = metadata["instruction_set"].flatMap(InstructionSet.init)
    points = try Checkpoint.points("data.points", file)
    let starts = try Checkpoint.points("data.starts", file)
    let ends = try Checkpoint.points("data.ends", file)
    guard starts?.count == ends?.count else {
      throw .malformed("its data.starts and data.ends are not as many")
    }
    pairs = starts.flatMap { starts in ends.map { PairTable(x0: starts, x1: $0) } }
    if experiment?.coupling == .reflow && pairs == nil {
      throw .malformed("it learned pairs, but data.starts and data.ends are missing")
    }
    sourcePoints = try Checkpoint.points("data.source", file)
    if experiment?.source == Source.points && sourcePoints == nil {
      throw .malformed("its flow starts from given points, but data.source is missing")
    }
    if experiment?.coupling == .pairs {
      guard let sourcePoints, sourcePoints.count == points?.count else {
        throw .malformed("it learned pairs, but data.source and data.points are not as many")
      }
    }
    state =
      experiment != nil && file.header["trainer.weights"] != nil
      ? try TrainerTensors.decode(file) : nil
  }

  /// The failure of a file that does not say its activation.
  static let isForeign = FileFailure.malformed(
    "it does not say its network's activation: add --activation, such as selu (torchcfm) or silu")

  /// How the network was trained, by the file and by how it was read; what both leave open is as in
  /// the given experiment.
  func experiment(beside given: Experiment) -> Experiment {
    if let experiment { return experiment }
    var result = given
    result.model = .velocity
    result.dimension = weights.shape.dimension
    result.widths = weights.shape.widths
    result.activation = weights.shape.activation
    if let prediction = foreign?.reading.prediction { result.prediction = prediction }
    if let scheduler = foreign?.reading.scheduler { result.scheduler = scheduler }
    // What cannot be trained by likelihood can be looked at all the same.
    if result.likelihoodComplaint != nil { result.objective = .flowMatching }
    return result
  }

  /// The target of the experiment: the file's own points, or a data set of the catalogue.
  func dataset() throws(FileFailure) -> Dataset? {
    guard let experiment else { return nil }
    return withGiven(try Checkpoint.dataset(experiment, points: points, units))
  }

  /// A target with the starts and the pairs of the file, if it has any.
  func withGiven(_ target: Dataset) -> Dataset {
    let paired = pairs.map(target.with) ?? target
    guard let sourcePoints else { return paired }
    var given = paired.with(source: sourcePoints)
    given.sourceUnits = units.source
    return given
  }

  /// The target of any experiment.
  static func dataset(
    _ experiment: Experiment, points: Batch?, _ units: Units
  ) throws(FileFailure) -> Dataset {
    if let points {
      var dataset = Dataset(name: experiment.dataset, points: points)
      dataset.units = units.data
      return dataset
    }
    do { return try DatasetCatalog.named(experiment.dataset) } catch {
      throw .malformed(error.description)
    }
  }

  // MARK: Writing

  /// What every file of ours says of the run that it comes from.
  static func metadata(
    _ experiment: Experiment, step: Int, instructionSet: InstructionSet
  ) -> [String: String] {
    [
      "format": "flowscope", "version": Release.version,
      "experiment": ExperimentJSON.encode(experiment), "step": "\(step)",
      "seed": "\(experiment.seed)", "instruction_set": instructionSet.rawValue,
    ]
  }

  /// The user's own points and pairs as tensors; none for a data set of the catalogue.
  static func tensors(of dataset: Dataset) -> [Safetensors.Tensor] {
    var named: [(String, Batch)] = []
    if let cloud = dataset.distribution as? PointCloud {
      named.append(("data.points", cloud.points))
    }
    if let source = dataset.sourcePoints { named.append(("data.source", source)) }
    if let pairs = dataset.pairs {
      named += [("data.starts", pairs.x0), ("data.ends", pairs.x1)]
    }
    return named.map { name, points in
      Safetensors.Tensor(name, shape: [points.count, 2], doubles: points.interleaved)
    }
  }

  /// The points of that name; nil where there are none.
  static func points(
    _ name: String, _ file: Safetensors
  ) throws(FileFailure) -> Batch? {
    guard let entry = file.header[name] else { return nil }
    guard entry.shape.count == 2, entry.shape[1] == 2, entry.shape[0] > 0 else {
      throw .malformed("its \(name) are not n×2")
    }
    let rows = try file.doubles(name)
    if let complaint = rows.lazy.compactMap(CoordinateLimit.single.complaint).first {
      throw .malformed("a number of \(name) \(complaint)")
    }
    return Batch(interleaved: rows)
  }
}

extension Batch {
  /// Points of the plane from x, y, x, y, …
  init(interleaved values: [Double]) {
    self.init(dimension: 2, count: values.count / 2)
    for k in values.indices { self[k % 2, k / 2] = values[k] }
  }

  /// The coordinates point after point: x, y, x, y, …
  var interleaved: [Double] {
    var result = [Double](repeating: 0, count: values.count)
    for j in 0..<count {
      for i in 0..<dimension { result[j * dimension + i] = values[i * count + j] }
    }
    return result
  }
}
