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
    AffineLayersCodec(), InterpolantCodec(), LetterCodec(), NetworkCodec(),
  ]

  /// The codec for a file of such metadata; what only a foreign network can be read by is refused for
  /// one of ours, whatever its model.
  static func codec(
    for metadata: [String: String], read reading: NetworkReading
  ) throws(FileFailure) -> any WeightCodec {
    if metadata["experiment"] != nil { try reading.requireNothingForeign() }
    return all.first { $0.reads(metadata) } ?? NetworkCodec()
  }

  /// The tensors and the metadata of weights.
  static func encode(_ weights: FlowWeights) -> EncodedWeights {
    guard let encoded = all.lazy.compactMap({ $0.encode(weights) }).first else {
      preconditionFailure("no codec writes these weights")
    }
    return encoded
  }
}
