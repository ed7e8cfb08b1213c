/// What training minimises, as a function of the weights, one fresh batch at a time.
public protocol TrainingObjective: Sendable {
  /// The loss of a fresh batch; its gradient by the weights overwrites `gradient`, of as many elements.
  mutating func loss(of weights: [Float], gradient: inout [Float]) -> Double

  /// Every random stream that a batch takes from, by name.
  var generators: [String: Random] { get set }

  /// The threads that a batch keeps busy.
  var threads: Int { get }

  /// What pairing has cost so far; nil where nothing is paired, or pairs are always what they are called.
  var couplingTally: CouplingTally? { get }
}

extension TrainingObjective {
  public var threads: Int { 1 }
  public var couplingTally: CouplingTally? { nil }
}

/// How far what was learned is above the least loss, on fixed draws, so that two of a kind are compared
/// on the same points.
public protocol ExcessMeasure: Sendable {
  /// The excess of a flow.
  mutating func measure(_ learned: LearnedField) -> Excess
}

/// What is measured above the least loss.
public struct Excess: Sendable, Hashable {
  /// The excess; NaN where it cannot be told.
  public let value: Double
  /// The standard error of its draws; nil where that is not said.
  public let standardError: Double?
}
