import FileFormats
import FlowMatching

/// How the weights of one model stand in a file: all that a model adds to what every file of ours
/// holds.
protocol WeightCodec: Sendable {
  /// Whether a file of such metadata holds weights of the model.
  func reads(_ metadata: [String: String]) -> Bool

  /// Refuses, by the header alone and before any data are read, a file whose tensors are not those of
  /// the model.
  func check(_ header: SafetensorsHeader, _ reading: NetworkReading) throws(FileFailure)

  /// Reads the weights; a foreign network as `reading` and then its metadata say, with the activation
  /// `otherwise` where both leave it open.
  func decode(
    _ file: Safetensors, _ reading: NetworkReading, otherwise: Activation?
  ) throws(FileFailure) -> DecodedWeights

  /// The tensors and the metadata of weights; nil for those of another model.
  func encode(_ weights: FlowWeights) -> EncodedWeights?
}

/// A codec of weights that only runs of ours have: tensors that the header's experiment names, in order.
protocol RunCodec: WeightCodec {
  /// The tensors of the weights in their order, and the run: by the header alone.
  func plan(
    _ header: SafetensorsHeader
  ) throws(FileFailure) -> (tensors: [SafetensorsHeader.Entry], experiment: Experiment)
}

extension RunCodec {
  func check(_ header: SafetensorsHeader, _ reading: NetworkReading) throws(FileFailure) {
    _ = try plan(header)
  }

  func decode(
    _ file: Safetensors, _ reading: NetworkReading, otherwise: Activation?
  ) throws(FileFailure) -> DecodedWeights {
    let plan = try plan(file.header)
    let values = try NetworkTensors.values(of: plan.tensors, in: file)
    return DecodedWeights(
      weights: FlowWeights(plan.experiment.model, shape: plan.experiment.shape, values: values),
      experiment: plan.experiment)
  }
}

extension SafetensorsHeader {
  /// The run of a file of ours; nil for another program's.
  func experiment() throws(FileFailure) -> Experiment? {
    try WeightCodecs.experiment(of: metadata)
  }

  /// The run of a file that says whose it is.
  func ownExperiment() throws(FileFailure) -> Experiment {
    guard let experiment = try experiment() else { throw .malformed("it lacks its experiment") }
    return experiment
  }
}

/// Weights as they were read, with what the file says of their run.
struct DecodedWeights {
  let weights: FlowWeights
  /// The run; nil for a foreign network.
  let experiment: Experiment?
  /// How a foreign network was read; nil for a file of ours.
  var foreign: ForeignNetwork?
}

/// Weights as they are written.
struct EncodedWeights {
  let tensors: [Safetensors.Tensor]
  var metadata: [String: String] = [:]
}

/// The models that files may hold.
enum WeightCodecs {
  /// Every codec; the last reads what no other knows, also other programs' networks.
  private static let all: [any WeightCodec] = [
    AffineLayersCodec(), InterpolantCodec(), PotentialCodec(), LetterCodec(), PairCodec(),
    NetworkCodec(),
  ]

  /// The codec for a file of such metadata; what only a foreign network can be read by is refused for
  /// one of ours, whatever its model.
  static func codec(
    for metadata: [String: String], read reading: NetworkReading
  ) throws(FileFailure) -> any WeightCodec {
    if metadata["experiment"] != nil { try reading.requireNothingForeign() }
    return all.first { $0.reads(metadata) } ?? NetworkCodec()
  }

  /// The run that metadata tell of; nil for another program's.
  static func experiment(of metadata: [String: String]) throws(FileFailure) -> Experiment? {
    guard let text = metadata["experiment"] else { return nil }
    return try ExperimentJSON.decode(Array(text.utf8))
  }

  /// The tensors and the metadata of weights.
  static func encode(_ weights: FlowWeights) -> EncodedWeights {
    guard let encoded = all.lazy.compactMap({ $0.encode(weights) }).first else {
      preconditionFailure("no codec writes these weights")
    }
    return encoded
  }
}
