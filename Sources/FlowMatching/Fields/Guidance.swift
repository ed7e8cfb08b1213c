/// How a field that knows classes is asked: for which class, and how strongly; one that is told what was
/// observed, given which observation.
///
/// The guided field is u_w = u_∅ + w(u_c − u_∅) (Ho and Salimans, 2022, in velocities): w = 1 is the
/// class as it is, w = 0 the field without a class, w > 1 guidance. Meta's flow_matching counts w − 1.
public struct Guidance: Codable, Hashable, Sendable {
  /// The class c by its number; nil for none, ∅.
  public var label: Int?
  /// The weight w, any finite number.
  public var weight = 1.0
  /// The first time at which the weight counts, and the one from which on it no longer does; outside the
  /// class is asked for as it is (Kynkäänniemi et al., 2024).
  public var start = 0.0, end = 1.0
  /// What was observed, in the units in which it was measured; nil for the usual observation.
  public var observation: [Double]?

  /// No class.
  public static let none = Guidance(label: nil)

  /// An observation.
  public init(given observation: [Double]) {
    precondition(observation.allSatisfy { $0.isFinite }, "what is observed are numbers")
    self.observation = observation
  }

  /// A class with a weight within an interval of [0, 1].
  public init(label: Int?, weight: Double = 1, from start: Double = 0, to end: Double = 1) {
    precondition(weight.isFinite, "a weight is a finite number")
    precondition(0 <= start && start <= end && end <= 1, "an interval lies in [0, 1]")
    self.label = label
    self.weight = weight
    self.start = start
    self.end = end
  }

  /// What a file says; throws where it is no weight or no interval.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    let label = try values.decodeIfPresent(Int.self, forKey: .label)
    let numbers = try [CodingKeys.weight, .start, .end].map {
      try values.decode(Double.self, forKey: $0)
    }
    guard label ?? 0 >= 0, abs(numbers[0]) <= 1e6, 0 <= numbers[1], numbers[1] <= numbers[2],
      numbers[2] <= 1
    else {
      throw DecodingError.dataCorruptedError(
        forKey: .weight, in: values, debugDescription: "no guidance")
    }
    self.init(label: label, weight: numbers[0], from: numbers[1], to: numbers[2])
    observation = try values.decodeIfPresent([Double].self, forKey: .observation)
    guard observation?.allSatisfy({ $0.isFinite }) ?? true else {
      throw DecodingError.dataCorruptedError(
        forKey: .observation, in: values, debugDescription: "no observation")
    }
  }

  /// Whether the weight counts at a time: the interval's end is outside, unless it is that of the flow.
  public func counts(at t: Double) -> Bool { t >= start && (t < end || end == 1) }

  /// Whether a second field is asked at some time.
  public var needsGuide: Bool { weight != 1 && start < end }

  /// The times at which it begins or ceases to count, within (0, 1).
  public var switches: [Double] {
    needsGuide ? [start, end].filter { $0 > 0 && $0 < 1 } : []
  }
}
