import FlowMatching
import Foundation

/// What `evaluate` prints: the measures with what they were taken of; null in JSON where one does not
/// apply or is not known.
struct EvaluationReport {
  let dataset: String
  let seed: UInt64
  /// The optimiser steps taken; nil for a foreign network.
  let steps: Int?
  /// The irreducible loss, where it is known.
  let floor: Double?
  /// Whether the model was trained by likelihood, whose loss is the NLL.
  let isOfLikelihood: Bool
  let evaluation: Evaluation

  /// The numbers with their keys and their names for people.
  private var numbers: [(key: String, title: String, value: Double?)] {
    let measured = evaluation
    return [
      ("floor", "loss floor", floor),
      ("excess_loss", "excess loss", isOfLikelihood ? measured.kl : measured.fieldError),
      ("w2", "W2", measured.w2), ("w2_noise_floor", "W2 noise floor", measured.w2NoiseFloor),
      ("w2_noise_deviation", "its deviation", measured.w2NoiseDeviation),
      ("sliced_w2", "sliced W2", measured.slicedW2),
      ("energy_distance", "energy distance", measured.energyDistance),
      ("nll", "NLL, nats", measured.nll), ("log_p_error", "error of log p", measured.logPError),
      ("entropy_floor", "entropy floor", measured.entropyFloor),
      ("kl", "KL", measured.kl), ("path_energy", "path energy", measured.pathEnergy),
      ("npe", "NPE", measured.npe), ("straightness", "straightness", measured.straightness),
      ("conditional_kinetic_energy", "conditional KE", measured.conditionalKineticEnergy),
      ("marginal_kinetic_energy", "marginal KE", measured.marginalKineticEnergy),
      ("field_error", "field error", measured.fieldError),
    ]
  }

  /// A table for people.
  var text: String {
    func line(_ title: String, _ value: String) -> String {
      title.padding(toLength: 18, withPad: " ", startingAt: 0) + value + "\n"
    }
    let head =
      line("dataset", Output.visible(dataset)) + line("seed", "\(seed)")
      + line("samples", "\(evaluation.count), NFE \(evaluation.nfe)")
    let shown = numbers.filter { $0.key != "log_p_error" || $0.value != nil }
    return shown.reduce(head) { text, number in
      text + line(number.title, number.value.map { String(format: "%.4f", $0) } ?? "unknown")
    }
  }
}

extension EvaluationReport: Encodable {
  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(_ name: String) { stringValue = name }
    init?(stringValue: String) { self.init(stringValue) }
    init?(intValue: Int) { nil }
  }

  // By hand: an unknown number is null, not a key that is missing.
  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(dataset, forKey: Key("dataset"))
    try container.encode(seed, forKey: Key("seed"))
    try container.encode(steps, forKey: Key("steps"))
    try container.encode(evaluation.count, forKey: Key("count"))
    try container.encode(evaluation.nfe, forKey: Key("nfe"))
    try container.encode(evaluation.logPAboveBound, forKey: Key("log_p_above_bound"))
    for number in numbers { try container.encode(number.value, forKey: Key(number.key)) }
  }
}
