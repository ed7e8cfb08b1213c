import FileFormats
import FlowMatching

/// A posterior of letters: the averaged weights of its network as PyTorch would name them, and the
/// metadata `model` = letters.
///
/// The inputs are one-hot letters, position after position, then t, sin πt and cos πt; the outputs are
/// logits, position after position.
struct LetterCodec: RunCodec {
  /// The value of `model` in the metadata.
  static let model = "letters"

  func reads(_ metadata: [String: String]) -> Bool { metadata["model"] == LetterCodec.model }

  func plan(
    _ header: SafetensorsHeader
  ) throws(FileFailure) -> (tensors: [SafetensorsHeader.Entry], experiment: Experiment) {
    let experiment = try header.ownExperiment()
    let shape = experiment.shape
    guard shape.letters != nil, experiment.model == .velocity else {
      throw .malformed("its experiment is none of letters")
    }
    return (try NetworkTensors.entries(header, of: shape, prefix: "net"), experiment)
  }

  func encode(_ weights: FlowWeights) -> EncodedWeights? {
    guard weights.shape.letters != nil, let network = weights.network else { return nil }
    return EncodedWeights(
      tensors: NetworkTensors.encode(network), metadata: ["model": LetterCodec.model])
  }
}

/// The words of one's own in a file of ours: their letters by number, a row for each word, and the
/// alphabet in the metadata.
enum WordTensor {
  static let name = "data.words"
  static let key = "alphabet"

  /// The tensor and the metadata of a list of words that is none of the catalogue's; nil for all else.
  static func encode(_ dataset: Dataset) -> (
    tensor: Safetensors.Tensor, metadata: [String: String]
  )? {
    guard let list = dataset.tokens as? WordList, (try? DatasetCatalog.named(dataset.name)) == nil
    else { return nil }
    let length = list.space.length
    let numbers = (0..<list.count).flatMap { j in (0..<length).map { UInt64(list.words[$0, j]) } }
    return (
      Safetensors.Tensor(name, shape: [list.count, length], integers: numbers),
      [key: list.letters.letters.map(String.init).joined(separator: " ")]
    )
  }

  /// The list of a file; nil where there is none.
  static func decode(_ file: Safetensors) throws(FileFailure) -> WordList? {
    guard let entry = file.header[name] else { return nil }
    guard entry.shape.count == 2, (2...WordList.mostWords).contains(entry.shape[0]),
      (1...WordList.longest).contains(entry.shape[1])
    else { throw .malformed("its \(name) are not 2 to \(WordList.mostWords) words") }
    let letters = (file.header.metadata[key] ?? "").split(separator: " ")
    guard (2...TokenSpace.mostLetters).contains(letters.count) else {
      throw .malformed("its alphabet does not have 2 to \(TokenSpace.mostLetters) letters")
    }
    let numbers = try file.integers(name)
    guard numbers.allSatisfy({ $0 < letters.count }) else {
      throw .malformed("a letter of \(name) is none of its alphabet")
    }
    // A list is read as its text would be: by the same rules, with the same words of what is wrong.
    let length = entry.shape[1]
    let text = stride(from: 0, to: numbers.count, by: length).map { start in
      numbers[start..<start + length].map { String(letters[Int($0)]) }.joined()
    }.joined(separator: "\n")
    let list: WordList
    do throws(WordListFailure) { list = try WordList(text: text) } catch {
      throw .malformed("its \(name): \(FileFailure.printable(error.description))")
    }
    // Letters that no word has would be lost, and with them the network's shape.
    guard list.letters.letters.map({ String($0) }) == letters.map({ String($0) }) else {
      throw .malformed("its alphabet is not that of its words")
    }
    return list
  }
}
