import FileFormats
import FlowMatching

/// An interpolant: the averaged weights of its drift as `drift.net.I.weight` and `.bias`, of its denoiser
/// as `denoiser.net.I.weight` and `.bias`, and the metadata `model` = interpolant.
struct InterpolantCodec: WeightCodec {
  private static let prefixes = ["drift.net", "denoiser.net"]

  func reads(_ metadata: [String: String]) -> Bool {
    metadata["model"] == FlowModel.interpolant.name
  }

  func check(_ header: SafetensorsHeader, _ reading: NetworkReading) throws(FileFailure) {
    _ = try plan(header)
  }

  /// The tensors of the weights in their order, and the run: by the header alone.
  private func plan(
    _ header: SafetensorsHeader
  ) throws(FileFailure) -> (tensors: [SafetensorsHeader.Entry], experiment: Experiment) {
    guard let text = header.metadata["experiment"] else {
      throw .malformed("it lacks its experiment")
    }
    let experiment = try ExperimentJSON.decode(Array(text.utf8))
    guard experiment.model == .interpolant, experiment.objective == .interpolant else {
      throw .malformed("its networks are not those of its experiment")
    }
    var tensors: [SafetensorsHeader.Entry] = []
    for prefix in InterpolantCodec.prefixes {
      tensors += try NetworkTensors.entries(header, of: experiment.shape, prefix: prefix)
    }
    return (tensors, experiment)
  }

  func decode(
    _ file: Safetensors, _ reading: NetworkReading, otherwise: Activation?
  ) throws(FileFailure) -> DecodedWeights {
    let plan = try plan(file.header)
    let values = try NetworkTensors.values(of: plan.tensors, in: file)
    return DecodedWeights(
      weights: FlowWeights(.interpolant, shape: plan.experiment.shape, values: values),
      experiment: plan.experiment)
  }

  func encode(_ weights: FlowWeights) -> EncodedWeights? {
    guard weights.model == .interpolant else { return nil }
    return EncodedWeights(
      tensors: InterpolantCodec.prefixes.enumerated().flatMap {
        NetworkTensors.encode(weights.network($0.offset), prefix: $0.element)
      }, metadata: ["model": FlowModel.interpolant.name])
  }
}
