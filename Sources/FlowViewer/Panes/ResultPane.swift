import FlowMatching
import TerminalCanvas

/// The lanes in numbers, who is best, and how their particles' errors spread.
///
/// Rows in order of importance: the lanes, the exact solve and the noise floor of W₂, the verdicts,
/// the spread.
struct ResultPane {
  let theme: Theme

  func draw(_ state: AppState, into screen: inout Screen, in rect: Rect) {
    let lanes = state.lanes.all.count
    let verdicts = [
      VerdictLines(theme: theme).equalCost(state, width: rect.width - 6),
      VerdictLines(theme: theme).cheapest(state, width: rect.width - 6),
      MarginalLines(theme: theme).line(state, width: rect.width - 6),
    ].compactMap { $0 }
    // Heading, lanes, two rows below them; two verdicts; the words, lanes and scale.
    let table = lanes + 3
    let knowsErrors = state.lanes.all.contains { $0.settings.hasReference }
    let showsSpread = knowsErrors && rect.height - 2 >= table + 2 + lanes + 2
    var spread = SpreadPlot(theme: theme)
    let inner = Panel(
      title: "result", heading: heading(state), labels: labels(state, rect),
      bottom: showsSpread ? spread.numbers(state, in: rect.inset(by: 1)) : []
    ).draw(into: &screen, in: rect, theme: theme)
    guard inner.height >= 2 else { return }
    drawTable(state, into: &screen, in: inner)
    let rest = inner.height - table - (showsSpread ? lanes + 2 : 0)
    let gap = rest > verdicts.count ? 1 : 0
    // What no words need makes histograms taller.
    spread.rows = 1 + min(3, max(0, rest - gap - verdicts.count) / max(1, lanes))
    for (index, line) in verdicts.enumerated() where gap + index < rest {
      screen.write(line, x: inner.x + 2, y: inner.y + table + gap + index, clip: inner)
    }
    if showsSpread { spread.draw(state, into: &screen, in: inner) }
  }

  /// Where the errors are measured, which is at the end unless somebody looks elsewhere.
  private func heading(_ state: AppState) -> [Run] {
    let t = state.playback.clock.t
    return t == 1 ? [] : [theme.run("at t \(NumberFormat.fixed(t, 3))", .label)]
  }

  /// What an error is, in the longest words for which there is room.
  private func labels(_ state: AppState, _ rect: Rect) -> [Run] {
    guard let reference = state.lanes.ensemble.reference else { return [] }
    let name = state.comparesExactly ? "DOP853 in Double" : reference.settings.short
    // Title and heading, four blanks, corners and strokes.
    let room = rect.width - 14 - heading(state).columns - (state.playback.clock.t == 1 ? 0 : 2)
    let words = ["error: distance to the reference, \(name)", "error: distance to the reference"]
    return words.first { CellText.columns($0) <= room }.map { [theme.run($0, .label)] } ?? []
  }

  private func drawTable(_ state: AppState, into screen: inout Screen, in inner: Rect) {
    let columns = columns(state, width: inner.width)
    write(columns.map(\.title), columns, .label, row: 0, into: &screen, in: inner)
    for index in state.lanes.all.indices where index + 1 < inner.height {
      drawLane(state, index, columns, into: &screen, in: inner)
    }
    var row = state.lanes.all.count + 1
    if let reference = state.lanes.ensemble.reference, inner.height > row {
      let exact = state.comparesExactly ? state.exactPlaces : nil
      write(
        columns.map {
          switch $0.kind {
          case .name: "  reference"
          case .work:
            exact.map { "\($0.evaluations)" }
              ?? (reference.isOver ? "\(reference.totalEvaluations)" : "…")
          case .error: ownError(state)
          case .distance:
            state.text(of: state.studies.exactDistance, failed: reference.failure != nil)
          default: ""
          }
        }, columns, .hint, row: row, into: &screen, in: inner)
      row += 1
    }
    // What W₂ two samples of the target have: no lane can be expected to be below.
    guard let noise = state.training.shownReport.noiseFloor, inner.height > row else { return }
    write(
      columns.map {
        switch $0.kind {
        case .name: floorWords(state, noise.deviation, columns)
        case .distance: NumberFormat.significant(noise.mean)
        default: ""
        }
      }, columns, .floor, row: row, into: &screen, in: inner)
  }

