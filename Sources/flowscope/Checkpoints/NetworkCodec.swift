import FileFormats
import FlowMatching

/// One network, ours or another program's: a velocity, or what makes one.
struct NetworkCodec: WeightCodec {
  func reads(_ metadata: [String: String]) -> Bool { metadata["model"] == nil }

  func check(_ header: SafetensorsHeader, _ reading: NetworkReading) throws(FileFailure) {
    if let experiment = try header.experiment() {
      return try NetworkTensors.check(header, ends: NetworkTensors.Ends(experiment.shape))
    }
    let choice = try reading.or(NetworkReading(header.metadata)).network
    try NetworkTensors.check(header, choice: choice)
  }

  func decode(
    _ file: Safetensors, _ reading: NetworkReading, otherwise: Activation?
  ) throws(FileFailure) -> DecodedWeights {
    guard let experiment = try file.header.experiment() else {
      return try foreign(file, reading, otherwise)
    }
    let network = try NetworkTensors.decode(file, ends: NetworkTensors.Ends(experiment.shape))
    guard experiment.widths == network.widths, experiment.model == .velocity else {
      throw .malformed("its layers are not those of its experiment")
    }
    var read = experiment
    read.activation = reading.activation ?? experiment.activation
    return DecodedWeights(
      weights: .velocity(MLPWeights(shape: read.shape, values: network.values)),
      experiment: experiment)
  }

  /// A network of another program.
  private func foreign(
    _ file: Safetensors, _ reading: NetworkReading, _ otherwise: Activation?
  ) throws(FileFailure) -> DecodedWeights {
    let read = reading.or(try NetworkReading(file.header.metadata))
    let network = try NetworkTensors.decode(file, choice: read.network)
    guard let activation = read.activation ?? otherwise else { throw StoredRun.isForeign }
    let foreign = try ForeignNetwork(file, network, read)
    let shape = MLPShape(dimension: 2, widths: network.widths, activation: activation)
    let weights = read.applied(to: MLPWeights(shape: shape, values: network.values))
    guard weights.isFinite else { throw .malformed("its time_scale is too large for its weights") }
    return DecodedWeights(weights: .velocity(weights), experiment: nil, foreign: foreign)
  }

  func encode(_ weights: FlowWeights) -> EncodedWeights? {
    weights.network.map { EncodedWeights(tensors: NetworkTensors.encode($0)) }
  }
}
