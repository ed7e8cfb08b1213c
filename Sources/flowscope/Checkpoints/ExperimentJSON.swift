import FileFormats
import FlowMatching
import Foundation

/// An experiment as the text that checkpoints hold.
enum ExperimentJSON {
  /// The most bytes that an experiment may take.
  static let limit = 1 << 16

  /// The experiment with every setting, keys sorted.
  static func encode(_ experiment: Experiment) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // An experiment holds names and finite numbers, all of which JSON can say.
    let data = (try? encoder.encode(experiment)) ?? Data("{}".utf8)
    return String(decoding: data, as: UTF8.self)
  }

  /// Reads an experiment strictly, every number inside its range.
  static func decode(_ bytes: [UInt8]) throws(FileFailure) -> Experiment {
    guard bytes.count <= limit else { throw .malformed("its experiment is longer than 64 KiB") }
    // Foundation's decoder would let duplicate names and other encodings pass.
    try StrictJSON.validate(bytes)
    let experiment: Experiment
    do {
      experiment = try JSONDecoder().decode(Experiment.self, from: Data(bytes))
    } catch let error as DecodingError {
      throw .malformed("its experiment \(describe(error))")
    } catch {
      throw .malformed("its experiment cannot be read: \(FileFailure.printable("\(error)"))")
    }
    if let complaint = complaint(about: experiment) { throw .malformed("its \(complaint)") }
    return experiment
  }

  /// What is wrong with the numbers of an experiment; nil where nothing is.
  static func complaint(about experiment: Experiment) -> String? {
    if experiment.letters != nil, let complaint = experiment.kind.complaint { return complaint }
    let isPlane = experiment.space == nil && experiment.letters == nil
    if isPlane && !(1...PointColumns.most).contains(experiment.dimension) {
      return "dimension must be 1 to \(PointColumns.most)"
    }
    if !Experiment.settings.contains(where: {
      $0.name == "source" && $0.complaint(experiment) == nil
    }) {
      let error = UnknownName(
        kind: "source", name: experiment.source, among: Source.names + Source.curvedNames)
      return FileFailure.printable("experiment has an \(error)")
    }
    if let complaint = experiment.complaint { return complaint }
    // A name is printed and drawn; ours were made visible when they were given.
    if FileFailure.printable(experiment.dataset) != experiment.dataset {
      return "data set has a name with characters that act on a terminal"
    }
    do throws(IncompatibleChoice) { try experiment.validate() } catch {
      return "choices do not go together: \(FileFailure.printable(error.description))"
    }
    if experiment.classes.contains(where: {
      $0.isEmpty || $0.utf8.count > LabelColumn.nameLimit || FileFailure.printable($0) != $0
    }) {
      return "classes have a name that is empty, too long or acts on a terminal"
    }
    if experiment.observations.contains(where: {
      $0.name.isEmpty || $0.name.utf8.count > LabelColumn.nameLimit
        || FileFailure.printable($0.name) != $0.name
    }) {
      return "observations have a name that is empty, too long or acts on a terminal"
    }
    return nil
  }

  private static func describe(_ error: DecodingError) -> String {
    func path(_ context: DecodingError.Context, _ key: (any CodingKey)? = nil) -> String {
      let keys = context.codingPath + (key.map { [$0] } ?? [])
      return FileFailure.printable(keys.map(\.stringValue).joined(separator: "."))
    }
    switch error {
    case .keyNotFound(let key, let context): return "lacks \(path(context, key))"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      return "has a value of another type for \(path(context))"
    case .dataCorrupted(let context):
      let place = path(context)
      return place.isEmpty ? "is no JSON object" : "has an unknown value for \(place)"
    @unknown default: return "cannot be read"
    }
  }
}
