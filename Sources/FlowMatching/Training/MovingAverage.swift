import Kernels

/// The exponential moving average of a network's weights, which every picture and metric uses.
///
/// average ← δ·average + (1 − δ)·weights with δ = min(0.999, (1 + k)/(10 + k)) at update k = 1, 2, …:
/// a young average forgets quickly where it began.
public struct MovingAverage: Sendable, Equatable {
  /// The averaged weights.
  public private(set) var values: [Float]
  /// The number of updates so far.
  public private(set) var updates = 0

  /// An average that begins at the given weights, or goes on after a number of updates.
  public init(_ values: [Float], updates: Int = 0) {
    self.values = values
    self.updates = updates
  }

  /// The share δ of the old average that update `k`, counted from 1, keeps.
  public static func decay(update k: Int) -> Double {
    min(0.999, (1 + Double(k)) / (10 + Double(k)))
  }

  /// Moves the average towards the weights.
  public mutating func update(with weights: [Float], instructionSet: InstructionSet = .best) {
    updates += 1
    instructionSet.moveAverage(
      &values, towards: weights, rate: 1 - MovingAverage.decay(update: updates))
  }
}
