import FileFormats

/// The dense layers of one network in a file, in order, told by the numbers in their names.
///
/// A name has a last number: `net.0`, `fc1`, `layers.2.linear`. Layers whose names differ in it alone
/// are a network. The numbers run evenly: 1 apart where the layers stand in a list, 2 where an
/// activation takes one, 3 where a dropout does too; what is uneven has lost a layer, or has one
/// without an activation, and would be another network than the one that was trained.
struct NetworkLayers {
  /// A dense layer.
  struct Layer {
    /// Its name without `.weight`.
    let name: String
    let weight: SafetensorsHeader.Entry
    /// Nil where no layer has one.
    let bias: SafetensorsHeader.Entry?
  }

  /// The most layers of a network.
  static let limit = 17

  /// What the names have in common, such as `net`.
  let name: String
  let layers: [Layer]
  /// The other networks of the same shape in the file.
  let twins: [String]

  /// Finds the network; of several of the same shape that which is chosen, by default the averaged
  /// one.
  init(_ header: SafetensorsHeader, choice: String?) throws(FileFailure) {
    let found = try Family.all(header)
    guard let first = found.families.first else {
      throw .malformed("it holds no layers such as net.0.weight and net.0.bias")
    }
    let isAlone = found.families.count == 1
    let family = isAlone ? first : try NetworkLayers.chosen(among: found.families, choice)
    if isAlone, let choice, !NetworkLayers.matches(first, choice) {
      throw .malformed(
        "it holds one network, \(visible(first.name)), none called \(visible(choice))")
    }
    // A layer beside the numbered ones is part of the network as likely as not.
    if let other = found.unnumbered.first(where: { isAlone || $0.hasPrefix(family.root) }) {
      throw .malformed(
        "it holds \(visible(other)) beside the layers of \(visible(family.name)): only chains of "
          + "dense layers are read; give its layers numbers, net.0, net.2, …, in their order")
    }
    name = family.name
    layers = try family.chain()
    twins = found.families.filter { $0.name != family.name }.map(\.name)
  }

  private static func chosen(
    among families: [Family], _ choice: String?
  ) throws(FileFailure) -> Family {
    let names = families.map { visible($0.name) }.sorted().prefix(5).joined(separator: ", ")
    let matching = families.filter { matches($0, choice ?? "ema") }
    if let choice {
      guard matching.count == 1 else {
        let count = matching.isEmpty ? "none" : "\(matching.count)"
        throw .malformed(
          "it holds several networks: \(names); \(count) of them called \(visible(choice)): "
            + "choose one with --network NAME")
      }
      return matching[0]
    }
    // The average of another one of the same layers is what is sampled from; else nobody can know.
    guard matching.count == 1, families.allSatisfy({ $0.hasShape(of: matching[0]) }) else {
      throw .malformed("it holds several networks: \(names); choose one with --network NAME")
    }
    return matching[0]
  }

  private static func matches(_ family: Family, _ choice: String) -> Bool {
    switch choice {
    case "ema": family.isAverage
    case "online": !family.isAverage
    default: family.name == choice || family.name.hasPrefix(choice + ".")
    }
  }
}

/// Layers whose names differ in their last number alone.
private struct Family {
  /// What they have in common.
  let name: String
  /// The first part of their names with its point, which another network of the file has not.
  let root: String
  private typealias Entry = SafetensorsHeader.Entry

  private var tensors: [Int: (name: String, weight: Entry?, bias: Entry?)] = [:]

  private init(_ prefix: String, _ suffix: String, _ layer: String) {
    let common = (prefix.hasSuffix(".") ? String(prefix.dropLast()) : prefix) + suffix
    name = common.isEmpty ? "unnamed" : common
    root = layer.contains(".") ? layer.prefix { $0 != "." } + "." : ""
  }

  /// The families of a file, and its layers without a number.
  static func all(
    _ header: SafetensorsHeader
  ) throws(FileFailure) -> (families: [Family], unnumbered: [String]) {
    var families: [String: Family] = [:]
    var unnumbered: [String] = []
    for entry in header.entries {
      let isWeight = entry.name.hasSuffix(".weight")
      guard isWeight || entry.name.hasSuffix(".bias") else { continue }
      let layer = String(entry.name.dropLast(isWeight ? 7 : 5))
      guard let (prefix, number, suffix) = numbered(layer) else {
        if isWeight { unnumbered.append(entry.name) }
        continue
      }
      // In place: a copy for every tensor would make the whole quadratic.
      let isFirst = families[prefix + "#" + suffix, default: Family(prefix, suffix, layer)]
        .take(entry, isWeight: isWeight, number, layer)
      guard isFirst else {
        throw .malformed("two layers of \(visible(layer)) have the same number")
      }
    }
    // Layers of another kind, such as norms, are none that may be passed over.
    let (dense, others) = families.values.reduce(into: ([Family](), [Family]())) { result, family in
      family.isDense ? result.0.append(family) : result.1.append(family)
    }
    unnumbered += others.compactMap { $0.tensors.values.first?.name }
    return (dense.sorted { $0.name < $1.name }, unnumbered.sorted())
  }

