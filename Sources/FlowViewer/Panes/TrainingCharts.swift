import FlowMatching
import TerminalCanvas

/// Single losses, their average and the floor that no field can go below.
struct LossPane: Pane {
  let theme: Theme

  func draw(_ state: AppState, into screen: inout Screen, in rect: Rect) {
    let report = state.charted
    let axis = TrainingAxis(state)
    let raw = thinned(report.history.points)
    let average = report.history.points.map { ChartPoint(x: Double($0.step), y: $0.average) }
    let isWide = rect.width >= 40
    var labels =
      ofStep(state.training.travel) + [
        theme.run("EMA ", .label),
        theme.run(
          (state.lossFigure?.value).map { LossPane.number($0) } ?? NumberFormat.missing, .value,
          bold: true),
      ]
    var floors: [ChartFloor] =
      report.formerFloor.map { [ChartFloor($0, note: "floor before")] } ?? []
    if let floor = report.lossFloor {
      labels.append(theme.run(isWide ? "   floor " : "  ", .label))
      labels.append(theme.run(LossPane.number(floor), .floor, bold: true))
      if isWide, let error = report.floorErrorWords {
        labels.append(theme.run(error, .label))
      }
      floors = [
        ChartFloor(
          floor,
          note: state.experiment.kind.words.floorNote(
            isWide: rect.width >= 50, of: report.floorCropWords))
      ]
    }
    let reflow = report.reflowStep.map(Double.init)
    if let step = report.reflowStep {
      labels.append(theme.run(isWide ? "   reflow from " : "  R ", .label))
      labels.append(theme.run(NumberFormat.grouped(step), .accent, bold: true))
    }
    let visible = { (point: ChartPoint) in axis.range.contains(point.x) }
    Chart(
      series: state.training.ghosts.flatMap { $0.losses(beside: state.experiment) } + [
        ChartSeries(raw.filter(visible), kind: .dots, role: .raw),
        ChartSeries(
          average.filter(visible), kind: .line,
          role: state.rivalRole == .lane(0) ? .lane(1) : .series),
      ] + report.rivalSeries(above: report.lossFloor ?? 0, state.rivalRole),
      floors: floors, marks: state.chartMarks, cursor: state.travelCursor ?? reflow,
      cursorRole: .accent, xRange: axis.range, xScale: axis.scale,
      yRange: report.reflowStep == nil
        ? limits(average.filter(visible).map(\.y), report.lossFloor)
        : 0...1.2 * max(report.formerFloor ?? 0, average.last?.y ?? 1, 0.1)
    ).draw(
      into: &screen, in: rect,
      panel: Panel(
        title: state.experiment.kind.words.name, heading: heading(state, rect), labels: labels,
        isFocused: state.window.focusedPane == .loss), theme: theme)
  }

  private func heading(_ state: AppState, _ rect: Rect) -> [Run] {
    guard rect.width >= 50, let field = state.chartedField else { return [] }
    return [theme.run(field, .warn)]
  }

  private func ofStep(_ step: Int?) -> [Run] {
    step.map { [theme.run("step \(NumberFormat.grouped($0)) ", .accent)] } ?? []
  }

  /// Four digits: losses end near their floors.
  static func number(_ loss: Double) -> String { NumberFormat.significant(loss, 4) }

  /// Some eighty single losses, evenly in log(step): they show the spread, the average is to be read.
  private func thinned(_ points: [LossHistory.Point]) -> [ChartPoint] {
    var result: [ChartPoint] = []
    var next = 0.0
    for point in points where Double(point.step) >= next {
      result.append(ChartPoint(x: Double(point.step), y: point.raw))
      next = Double(point.step) * 1.09
    }
    return result
  }

  /// From a little below the floor to where the average begins, but not so high that the end of the
  /// curve, which one wants to read, becomes flat.
  private func limits(_ average: [Double], _ floor: Double?) -> ClosedRange<Double>? {
    let values = average.filter(\.isFinite)
    guard let last = values.last, let least = values.min() else {
      return floor.map { $0 - 0.05 * abs($0)...$0 + 0.25 * abs($0) }
    }
    let low = min(floor ?? least, least)
    // An action, or a likelihood of what is narrow, is below 0.
    let size = abs(low)
    var high = max(low + 2.5 * (last - low), low + 0.22 * size)
    // Without a floor what is to be seen is how far it fell: most of the curve.
    if floor == nil { high = max(high, values[values.count / 4]) }
    return low - 0.04 * size...max(high, low + 0.05 * size)
  }
}

/// The true error of the field, mean |v − u*|², where the exact field is known; of a likelihood, what
/// is above the entropy.
struct ExcessPane: Pane {
  let theme: Theme

