import FileFormats
import FlowMatching

/// One network, ours or another program's: a velocity, or what makes one.
struct NetworkCodec: WeightCodec {
  func reads(_ metadata: [String: String]) -> Bool { metadata["model"] == nil }

  func check(_ header: SafetensorsHeader, _ reading: NetworkReading) throws(FileFailure) {
    if let text = header.metadata["experiment"] {
      let experiment = try ExperimentJSON.decode(Array(text.utf8))
      return try NetworkTensors.check(
        header, dimension: experiment.shape.dimension, labels: experiment.shape.labels)
    }
    let choice = try reading.or(NetworkReading(header.metadata)).network
    try NetworkTensors.check(header, choice: choice)
  }

  func decode(
    _ file: Safetensors, _ reading: NetworkReading, otherwise: Activation?
  ) throws(FileFailure) -> DecodedWeights {
    guard let text = file.header.metadata["experiment"] else {
      return try foreign(file, reading, otherwise)
    }
    let experiment = try ExperimentJSON.decode(Array(text.utf8))
    let shape = experiment.shape
    let network = try NetworkTensors.decode(
      file, dimension: shape.dimension, labels: shape.labels)
    guard experiment.widths == network.widths, experiment.model == .velocity else {
      throw .malformed("its layers are not those of its experiment")
    }
    return DecodedWeights(
      weights: .velocity(
        weights(
          of: network, reading.activation ?? experiment.activation, shape.dimension, shape.labels)),
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
    let weights = read.applied(to: weights(of: network, activation))
    guard weights.isFinite else { throw .malformed("its time_scale is too large for its weights") }
    return DecodedWeights(weights: .velocity(weights), experiment: nil, foreign: foreign)
  }

  private func weights(
    of network: NetworkTensors.Network, _ activation: Activation, _ dimension: Int = 2,
    _ labels: Int = 0
  ) -> MLPWeights {
    MLPWeights(
      shape: MLPShape(
        dimension: dimension, labels: labels, widths: network.widths, activation: activation),
      values: network.values)
  }

  func encode(_ weights: FlowWeights) -> EncodedWeights? {
    weights.network.map { EncodedWeights(tensors: NetworkTensors.encode($0)) }
  }
}