  /// Takes a weight or a bias; whether its number belongs to no other name.
  private mutating func take(
    _ entry: Entry, isWeight: Bool, _ number: Int, _ layer: String
  ) -> Bool {
    guard tensors[number] == nil || tensors[number]?.name == layer else { return false }
    if isWeight {
      tensors[number, default: (layer, nil, nil)].weight = entry
    } else {
      tensors[number, default: (layer, nil, nil)].bias = entry
    }
    return true
  }

  /// Whether a layer of it is a matrix, or has no weight at all.
  private var isDense: Bool {
    tensors.values.contains { $0.weight == nil || $0.weight?.shape.count != 1 }
  }

  /// A name parted at its last number; nil where it has none.
  private static func numbered(_ layer: String) -> (prefix: String, number: Int, suffix: String)? {
    let bytes = Array(layer.utf8)
    guard let last = bytes.lastIndex(where: { (0x30...0x39).contains($0) }) else { return nil }
    let first = (bytes[...last].lastIndex { !(0x30...0x39).contains($0) } ?? -1) + 1
    func text(_ slice: ArraySlice<UInt8>) -> String { String(decoding: slice, as: UTF8.self) }
    guard let number = Int(text(bytes[first...last])) else { return nil }
    return (text(bytes[..<first]), number, text(bytes[(last + 1)...]))
  }

  /// Whether its name says that its weights are an average over training.
  var isAverage: Bool {
    let words = name.lowercased().split { $0 == "." || $0 == "_" }
    return words.contains { ["ema", "average", "averaged", "swa", "shadow"].contains($0) }
  }

  /// Whether both have the same numbers and shapes.
  func hasShape(of other: Family) -> Bool {
    tensors.count == other.tensors.count
      && tensors.allSatisfy { number, tensor in
        guard let twin = other.tensors[number] else { return false }
        return tensor.weight?.shape == twin.weight?.shape && tensor.bias?.shape == twin.bias?.shape
      }
  }

  /// The layers in order.
  func chain() throws(FileFailure) -> [NetworkLayers.Layer] {
    guard tensors.count <= NetworkLayers.limit else {
      throw .malformed(
        "its network has \(tensors.count) layers, more than \(NetworkLayers.limit)")
    }
    let numbers = tensors.keys.sorted()
    let hasBiases = tensors.values.contains { $0.bias != nil }
    var layers: [NetworkLayers.Layer] = []
    for number in numbers {
      guard let tensor = tensors[number] else { continue }
      guard let weight = tensor.weight, tensor.bias != nil || !hasBiases else {
        throw .malformed(
          "\(visible(tensor.name)) lacks its weight or its bias, which other layers have: save the "
            + "whole state_dict")
      }
      guard weight.shape.count == 2, tensor.bias.map({ $0.shape == [weight.shape[0]] }) ?? true
      else {
        throw .malformed(
          "\(visible(tensor.name)) is no dense layer: only chains of dense layers are read")
      }
      layers.append(NetworkLayers.Layer(name: tensor.name, weight: weight, bias: tensor.bias))
    }
    try checkNumbers(numbers, layers)
    return layers
  }

  private func checkNumbers(
    _ numbers: [Int], _ layers: [NetworkLayers.Layer]
  ) throws(FileFailure) {
    let names = layers.map { visible($0.name) }
    guard numbers[0] <= 1 else {
      throw .malformed("its first layer is \(names[0]): one before it is missing")
    }
    let gaps = zip(numbers, numbers.dropFirst()).map { $1 - $0 }
    guard let least = gaps.min() else { return }
    if let wide = gaps.firstIndex(where: { $0 != least }) {
      let between = "between \(names[wide]) and \(names[wide + 1])"
      guard least > 1, let tight = gaps.firstIndex(of: least) else {
        let close = gaps.firstIndex(of: 1) ?? 0
        throw .malformed(
          "its layers are not evenly numbered: one \(between) is missing, or no activation stands "
            + "between \(names[close]) and \(names[close + 1]), which is not read: merge the two into "
            + "one layer, W₂W₁ and W₂b₁ + b₂")
      }
      throw .malformed(
        "a layer \(between) is missing: those of \(names[tight]) and \(names[tight + 1]) are "
          + "\(least) apart; save the whole state_dict")
    }
    guard least <= 3 else {
      throw .malformed(
        "its layers are numbered \(least) apart: some between \(names[0]) and \(names[1]) are "
          + "missing, or are of a kind that is not read")
    }
  }
}

private func visible(_ name: String) -> String { FileFailure.printable(name) }