  func draw(_ state: AppState, into screen: inout Screen, in rect: Rect) {
    let report = state.charted
    let axis = TrainingAxis(state)
    // A mean square of velocities; of a likelihood nats, whatever the points' scale.
    let speed = state.experiment.traits.followsPath ? state.scene.speedScale : 1
    let points = report.measurements.compactMap { measurement in
      measurement.excess.map { ChartPoint(x: Double(measurement.step), y: $0) }
    }
    let field = rect.width >= 50 ? state.chartedField : nil
    let panel = Panel(
      title: "excess",
      heading: [
        theme.run(state.experiment.kind.words.excess, .label),
        theme.run(field.map { " " + $0 } ?? "", .warn),
      ],
      labels: theme.figure(state.excessFigure, isOlder: state.training.travel != nil),
      isFocused: state.window.focusedPane == .excess)
    let isUnknown = points.isEmpty && !report.measurements.isEmpty
    Chart(
      series: isUnknown
        ? []
        : state.training.ghosts.flatMap { $0.excesses(beside: state.experiment) }
          + [ChartSeries(points)] + report.rivalSeries(above: 0, state.rivalRole),
      marks: state.chartMarks, cursor: state.travelCursor,
      cursorRole: .accent,
      xRange: axis.range, xScale: axis.scale,
      yRange: axis.limits(points, least: 0.01 * speed * speed, greatest: speed * speed),
      yScale: .logarithmic
    ).draw(into: &screen, in: rect, panel: panel, theme: theme)
    if isUnknown, rect.height >= 5 {
      let text = state.experiment.kind.words.unknownExcess
      screen.write(
        [theme.run(text, .hint)], x: rect.x + 9, y: rect.y + rect.height / 2,
        clip: rect.inset(by: 1))
    }
  }
}

/// The distance to the target over training, with the distance between two samples of it.
struct DistancePane: Pane {
  let theme: Theme

  func draw(_ state: AppState, into screen: inout Screen, in rect: Rect) {
    let report = state.charted
    let axis = TrainingAxis(state)
    let kind = state.look.scenery.distance
    let isKnown = state.showsUsualObservation
    let points = (isKnown ? report.measurements : []).compactMap { measurement in
      (kind == .w2 ? measurement.w2 : measurement.distances[kind]).map {
        ChartPoint(x: Double(measurement.step), y: $0)
      }
    }.filter(\.y.isFinite)
    // Sliced and energy distances are smaller, and so are their floors.
    let least = kind == .w2 ? 0.2 : 0.05
    let scale = state.scene.errorScale
    let isWide = rect.width >= 50
    let figure =
      kind == .w2 ? state.distanceFigure : state.distanceFigure(kind)
    var labels = theme.figure(figure, isOlder: state.training.travel != nil)
    var floors: [ChartFloor] = []
    let heading = heading(state, isWide: isWide)
    if isKnown, let noise = kind == .w2 ? report.noiseFloor : report.noiseFloors[kind] {
      var words = [theme.run(NumberFormat.significant(noise.mean), .floor, bold: true)]
      if isWide, rect.width >= 48 + kind.title.count {
        words.append(theme.run(" ± " + NumberFormat.significant(noise.deviation, 2), .floor))
      }
      // Corners, strokes and the blanks beside them take eleven columns; the step is said before “noise”.
      let used =
        11 + CellText.columns(kind.title) + heading.columns + labels.columns + words.columns
      let name = isWide && used + 15 <= rect.width ? "   noise floor " : "   floor "
      labels += [theme.run(name, .label)] + words
      floors = [ChartFloor(noise.mean)]
    }
    Chart(
      series: state.training.ghosts.flatMap { $0.distances(beside: state.experiment, kind) }
        + [ChartSeries(points)], floors: floors, marks: state.chartMarks,
      cursor: state.travelCursor,
      cursorRole: .accent,
      xRange: axis.range, xScale: axis.scale,
      yRange: axis.limits(points, least: least * scale, greatest: 1.6 * scale),
      yScale: .logarithmic
    ).draw(
      into: &screen, in: rect,
      panel: Panel(
        title: kind.title,
        heading: heading, labels: labels, isFocused: state.window.focusedPane == .distance),
      theme: theme)
  }
}

extension DistancePane {
  /// Where the samples are judged, and how they are solved where that is not as on show.
  fileprivate func heading(_ state: AppState, isWide: Bool) -> [Run] {
    guard isWide else { return [] }
    if let solve = state.chartedSolve { return [theme.run("at t 1 " + solve, .warn)] }
    return state.look.scenery.distance == .w2 ? [theme.run("at t 1", .label)] : []
  }
}

extension Theme {
  /// “step 12 000  0.24”: a figure is never without the weights that it is of.
  func figure(_ figure: SteppedFigure?, isOlder: Bool) -> [Run] {
    guard let figure, figure.value.isFinite else { return [run(NumberFormat.missing, .value)] }
    return [
      run("step \(NumberFormat.grouped(figure.step))  ", isOlder ? .accent : .label),
      run(NumberFormat.significant(figure.value), .value, bold: true),
    ]
  }
}

extension AppState {
  /// The colour of flow matching beside a likelihood: its lane's, where it has one.
  fileprivate var rivalRole: Role { comparesTrainings && isMatching(0) ? .lane(0) : .lane(1) }
}

extension TrainingReport {
  /// The negative log-likelihood of flow matching after as much work, as far above `level` as its
  /// excess; none where no such run is beside this one.
  fileprivate func rivalSeries(above level: Double, _ role: Role) -> [ChartSeries] {
    let points = measurements.compactMap { measurement in
      measurement.rival?.excess.map { ChartPoint(x: Double(measurement.step), y: level + $0) }
    }
    return points.isEmpty
      ? [] : [ChartSeries(points, role: role, label: Objective.flowMatching.title)]
  }
}
