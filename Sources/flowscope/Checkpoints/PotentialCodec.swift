import FileFormats
import FlowMatching

/// A potential: the averaged weights of its network as `potential.net.I.weight` and `.bias`, and the
/// metadata `model` = potential.
struct PotentialCodec: RunCodec {
  private static let prefix = "potential.net"

  func reads(_ metadata: [String: String]) -> Bool {
    metadata["model"] == FlowModel.potential.name
  }

  func plan(
    _ header: SafetensorsHeader
  ) throws(FileFailure) -> (tensors: [SafetensorsHeader.Entry], experiment: Experiment) {
    let experiment = try header.ownExperiment()
    guard experiment.model == .potential, experiment.objective == .action else {
      throw .malformed("its network is not that of its experiment")
    }
    let tensors = try NetworkTensors.entries(
      header, of: experiment.shape, prefix: PotentialCodec.prefix)
    return (tensors, experiment)
  }

  func encode(_ weights: FlowWeights) -> EncodedWeights? {
    guard weights.model == .potential else { return nil }
    return EncodedWeights(
      tensors: NetworkTensors.encode(weights.network(0), prefix: PotentialCodec.prefix),
      metadata: ["model": FlowModel.potential.name])
  }
}
