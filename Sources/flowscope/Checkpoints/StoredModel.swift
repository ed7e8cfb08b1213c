import FileFormats
import FlowMatching
import FlowViewer

/// What a file may hold: a velocity field, or couplings.
enum StoredModel {
  case velocity(Checkpoint)
  case couplings(CouplingCheckpoint)

  /// Reads either, a foreign network as `reading` says; its activation somebody has to tell, or
  /// `otherwise` is taken.
  init(
    _ file: Safetensors, reading: NetworkReading = NetworkReading(), otherwise: Activation? = nil
  ) throws(FileFailure) {
    if file.header.metadata["model"] == CouplingCheckpoint.model {
      self = .couplings(try CouplingCheckpoint(file))
    } else {
      self = .velocity(try Checkpoint(file, reading: reading, otherwise: otherwise))
    }
  }

  /// How a foreign network was read; nil for a file of ours.
  var foreign: ForeignNetwork? {
    if case .velocity(let checkpoint) = self { checkpoint.foreign } else { nil }
  }

  /// The run that it comes from; nil for a foreign network.
  var experiment: Experiment? {
    switch self {
    case .velocity(let checkpoint): checkpoint.experiment
    case .couplings(let checkpoint): checkpoint.experiment
    }
  }

  /// What was learned.
  var weights: FlowWeights {
    switch self {
    case .velocity(let checkpoint): .velocity(checkpoint.weights)
    case .couplings(let checkpoint):
      FlowWeights(
        .affineLayers(checkpoint.weights.layers), shape: checkpoint.weights.shape,
        values: checkpoint.weights.values)
    }
  }

  /// The optimiser steps taken.
  var step: Int? {
    switch self {
    case .velocity(let checkpoint): checkpoint.step
    case .couplings(let checkpoint): checkpoint.step
    }
  }

  /// What training goes on from; nil where the file holds weights alone.
  var state: TrainerState? {
    switch self {
    case .velocity(let checkpoint): checkpoint.state
    case .couplings(let checkpoint): checkpoint.state
    }
  }

  /// What the loops of the run were compiled for; nil where the file does not say.
  var instructionSet: InstructionSet? {
    switch self {
    case .velocity(let checkpoint): checkpoint.instructionSet
    case .couplings(let checkpoint): checkpoint.instructionSet
    }
  }

  /// How the points of its ends were standardised.
  var units: Units {
    switch self {
    case .velocity(let checkpoint): checkpoint.units
    case .couplings(let checkpoint): checkpoint.units
    }
  }

  /// Whether it is couplings, whose samples need no solver.
  var isCouplings: Bool {
    if case .couplings = self { true } else { false }
  }

  /// The target of the run; nil for a foreign network.
  func dataset() throws(FileFailure) -> Dataset? {
    switch self {
    case .velocity(let checkpoint): try checkpoint.dataset()
    case .couplings(let checkpoint):
      try Checkpoint.dataset(
        checkpoint.experiment, points: checkpoint.points, checkpoint.units)
    }
  }

  /// How it was trained; what a foreign network leaves open is as in the given experiment.
  func experiment(beside experiment: Experiment) -> Experiment {
    switch self {
    case .velocity(let checkpoint): checkpoint.experiment(beside: experiment)
    case .couplings(let checkpoint): checkpoint.experiment
    }
  }

  /// What the viewer shows of it; a foreign network has no step but its count, and is judged by the
  /// given data set.
  func received(beside experiment: Experiment, dataset: Dataset, step count: Int) -> ReceivedRun {
    let own = self.experiment(beside: experiment)
    var target = dataset
    if case .velocity(let checkpoint) = self { target = checkpoint.withGiven(target) }
    guard let state else {
      return ReceivedRun(experiment: own, dataset: target, weights: weights, step: step ?? count)
    }
    return ReceivedRun(experiment: own, dataset: target, state: state)
  }

  // MARK: Writing

  /// The bytes of a checkpoint, from which training goes on, with more metadata.
  static func encode(_ trainer: Trainer, more: [String: String] = [:]) -> [UInt8] {
    encode(
      trainer, weights: trainer.averagedWeights, step: trainer.stepsDone, state: trainer.state,
      more: more)
  }

  /// The bytes of weights of a trainer's run beside a state of it.
  static func encode(
    _ trainer: Trainer, weights: FlowWeights, step: Int, state: TrainerState?,
    more: [String: String]
  ) -> [UInt8] {
    let metadata = Checkpoint.metadata(
      trainer.experiment, step: step, instructionSet: trainer.instructionSet)
    return encode(weights, state, trainer.dataset, metadata.merging(more) { $1 })
  }

  /// The bytes of weights alone, with the run that they come from.
  static func encode(
    _ weights: FlowWeights, of experiment: Experiment, step: Int, dataset: Dataset,
    instructionSet: InstructionSet
  ) -> [UInt8] {
    encode(
      weights, nil, dataset.name == experiment.dataset ? dataset : nil,
      Checkpoint.metadata(experiment, step: step, instructionSet: instructionSet))
  }

  private static func encode(
    _ weights: FlowWeights, _ state: TrainerState?, _ dataset: Dataset?,
    _ metadata: [String: String]
  ) -> [UInt8] {
    var metadata = metadata
    var tensors: [Safetensors.Tensor]
    if let network = weights.network {
      tensors = NetworkTensors.encode(network)
    } else {
      let couplings = RealNVPWeights(weights)
      tensors = CouplingCheckpoint.tensors(of: couplings)
      metadata.merge(CouplingCheckpoint.metadata(of: couplings)) { $1 }
    }
    if let state { tensors += TrainerTensors.encode(state) }
    if let dataset {
      tensors += Checkpoint.tensors(of: dataset)
      metadata.merge(Units(of: dataset).metadata) { $1 }
    }
    return Safetensors.encode(tensors, metadata: metadata)
  }
}
