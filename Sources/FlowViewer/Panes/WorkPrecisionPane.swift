import FlowMatching
import TerminalCanvas

/// Error against evaluations for the lanes' methods; the slope of a curve is its order.
///
/// Curves of other weights than the lanes' are grey, and say of which step they are.
struct WorkPrecisionPane {
  let theme: Theme
  /// Errors of more than so many times the data's scale are of solves that blew up: they would press
  /// all other curves flat.
  static let largestError = 1e3

  func draw(_ state: AppState, into screen: inout Screen, in rect: Rect) {
    let isCurrent = state.currentStudy != nil
    let scale = state.scene.errorScale
    let isDrawn = { (error: Double) in error < WorkPrecisionPane.largestError * scale }
    let resolution = state.studies.shownStudy?.referenceError ?? 0
    let series = (state.studies.shownStudy?.curves ?? []).compactMap { curve -> ChartSeries? in
      // A lane may have another solver by now; its curve comes with the next study.
      let lane = state.lanes.all.firstIndex { $0.settings.curve == curve.method }
      return lane.map { lane in
        ChartSeries(
          curve.points.filter { isDrawn($0.error) }.map {
            // What the reference may be off itself is the least that can be told.
            ChartPoint(x: Double($0.evaluations), y: max($0.error, resolution))
          },
          role: isCurrent ? .lane(lane) : .hint, label: state.name(ofLane: lane))
      }
    }
    let markers = state.lanes.all.enumerated().compactMap { index, lane -> ChartMarker? in
      guard let error = lane.error, error.place.t == 1, error.rms > 0, isDrawn(error.rms) else {
        return nil
      }
      let work = Double(state.evaluations(ofLane: index))
      return ChartMarker(
        ChartPoint(x: work, y: max(error.rms, resolution)), role: .lane(index))
    }
    let work = Double(state.judgedEvaluations)
    let isKnown =
      series.contains { $0.points.count > 1 }
      || state.studies.shownStudy?.isComplete ?? false && series.contains { !$0.points.isEmpty }
    Chart(
      series: series, markers: isKnown ? markers : [],
      cursor: isKnown && work > 0 ? work : nil, xRange: 1...512, xScale: .powersOfTwo,
      yRange: isKnown ? nil : 1e-5 * scale...scale, yScale: .logarithmic
    ).draw(
      into: &screen, in: rect,
      panel: Panel(
        title: "work and precision", heading: heading(rect, isCurrent),
        labels: labels(state, isKnown)),
      theme: theme)
    if !isKnown, rect.height >= 5 {
      screen.write(
        [theme.run(reason(state), .hint)], x: rect.x + 9, y: rect.y + rect.height / 2,
        clip: rect.inset(by: 1))
    }
  }

  private func heading(_ rect: Rect, _ isCurrent: Bool) -> [Run] {
    guard rect.width >= 76 else { return [] }
    return [
      theme.run(isCurrent ? "error against NFE at t = 1, slope = order" : "error at t = 1", .label)
    ]
  }

  /// Of which weights the curves are; in the colour of a warning where the lanes have others.
  private func labels(_ state: AppState, _ isKnown: Bool) -> [Run] {
    guard isKnown, let study = state.studies.shownStudy else { return [] }
    let step = NumberFormat.grouped(study.weightsStep)
    guard state.currentStudy == nil else {
      return [theme.run("weights of step ", .label), theme.run(step, .value)]
    }
    return [
      theme.run("curves of step \(step)", .warn),
      theme.run(", lanes \(NumberFormat.grouped(state.shownWeightsStep))", .label),
    ]
  }

  private func reason(_ state: AppState) -> String {
    if !state.lanes.all.contains(where: { $0.settings.hasReference }) {
      return "these lanes have no exact places in common"
    }
    if state.shownWeightsStep == 0, state.training.report.status == .training {
      return "measured once something is learned"
    }
    return state.isParked ? "solving …" : "measured once t stops (space)"
  }
}
