import ArgumentParser
import FlowMatching
import FlowViewer
import Foundation

/// A named experiment to begin with; what other options say goes before it.
struct PresetOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A named experiment: \(Preset.all.map(\.name).joined(separator: ", ")).",
      valueName: "name"))
  var preset: String?

  /// The preset, if one was asked for; a name that does not exist is a usage error.
  func chosen() throws -> Preset? {
    do { return try preset.map { name in try Preset.named(name) } } catch let error as UnknownName {
      throw Failure.usage(error.description)
    }
  }

  /// What is trained: the preset's experiment, with all that was given and is not the default.
  func experiment(_ given: Experiment) throws -> Experiment {
    guard let preset = try chosen() else { return given }
    var merged = try PresetOption.settings(preset.experiment)
    let usual = try PresetOption.settings(Experiment())
    for (name, value) in try PresetOption.settings(given) where !(usual[name] == value) {
      merged[name] = value
    }
    let experiment = try JSONDecoder().decode(
      Experiment.self, from: JSONEncoder().encode(merged))
    if let complaint = experiment.likelihoodComplaint { throw Failure.usage(complaint) }
    return experiment
  }

  private static func settings(_ experiment: Experiment) throws -> [String: JSONValue] {
    try JSONDecoder().decode([String: JSONValue].self, from: JSONEncoder().encode(experiment))
  }
}

/// Any value of JSON, so that settings are compared one by one whatever they are.
private enum JSONValue: Codable, Equatable {
  case null
  case flag(Bool)
  case whole(UInt64)
  case number(Double)
  case text(String)
  case list([JSONValue])
  case table([String: JSONValue])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .flag(value)
    } else if let value = try? container.decode(UInt64.self) {
      self = .whole(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .text(value)
    } else if let value = try? container.decode([JSONValue].self) {
      self = .list(value)
    } else {
      self = .table(try container.decode([String: JSONValue].self))
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .flag(let value): try container.encode(value)
    case .whole(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .text(let value): try container.encode(value)
    case .list(let value): try container.encode(value)
    case .table(let value): try container.encode(value)
    }
  }
}
