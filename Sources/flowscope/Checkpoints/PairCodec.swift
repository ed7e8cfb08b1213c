import FileFormats
import FlowMatching

/// A network of pairs of particles: its averaged weights as PyTorch would name them, and the metadata `model` =
/// equivariant, or pairwise.
///
/// The inputs are the features of a pair; a hidden layer but the first of an equivariant one reads the pair's
/// units, half the sum of those of the pairs that share a particle, and those of the pair that shares none.
struct PairCodec: RunCodec {
  func reads(_ metadata: [String: String]) -> Bool {
    PairCodec.model(named: metadata["model"]) != nil
  }

  private static func model(named name: String?) -> FlowModel? {
    FlowModel.all.first { $0.pairs != nil && $0.name == name }
  }

  func plan(
    _ header: SafetensorsHeader
  ) throws(FileFailure) -> (tensors: [SafetensorsHeader.Entry], experiment: Experiment) {
    let experiment = try header.ownExperiment()
    guard experiment.shape.pairs != nil, experiment.model.name == header.metadata["model"] else {
      throw .malformed("its experiment is none of pairs of particles")
    }
    return (try NetworkTensors.entries(header, of: experiment.shape, prefix: "net"), experiment)
  }

  func encode(_ weights: FlowWeights) -> EncodedWeights? {
    guard weights.shape.pairs != nil else { return nil }
    return EncodedWeights(
      tensors: NetworkTensors.encode(MLPWeights(shape: weights.shape, values: weights.values)),
      metadata: ["model": weights.model.name])
  }
}
