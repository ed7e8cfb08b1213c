import FileFormats
import FlowMatching
import FlowViewer

extension KeptTraining {
  /// The network of a file; what a foreign one leaves open is as in the experiment. What was read of
  /// it is said where `isSaid`.
  init(
    reading path: String, beside experiment: Experiment, as reading: NetworkReading,
    opening: Input.Opening = Input.source, isSaid: Bool = false
  ) throws(FileFailure) {
    let file = try StoredRun(
      reading: path, as: reading, otherwise: experiment.activation, opening: opening)
    if isSaid { file.announce(path) }
    var name = path.split(separator: "/").last.map(String.init) ?? path
    if name.hasSuffix(".safetensors"), name.count > 12 { name.removeLast(12) }
    self.init(
      title: Output.visible(name), experiment: file.experiment(beside: experiment),
      step: file.step ?? 0, weights: file.weights, reading: file.readingWords)
  }
}
