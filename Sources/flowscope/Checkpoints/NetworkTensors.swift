import FileFormats
import FlowMatching

/// A network's weights as PyTorch names them: `PREFIX.INDEX.weight` of shape [out, in] and
/// `PREFIX.INDEX.bias` of shape [out], inputs x and then t.
///
/// torchcfm counts `net.0`, `net.2`, …, since activations take an index each; flow_matching's
/// examples call it `main`.
enum NetworkTensors {
  /// The tensors of a network in torchcfm's layout.
  static func encode(_ weights: MLPWeights, prefix: String = "net") -> [Safetensors.Tensor] {
    var tensors: [Safetensors.Tensor] = []
    var place = 0
    for (index, layer) in weights.shape.layers.enumerated() {
      let matrix = place + layer.inputs * layer.outputs
      let end = matrix + layer.outputs
      tensors.append(
        Safetensors.Tensor(
          "\(prefix).\(2 * index).weight", shape: [layer.outputs, layer.inputs],
          floats: Array(weights.values[place..<matrix])))
      tensors.append(
        Safetensors.Tensor(
          "\(prefix).\(2 * index).bias", shape: [layer.outputs],
          floats: Array(weights.values[matrix..<end])))
      place = end
    }
    return tensors
  }

  /// The widths of the network's hidden layers, and its weights one after the other.
  static func decode(_ file: Safetensors) throws(FileFailure) -> (widths: [Int], values: [Float]) {
    let layers = try layers(file.header)
    var values: [Float] = []
    var units: [Int] = []
    for layer in layers {
      guard let weight = file.header[layer + ".weight"], let bias = file.header[layer + ".bias"]
      else { throw .malformed("\(visible(layer)) lacks its weight or its bias") }
      guard weight.shape.count == 2, bias.shape == [weight.shape[0]] else {
        throw .malformed("\(visible(layer)) is no dense layer")
      }
      guard units.isEmpty || weight.shape[1] == units.last else {
        throw .malformed("\(visible(layer)) does not fit the layer before it")
      }
      if units.isEmpty { units = [weight.shape[1]] }
      units.append(weight.shape[0])
      for name in [weight.name, bias.name] {
        let numbers = try file.floats(name)
        guard numbers.allSatisfy(\.isFinite) else {
          throw .malformed("a number of \(visible(name)) is not finite")
        }
        values += numbers
      }
    }
    guard units.first == 3, units.last == 2 else {
      throw .malformed(
        "its network has \(units.first ?? 0) inputs and \(units.last ?? 0) outputs: "
          + "a flow in the plane has 3 (x, y, t) and 2")
    }
    let widths = Array(units.dropFirst().dropLast())
    guard widths.count <= 16, widths.allSatisfy({ (1...4096).contains($0) }) else {
      throw .malformed("its network has more than 16 hidden layers or 4096 units a layer")
    }
    return (widths, values)
  }

  /// The names of the layers, such as `net.0`, in order; all of one family.
  private static func layers(_ header: SafetensorsHeader) throws(FileFailure) -> [String] {
    var indices: [String: Set<Int>] = [:]
    for entry in header.entries {
      let parts = entry.name.split(separator: ".", omittingEmptySubsequences: false)
      guard parts.count >= 2, parts.last == "weight" || parts.last == "bias",
        let index = Int(parts[parts.count - 2]), index >= 0
      else { continue }
      indices[parts.dropLast(2).joined(separator: "."), default: []].insert(index)
    }
    guard let (prefix, found) = indices.first else {
      throw .malformed("it holds no layers such as net.0.weight and net.0.bias")
    }
    guard indices.count == 1 else {
      let names = indices.keys.sorted().prefix(5).map(visible)
      throw .malformed("it holds several networks: \(names.joined(separator: ", "))")
    }
    return found.sorted().map { prefix.isEmpty ? "\($0)" : "\(prefix).\($0)" }
  }

  private static func visible(_ name: String) -> String { FileFailure.printable(name) }
}
