import Foundation

/// What `evaluate` measures; nil where it does not apply or is not known, null in JSON.
struct EvaluationReport {
  let dataset: String
  let seed: UInt64
  var steps: Int?
  var floor: Double?
  var excessLoss: Double?
  var w2: Double?
  var w2NoiseFloor: Double?
  var slicedW2: Double?
  var energyDistance: Double?
  var nll: Double?
  var entropyFloor: Double?
  var kl: Double?
  var pathEnergy: Double?
  var npe: Double?
  var straightness: Double?
  var conditionalKineticEnergy: Double?
  var marginalKineticEnergy: Double?
  var fieldError: Double?

  init(dataset: String, seed: UInt64) {
    self.dataset = dataset
    self.seed = seed
  }

  /// The numbers with their keys and their names for people.
  private var numbers: [(key: String, title: String, value: Double?)] {
    [
      ("floor", "loss floor", floor), ("excess_loss", "excess loss", excessLoss), ("w2", "W2", w2),
      ("w2_noise_floor", "W2 noise floor", w2NoiseFloor), ("sliced_w2", "sliced W2", slicedW2),
      ("energy_distance", "energy distance", energyDistance), ("nll", "NLL, nats", nll),
      ("entropy_floor", "entropy floor", entropyFloor), ("kl", "KL", kl),
      ("path_energy", "path energy", pathEnergy), ("npe", "NPE", npe),
      ("straightness", "straightness", straightness),
      ("conditional_kinetic_energy", "conditional KE", conditionalKineticEnergy),
      ("marginal_kinetic_energy", "marginal KE", marginalKineticEnergy),
      ("field_error", "field error", fieldError),
    ]
  }

  /// A table for people.
  var text: String {
    func line(_ title: String, _ value: String) -> String {
      title.padding(toLength: 18, withPad: " ", startingAt: 0) + value + "\n"
    }
    let head = line("dataset", Output.visible(dataset)) + line("seed", "\(seed)")
    return numbers.reduce(head) { text, number in
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

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(dataset, forKey: Key("dataset"))
    try container.encode(seed, forKey: Key("seed"))
    try container.encode(steps, forKey: Key("steps"))
    for number in numbers { try container.encode(number.value, forKey: Key(number.key)) }
  }
}
