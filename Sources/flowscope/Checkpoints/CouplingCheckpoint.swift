import FileFormats
import FlowMatching

/// A flow of affine couplings in a safetensors file: the averaged weights as `couplings.K.net.I.weight`
/// and `.bias`, and the metadata `model` = realnvp, `couplings`, and those of a `Checkpoint`.
struct CouplingCheckpoint {
  /// The value of `model` in the metadata.
  static let model = "realnvp"

  /// The averaged weights.
  let weights: RealNVPWeights
  /// The run that the weights come from.
  let experiment: Experiment
  /// The user's own points, where they are the target.
  let points: Batch?

  /// Reads a file whose metadata say that it is one.
  init(_ file: Safetensors) throws(FileFailure) {
    let metadata = file.header.metadata
    guard let text = metadata["experiment"] else { throw .malformed("it lacks its experiment") }
    guard let couplings = metadata["couplings"].flatMap({ Int($0) }), (1...64).contains(couplings)
    else { throw .malformed("the number of its couplings is not 1 to 64") }
    experiment = try ExperimentJSON.decode(Array(text.utf8))
    let shape = experiment.shape
    var values: [Float] = []
    for k in 0..<couplings {
      for (index, layer) in shape.layers.enumerated() {
        let name = "couplings.\(k).net.\(2 * index)"
        for (tensor, extents) in [
          (name + ".weight", [layer.outputs, layer.inputs]), (name + ".bias", [layer.outputs]),
        ] {
          guard file.header[tensor]?.shape == extents else {
            throw .malformed("\(tensor) does not have the shape of its experiment")
          }
          let numbers = try file.floats(tensor)
          guard numbers.allSatisfy(\.isFinite) else {
            throw .malformed("a number of \(tensor) is not finite")
          }
          values += numbers
        }
      }
    }
    weights = RealNVPWeights(shape: shape, couplings: couplings, values: values)
    points = try Checkpoint.points("data.points", file)
  }

  /// The bytes of a file with a trainer's averaged weights.
  static func encode(_ trainer: RealNVPTrainer) -> [UInt8] {
    let weights = trainer.averagedWeights
    var tensors = (0..<weights.couplings).flatMap {
      NetworkTensors.encode(weights.conditioner($0), prefix: "couplings.\($0).net")
    }
    tensors += Checkpoint.tensors(of: trainer.dataset)
    return Safetensors.encode(
      tensors,
      metadata: [
        "format": "flowscope", "version": Checkpoint.version, "model": model,
        "couplings": "\(weights.couplings)",
        "log_scale_bound": "\(RealNVP<MLP>.logScaleBound)",
        "experiment": ExperimentJSON.encode(trainer.experiment),
        "step": "\(trainer.stepsDone)", "seed": "\(trainer.experiment.seed)",
        "instruction_set": trainer.instructionSet.rawValue,
      ])
  }
}

/// What a file may hold: a velocity field, or couplings.
enum StoredModel {
  case velocity(Checkpoint)
  case couplings(CouplingCheckpoint)

  /// The run that it comes from; nil for a foreign network.
  var experiment: Experiment? {
    switch self {
    case .velocity(let checkpoint): checkpoint.experiment
    case .couplings(let checkpoint): checkpoint.experiment
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
      try Checkpoint.dataset(checkpoint.experiment, points: checkpoint.points)
    }
  }
}
