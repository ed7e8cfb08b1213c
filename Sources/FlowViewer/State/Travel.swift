import FlowMatching
import TerminalCanvas

/// Weights that were kept on the way of training.
public struct WeightsSnapshot: Sendable {
  /// The optimiser steps done.
  public let step: Int
  /// The averaged weights.
  public let weights: FlowWeights
  /// Those of the training beside it at the same moment, where there is one.
  public var rival: FlowWeights?
}

/// Snapshots at steps an eighth apart in log, within a bound of memory.
///
/// From the first measurement on they are taken where the run is measured, which is as far apart: the
/// figures beside older weights are then theirs.
struct SnapshotKeeper: Sendable {
  fileprivate(set) var snapshots: [WeightsSnapshot] = []
  fileprivate var next = 0
  private let memoryLimit: Int

  init(memoryLimit: Int = 64 << 20) { self.memoryLimit = memoryLimit }

  /// Keeps the weights of a step that is due; beyond the bound every second one goes, never the first.
  mutating func offer(
    _ step: Int, _ weights: @autoclosure () -> FlowWeights,
    rival: @autoclosure () -> FlowWeights? = nil
  ) {
    guard step >= next else { return }
    keep(step, weights(), rival: rival())
  }

  /// Keeps the weights of a step, if it is not the last one kept.
  mutating func keep(_ step: Int, _ weights: FlowWeights, rival: FlowWeights? = nil) {
    guard step > snapshots.last?.step ?? -1 else { return }
    let snapshot = WeightsSnapshot(step: step, weights: weights, rival: rival)
    snapshots.append(snapshot)
    next = max(step + 1, step * 9 / 8)
    let count = snapshot.weights.values.count + (snapshot.rival?.values.count ?? 0)
    let bytes = snapshots.count * count * MemoryLayout<Float>.stride
    if bytes > memoryLimit, snapshots.count > 3 {
      snapshots = snapshots.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
    }
  }
}

extension SnapshotKeeper {
  /// Forgets what comes after a step that training goes back to.
  mutating func forget(after step: Int) {
    snapshots.removeAll { $0.step > step }
    next = step + 1
  }
}

extension AppState {
  /// The weights that pictures are to show: the newest, or those that a person went back to.
  var wantedWeights: WeightsSnapshot {
    if let travel = training.travel,
      let kept = training.report.snapshots.first(where: { $0.step == travel })
    {
      return kept
    }
    return WeightsSnapshot(
      step: training.report.step, weights: training.report.weights,
      rival: training.report.rival?.weights)
  }

  /// Where the weights on show stand on the charts of training, if they are not the newest.
  var travelCursor: Double? { training.travel.map { Double(max(30, $0)) } }

  /// Goes to earlier or later kept weights; beyond the last to the newest.
  mutating func travel(by offset: Int) {
    let steps = training.report.snapshots.map(\.step)
    guard !steps.isEmpty else { return say("weights", "none are kept yet") }
    let now = training.travel ?? Int.max
    if offset < 0 {
      travel(to: steps.last { $0 < now } ?? steps[0])
    } else {
      travel(to: steps.first { $0 > now })
    }
  }

  /// Shows the weights of a kept step, or the newest.
  mutating func travel(to step: Int?) {
    training.travel = step
    lanes.update(.wait(until: now))
    studies.update(.hold(until: now))
    say("weights", step.map { "step " + NumberFormat.grouped($0) } ?? "newest")
  }

  /// Shows the kept weights nearest to a place of a training chart.
  mutating func travel(x: Int, in rect: Rect) {
    let axis = TrainingAxis(self)
    let chart = Chart(xRange: axis.range, xScale: axis.scale)
    let plot = chart.plotRect(in: rect.inset(by: 1))
    guard plot.width > 1, x >= plot.x, x < plot.maxX else { return }
    let place = Double(2 * (x - plot.x) + 1)
    let nearest = training.report.snapshots.min {
      abs(chart.dotX(Double(max(1, $0.step)), width: 2 * plot.width) - place)
        < abs(chart.dotX(Double(max(1, $1.step)), width: 2 * plot.width) - place)
    }
    let isNewest = x >= plot.maxX - 1
    travel(to: isNewest ? nil : nearest?.step)
  }
}
