import FileFormats
import FlowMatching

/// A flow of affine layers: the averaged weights as `couplings.K.net.I.weight` and `.bias`, and the
/// metadata `model` = realnvp, `couplings`, how many there are, and `log_scale_bound`.
struct AffineLayersCodec: RunCodec {
  /// The value of `model` in the metadata.
  static let model = "realnvp"

  func reads(_ metadata: [String: String]) -> Bool {
    metadata["model"] == AffineLayersCodec.model
  }

  func plan(
    _ header: SafetensorsHeader
  ) throws(FileFailure) -> (tensors: [SafetensorsHeader.Entry], experiment: Experiment) {
    var experiment = try header.ownExperiment()
    guard let count = header.metadata["couplings"].flatMap({ Int($0) }),
      FlowModel.possibleLayers.contains(count)
    else { throw .malformed("the number of its affine layers is not 1 to 64") }
    guard experiment.model.layers ?? count == count else {
      throw .malformed("its affine layers are not those of its experiment")
    }
    experiment.model = .affineLayers(count)
    experiment.objective = .likelihood
    let shape = experiment.shape
    var tensors: [SafetensorsHeader.Entry] = []
    for k in 0..<count {
      tensors += try NetworkTensors.entries(header, of: shape, prefix: "couplings.\(k).net")
    }
    return (tensors, experiment)
  }

  func encode(_ weights: FlowWeights) -> EncodedWeights? {
    guard weights.model.layers != nil else { return nil }
    let layers = RealNVPWeights(weights)
    return EncodedWeights(
      tensors: (0..<layers.layers).flatMap {
        NetworkTensors.encode(layers.conditioner($0), prefix: "couplings.\($0).net")
      },
      metadata: [
        "model": AffineLayersCodec.model, "couplings": "\(layers.layers)",
        "log_scale_bound": "\(RealNVP<MLP>.logScaleBound)",
      ])
  }
}
