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

  /// A network as it stands in a file, inputs in the file's order.
  struct Network {
    /// What the names of its layers have in common.
    let name: String
    /// The widths of the hidden layers.
    let widths: [Int]
    /// The weights one after the other; a bias that no layer has is 0.
    let values: [Float]
    /// Whether the layers have biases.
    let hasBiases: Bool
    /// The tensors that it is made of.
    let tensors: Set<String>
    /// Other networks of the file.
    let twins: [String]
  }

  /// The numbers that a network reads and answers.
  struct Ends: Equatable {
    let features, outputs: Int
    /// Those of a velocity in the plane.
    static let plane = Ends(features: 3, outputs: 2)

    init(features: Int, outputs: Int) { (self.features, self.outputs) = (features, outputs) }

    init(_ shape: MLPShape) { self.init(features: shape.features, outputs: shape.outputs) }
  }

  /// Whether a header is that of a network of such ends, before its data are read.
  static func check(
    _ header: SafetensorsHeader, choice: String? = nil, ends: Ends = .plane
  ) throws(FileFailure) {
    _ = try layers(of: header, choice: choice, ends)
  }

  /// The layers of a network, and its hidden widths.
  private static func layers(
    of header: SafetensorsHeader, choice: String?, _ ends: Ends
  ) throws(FileFailure) -> (NetworkLayers, widths: [Int]) {
    let found = try NetworkLayers(header, choice: choice)
    var units: [Int] = []
    for layer in found.layers {
      let (outputs, inputs) = (layer.weight.shape[0], layer.weight.shape[1])
      guard units.isEmpty || inputs == units.last else {
        throw .malformed("\(visible(layer.name)) does not fit the layer before it")
      }
      if units.isEmpty { units = [inputs] }
      units.append(outputs)
    }
    guard units.first == ends.features, units.last == ends.outputs else {
      let wanted =
        ends == .plane
        ? "a flow in the plane has 3 (x, y and t) and 2"
        : "its experiment has \(ends.features) and \(ends.outputs)"
      throw .malformed(
        "its network has \(units.first ?? 0) inputs and \(units.last ?? 0) outputs: \(wanted)")
    }
    let widths = Array(units.dropFirst().dropLast())
    guard widths.count <= 16, widths.allSatisfy({ (1...4096).contains($0) }) else {
      throw .malformed("its network has more than 16 hidden layers or 4096 units a layer")
    }
    return (found, widths)
  }

  /// The network of a file; `choice` is which of several.
  static func decode(
    _ file: Safetensors, choice: String? = nil, ends: Ends = .plane
  ) throws(FileFailure) -> Network {
    let (found, widths) = try layers(of: file.header, choice: choice, ends)
    var values: [Float] = []
    for layer in found.layers {
      for entry in [layer.weight, layer.bias] {
        guard let entry else {
          values += [Float](repeating: 0, count: layer.weight.shape[0])
          continue
        }
        let numbers = try file.floats(entry)
        guard numbers.allSatisfy(\.isFinite) else {
          throw .malformed("a number of \(visible(entry.name)) is not finite")
        }
        values += numbers
      }
    }
    return Network(
      name: found.name, widths: widths, values: values,
      hasBiases: found.layers.allSatisfy { $0.bias != nil },
      tensors: Set(found.layers.flatMap { [$0.weight.name, $0.bias?.name].compactMap { $0 } }),
      twins: found.twins)
  }

  /// The tensors of a network whose shape is known, in the order of its weights.
  static func entries(
    _ header: SafetensorsHeader, of shape: MLPShape, prefix: String
  ) throws(FileFailure) -> [SafetensorsHeader.Entry] {
    var entries: [SafetensorsHeader.Entry] = []
    for (index, layer) in shape.layers.enumerated() {
      let name = "\(prefix).\(2 * index)"
      for (tensor, extents) in [
        (name + ".weight", [layer.outputs, layer.inputs]), (name + ".bias", [layer.outputs]),
      ] {
        guard let entry = header[tensor], entry.shape == extents else {
          throw .malformed("\(tensor) does not have the shape of its experiment")
        }
        entries.append(entry)
      }
    }
    return entries
  }

  /// The numbers of tensors one after another, all of them finite.
  static func values(
    of entries: [SafetensorsHeader.Entry], in file: Safetensors
  ) throws(FileFailure) -> [Float] {
    var values: [Float] = []
    for entry in entries {
      let numbers = try file.floats(entry)
      guard numbers.allSatisfy(\.isFinite) else {
        throw .malformed("a number of \(entry.name) is not finite")
      }
      values += numbers
    }
    return values
  }

  private static func visible(_ name: String) -> String { FileFailure.printable(name) }
}
