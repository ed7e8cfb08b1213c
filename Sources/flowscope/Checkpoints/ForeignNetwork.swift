import FileFormats
import FlowMatching

/// What was read of a file that another program has written, and what was left.
struct ForeignNetwork {
  /// What holds of the network: by options, by the file's metadata.
  let reading: NetworkReading
  /// What the metadata alone say.
  let metadata: NetworkReading
  /// How its data were standardised: the metadata's `data_units`, or buffers `mean` and `std`.
  let units: Units
  let network: NetworkTensors.Network
  /// The names of the buffers that are the units.
  let buffers: [String]
  /// The tensors that nothing was made of.
  let left: [String]

  /// Of a network that was found in a file.
  init(
    _ file: Safetensors, _ network: NetworkTensors.Network, _ reading: NetworkReading
  ) throws(FileFailure) {
    self.reading = reading
    metadata = try NetworkReading(file.header.metadata)
    self.network = network
    var units = try Units(file.header.metadata)
    var buffers: [String] = []
    if let told = reading.units { units.data = told }
    if units.data == nil, let found = ForeignNetwork.standardisation(file) {
      units.data = found.units
      buffers = found.names
    }
    self.units = units
    self.buffers = buffers
    left = file.header.entries.map(\.name).filter {
      !network.tensors.contains($0) && !buffers.contains($0)
    }.sorted()
  }

  /// “net, 3 layers, 3→64→64→2, silu, inputs x, y, t, predicts the velocity; left: step”.
  func words(as activation: Activation) -> String {
    let widths = ([3] + network.widths + [2]).map(String.init).joined(separator: "→")
    var text = "read \(FileFailure.printable(network.name)), \(widths), "
    text += network.widths.isEmpty ? "linear" : activation.rawValue
    text += ", inputs \((reading.inputOrder ?? .pointTime).words)"
    text += ", predicts the \((reading.prediction ?? .velocity).rawValue)"
    if !reading.words.isEmpty { text += ", \(reading.words)" }
    if let units = reading.units { text += ", data \(units.words)" }
    if !network.hasBiases { text += ", no biases" }
    if !buffers.isEmpty {
      text += "; \(ForeignNetwork.list(buffers)) are its data's units, in which samples come out"
    }
    return text + (left.isEmpty ? "; nothing left" : "; left \(ForeignNetwork.list(left))")
  }

  /// At most five names.
  private static func list(_ names: [String]) -> String {
    let shown = names.prefix(5).map(FileFailure.printable).joined(separator: ", ")
    return names.count > 5 ? "\(shown) and \(names.count - 5) more tensors" : shown
  }

  /// The one pair of buffers NAMEmean and NAMEstd of two numbers each that can be a standardisation.
  private static func standardisation(
    _ file: Safetensors
  ) -> (units: Standardisation, names: [String])? {
    let found = file.header.entries.lazy.filter { $0.name.hasSuffix("mean") && holdsTwo($0) }
      .prefix(2).compactMap { mean -> (Standardisation, [String])? in
        let stem = mean.name.dropLast(4)
        let deviation = file.header.entries.first {
          ["std", "scale", "deviation"].map { stem + $0 }.contains(Substring($0.name))
            && holdsTwo($0)
        }
        guard let deviation, let means = try? file.floats(mean),
          let deviations = try? file.floats(deviation),
          let units = Standardisation(
            means: means.map(Double.init), deviations: deviations.map(Double.init))
        else { return nil }
        return (units, [mean.name, deviation.name])
      }
    let pairs = Array(found)
    return pairs.count == 1 ? pairs[0] : nil
  }

  private static func holdsTwo(_ entry: SafetensorsHeader.Entry) -> Bool {
    entry.shape == [2] || entry.shape == [1, 2]
  }
}
