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
  /// The optimiser steps taken.
  let step: Int?
  /// What training goes on from; nil where the file holds weights alone.
  let state: TrainerState?
  /// What the loops of the run were compiled for; nil where the file does not say.
  let instructionSet: InstructionSet?
  /// The user's own points, where they are the target.
  let points: Batch?
  /// How they were standardised.
  let units: Units

  /// The tensors of the weights in their order, and the run: by the header alone, before the data are
  /// read.
  static func plan(
    _ header: SafetensorsHeader
  ) throws(FileFailure) -> (tensors: [SafetensorsHeader.Entry], experiment: Experiment) {
    let metadata = header.metadata
    guard let text = metadata["experiment"] else { throw .malformed("it lacks its experiment") }
    guard let couplings = metadata["couplings"].flatMap({ Int($0) }), (1...64).contains(couplings)
    else { throw .malformed("the number of its couplings is not 1 to 64") }
    var experiment = try ExperimentJSON.decode(Array(text.utf8))
    guard experiment.model.layers ?? couplings == couplings else {
      throw .malformed("its couplings are not those of its experiment")
    }
    experiment.model = .affineLayers(couplings)
    experiment.objective = .likelihood
    let shape = experiment.shape
    var tensors: [SafetensorsHeader.Entry] = []
    for k in 0..<couplings {
      for (index, layer) in shape.layers.enumerated() {
        let name = "couplings.\(k).net.\(2 * index)"
        for (tensor, extents) in [
          (name + ".weight", [layer.outputs, layer.inputs]), (name + ".bias", [layer.outputs]),
        ] {
          guard let entry = header[tensor], entry.shape == extents else {
            throw .malformed("\(tensor) does not have the shape of its experiment")
          }
          tensors.append(entry)
        }
      }
    }
    return (tensors, experiment)
  }

  /// Reads a file whose metadata say that it is one.
  init(_ file: Safetensors) throws(FileFailure) {
    let metadata = file.header.metadata
    let plan = try CouplingCheckpoint.plan(file.header)
    experiment = plan.experiment
    var values: [Float] = []
    for tensor in plan.tensors {
      let numbers = try file.floats(tensor)
      guard numbers.allSatisfy(\.isFinite) else {
        throw .malformed("a number of \(tensor.name) is not finite")
      }
      values += numbers
    }
    weights = RealNVPWeights(
      shape: experiment.shape, layers: experiment.model.layers ?? 0, values: values)
    units = try Units(metadata)
    points = try Checkpoint.points("data.points", file)
    step = metadata["step"].flatMap { Int($0) }
    instructionSet = metadata["instruction_set"].flatMap(InstructionSet.init)
    state = file.header["trainer.weights"] != nil ? try TrainerTensors.decode(file) : nil
  }

  /// The tensors of a flow's weights.
  static func tensors(of weights: RealNVPWeights) -> [Safetensors.Tensor] {
    (0..<weights.layers).flatMap {
      NetworkTensors.encode(weights.conditioner($0), prefix: "couplings.\($0).net")
    }
  }

  /// What a file says of a flow beside what every file of ours says.
  static func metadata(of weights: RealNVPWeights) -> [String: String] {
    [
      "model": model, "couplings": "\(weights.layers)",
      "log_scale_bound": "\(RealNVP<MLP>.logScaleBound)",
    ]
  }
}
