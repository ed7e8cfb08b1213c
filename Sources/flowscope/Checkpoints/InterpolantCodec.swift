import FileFormats
import FlowMatching

/// An interpolant: the averaged weights of its drift as `drift.net.I.weight` and `.bias`, of its denoiser
/// as `denoiser.net.I.weight` and `.bias`, and the metadata `model` = interpolant.
struct InterpolantCodec: RunCodec {
  private static let prefixes = ["drift.net", "denoiser.net"]

  func reads(_ metadata: [String: String]) -> Bool {
    metadata["model"] == FlowModel.interpolant.name
  }

  func plan(
    _ header: SafetensorsHeader
  ) throws(FileFailure) -> (tensors: [SafetensorsHeader.Entry], experiment: Experiment) {
    let experiment = try header.ownExperiment()
    guard experiment.model == .interpolant, experiment.objective == .interpolant else {
      throw .malformed("its networks are not those of its experiment")
    }
    var tensors: [SafetensorsHeader.Entry] = []
    for prefix in InterpolantCodec.prefixes {
      tensors += try NetworkTensors.entries(header, of: experiment.shape, prefix: prefix)
    }
    return (tensors, experiment)
  }

  func encode(_ weights: FlowWeights) -> EncodedWeights? {
    guard weights.model == .interpolant else { return nil }
    return EncodedWeights(
      tensors: InterpolantCodec.prefixes.enumerated().flatMap {
        NetworkTensors.encode(weights.network($0.offset), prefix: $0.element)
      }, metadata: ["model": FlowModel.interpolant.name])
  }
}
