import FlowMatching
import TerminalCanvas

/// Which part of training the charts show.
public enum ChartSpan: String, Codable, Sendable, CaseIterable {
  /// From step 30 on, in log.
  case whole = "whole history"
  /// The last fifth, evenly.
  case tail = "live tail"
  /// As it was when the key was pressed.
  case frozen
}

/// A step at which a setting was changed while the weights stayed.
public struct TrainingMark: Sendable, Hashable {
  /// The optimiser steps done.
  public let step: Int
  /// What was changed, short: "η 3e-4".
  public let text: String
}

/// The x axis that all training charts share.
struct TrainingAxis {
  let range: ClosedRange<Double>
  let scale: Chart.Scale

  init(_ state: AppState) {
    // Losses that another program tells may be newer than its weights.
    let report = state.charted
    let last = Double(max(report.step, report.history.points.last?.step ?? 0))
    if state.charts.span == .tail, last >= 100 {
      range = 0.8 * last...last
      scale = .linear
    } else {
      range = 30...max(300, last)
      scale = .logarithmic
    }
  }

  /// The extent of the values on show, and at least the given one: a young curve must not fill the
  /// axis.
  func limits(
    _ points: [ChartPoint], least: Double, greatest: Double
  ) -> ClosedRange<Double> {
    let shown = points.filter { range.contains($0.x) }
    if scale == .logarithmic {
      return TrainingAxis.limits(shown, least: least, greatest: greatest)
    }
    let values = shown.map(\.y).filter { $0.isFinite && $0 > 0 }
    guard let low = values.min(), let high = values.max() else { return least...greatest }
    return low / 1.15...high * 1.15
  }

  /// The extent of the values, and at least the given one.
  static func limits(
    _ points: [ChartPoint], least: Double, greatest: Double
  ) -> ClosedRange<Double> {
    let values = points.map(\.y).filter { $0.isFinite && $0 > 0 }
    return min(least, values.min() ?? least)...max(greatest, values.max() ?? greatest)
  }
}

extension AppState {
  /// The numbers that the charts show: the newest, or those that were held.
  var charted: TrainingReport { charts.frozenReport ?? training.shownReport }

  /// The changes of settings on the way.
  var chartMarks: [ChartMark] {
    charted.marks.map { ChartMark(Double($0.step), label: $0.text) }
  }
}
