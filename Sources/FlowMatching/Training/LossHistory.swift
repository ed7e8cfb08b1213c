/// The course of a training loss, thinned: the later, the further apart.
///
/// Every step is kept at first, later each step that lies 0.6 % beyond the one before: 1 150 points
/// for 60 000 steps. When 2 000 are full, every second goes and the spacing doubles.
public struct LossHistory: Sendable, Equatable {
  /// The loss at one step.
  public struct Point: Sendable, Equatable {
    /// The number of optimiser steps done, counted from 1.
    public let step: Int
    /// The loss of that step's batch.
    public let raw: Double
    /// The running average up to that step.
    public let average: Double

    /// A point of a history.
    public init(step: Int, raw: Double, average: Double) {
      self.step = step
      self.raw = raw
      self.average = average
    }
  }

  /// The greatest number of points.
  public static let capacity = 2000
  /// What was kept, in order of steps.
  public internal(set) var points: [Point] = []
  var spacing = 0.006
  var next = 1

  /// An empty history.
  public init() { points.reserveCapacity(LossHistory.capacity) }

  /// Takes note of a step, or passes over it.
  public mutating func record(step: Int, raw: Double, average: Double) {
    guard step >= next else { return }
    if points.count == LossHistory.capacity {
      points = stride(from: 0, to: points.count, by: 2).map { points[$0] }
      points.reserveCapacity(LossHistory.capacity)
      spacing *= 2
    }
    points.append(Point(step: step, raw: raw, average: average))
    next = max(step + 1, Int(min(1e15, (Double(step) * (1 + spacing)).rounded(.up))))
  }
}