  /// What the reference may be off itself.
  private func ownError(_ state: AppState) -> String {
    if let error = state.comparison.resolution, error.isFinite {
      return "± " + NumberFormat.scientific(error, digits: 1)
    }
    return state.studies.study?.isOver == true ? "unknown" : "…"
  }

  /// What the noise floor is, or that the lanes' W₂ are too near to each other to rank them; as far
  /// as the columns before W₂ have room.
  private func floorWords(_ state: AppState, _ deviation: Double, _ columns: [Column]) -> String {
    let room = columns.prefix { $0.kind != .distance }.reduce(0) { $0 + $1.width }
    let spread = NumberFormat.significant(deviation, 1)
    let words =
      state.distancesTie
      ? [
        "  noise floor: all W₂ tie within ± \(spread)", "  noise floor, all W₂ tie within it",
        "  noise floor: all W₂ tie",
      ]
      : ["  noise floor: two samples of the data", "  noise floor of W₂", "  noise floor"]
    return words.first { CellText.columns($0) <= room } ?? "  noise floor"
  }

  private func drawLane(
    _ state: AppState, _ index: Int, _ columns: [Column], into screen: inout Screen, in inner: Rect
  ) {
    let isBroken = state.failure(ofLane: index) != nil
    // The reason stands in the place of error, factor and W₂, of a failed lane of all the rest.
    let replaced = columns.filter { $0.kind.isOfComparison || isBroken && $0.kind != .name }
    let room = replaced.reduce(0) { $0 + $1.width } - 2
    let apart = state.trouble(ofLane: index, columns: room) ?? state.standing(ofLane: index)
    var texts = columns.map { $0.value(index) }
    if let apart {
      var x = inner.x + 2
      var (start, end) = (Int.max, x)
      for (place, column) in columns.enumerated() {
        if replaced.contains(where: { $0.kind == column.kind }) {
          texts[place] = ""
          start = min(start, x)
          end = x + column.width
        }
        x += column.width
      }
      let runs = [theme.run(apart, isBroken ? .bad : .hint)]
      if isBroken {
        screen.write(runs, x: start + 3, y: inner.y + index + 1, clip: inner)
      } else {
        screen.write(runs, endingAt: end, y: inner.y + index + 1, clip: inner)
      }
    }
    write(
      texts, columns, apart == nil ? .value : .hint, row: index + 1, lane: index,
      isFocused: index == state.lanes.focused,
      isFaint: state.distancesTie || !state.isCurrent(state.lanes.all[index].distance),
      into: &screen, in: inner)
  }

  private func write(
    _ texts: [String], _ columns: [Column], _ role: Role, row: Int, lane: Int? = nil,
    isFocused: Bool = false, isFaint: Bool = false, into screen: inout Screen, in inner: Rect
  ) {
    var x = inner.x + 2
    for (index, (text, column)) in zip(texts, columns).enumerated() {
      if index == 0 {
        var runs = [theme.run(text, role, bold: isFocused)]
        if let lane { runs.insert(theme.run("● ", .lane(lane)), at: 0) }
        screen.write(runs, x: x, y: inner.y + row, clip: inner)
      } else if !text.isEmpty {
        let isError = lane != nil && column.kind == .error
        let isFaint = isFaint && column.kind == .distance
        screen.write(
          [theme.run(text, isFaint ? .hint : role, bold: isError)], endingAt: x + column.width,
          y: inner.y + row, clip: inner)
      }
      x += column.width
    }
  }
}
