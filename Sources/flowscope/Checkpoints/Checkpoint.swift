import FileFormats
import FlowMatching

/// What a safetensors file holds of a flow: a network, and where it is one of ours everything that
/// made it.
struct Checkpoint {
  /// The version of this program, which files are marked with.
  static let version = "0.1.0"

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

  /// Reads a checkpoint, or a foreign network, whose activation its metadata or somebody has to
  /// tell; `otherwise` is taken where nobody does.
  init(
    _ file: Safetensors, activation: Activation?, otherwise: Activation? = nil
  ) throws(FileFailure) {
    let metadata = file.header.metadata
    let (widths, values) = try NetworkTensors.decode(file)
    var experiment: Experiment?
    if let text = metadata["experiment"] {
      experiment = try ExperimentJSON.decode(Array(text.utf8))
      guard experiment?.widths == widths else {
        throw .malformed("its layers are not those of its experiment")
      }
    }
    let told = metadata["activation"].flatMap { Activation(rawValue: $0) }
    guard let activation = activation ?? experiment?.activation ?? told ?? otherwise else {
      throw Checkpoint.isForeign
    }
    self.experiment = experiment
    weights = MLPWeights(
      shape: MLPShape(dimension: 2, widths: widths, activation: activation), values: values)
    step = metadata["step"].flatMap { Int($0) }
    instructionSet = metadata["instruction_set"].flatMap(InstructionSet.init)
    points = file.header["data.points"] == nil ? nil : try Checkpoint.points(file)
    state =
      experiment != nil && file.header["trainer.weights"] != nil
      ? try TrainerTensors.decode(file) : nil
  }

  /// The failure of a file that does not say its activation.
  static let isForeign = FileFailure.malformed(
    "it does not say its network's activation: add --activation, such as selu (torchcfm) or silu")

  /// The target of the experiment: the file's own points, or a data set of the catalogue.
  func dataset() throws(FileFailure) -> Dataset? {
    guard let experiment else { return nil }
    if let points { return Dataset(name: experiment.dataset, points: points) }
    do { return try DatasetCatalog.named(experiment.dataset) } catch {
      throw .malformed(error.description)
    }
  }

  // MARK: Writing

  /// The bytes of a checkpoint; after a failure they hold the last good average alone.
  static func encode(_ trainer: Trainer) -> [UInt8] {
    var tensors = NetworkTensors.encode(trainer.averagedWeights)
    if trainer.failure == nil { tensors += TrainerTensors.encode(trainer.state) }
    if let cloud = trainer.dataset.distribution as? PointCloud {
      tensors.append(Checkpoint.tensor(cloud))
    }
    return Safetensors.encode(
      tensors,
      metadata: metadata(
        trainer.experiment, step: trainer.stepsDone, instructionSet: trainer.instructionSet))
  }

  /// The bytes of weights alone, with the run that they come from.
  static func encode(
    _ weights: MLPWeights, of experiment: Experiment, step: Int, dataset: Dataset,
    instructionSet: InstructionSet
  ) -> [UInt8] {
    var tensors = NetworkTensors.encode(weights)
    if let cloud = dataset.distribution as? PointCloud, dataset.name == experiment.dataset {
      tensors.append(tensor(cloud))
    }
    return Safetensors.encode(
      tensors, metadata: metadata(experiment, step: step, instructionSet: instructionSet))
  }

  private static func tensor(_ cloud: PointCloud) -> Safetensors.Tensor {
    Safetensors.Tensor(
      "data.points", shape: [cloud.points.count, 2], doubles: cloud.points.interleaved)
  }

  private static func metadata(
    _ experiment: Experiment, step: Int, instructionSet: InstructionSet
  ) -> [String: String] {
    [
      "format": "flowscope", "version": version,
      "experiment": ExperimentJSON.encode(experiment), "step": "\(step)",
      "seed": "\(experiment.seed)", "instruction_set": instructionSet.rawValue,
    ]
  }

  private static func points(_ file: Safetensors) throws(FileFailure) -> Batch {
    guard let entry = file.header["data.points"], entry.shape.count == 2, entry.shape[1] == 2,
      entry.shape[0] > 0
    else { throw .malformed("its data.points are not n×2") }
    let rows = try file.doubles("data.points")
    guard rows.allSatisfy(\.isFinite) else {
      throw .malformed("a number of data.points is not finite")
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
