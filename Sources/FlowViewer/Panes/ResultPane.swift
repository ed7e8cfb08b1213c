import FlowMatching
import TerminalCanvas

/// The lanes in numbers, who is best, and how their particles' errors spread.
///
/// Rows in order of importance: the lanes, the exact solve and the noise floor of W₂, the verdicts,
/// the spread.
struct ResultPane {
  let theme: Theme

  func draw(_ state: AppState, into screen: inout Screen, in rect: Rect) {
    let lanes = state.lanes.count
    let verdicts = [
      VerdictLines(theme: theme).equalCost(state, width: rect.width - 6),
      VerdictLines(theme: theme).cheapest(state, width: rect.width - 6),
    ].compactMap { $0 }
    // Heading, lanes, two rows below them; two verdicts; the words, lanes and scale.
    let table = lanes + 3
    let showsSpread = rect.height - 2 >= table + 2 + lanes + 2
    let spread = SpreadPlot(theme: theme)
    let inner = Panel(
      title: "result", heading: heading(state), labels: labels(state),
      bottom: showsSpread ? spread.numbers(state, in: rect.inset(by: 1)) : []
    ).draw(into: &screen, in: rect, theme: theme)
    guard inner.height >= 2 else { return }
    drawTable(state, into: &screen, in: inner)
    let rest = inner.height - table - (showsSpread ? lanes + 2 : 0)
    let gap = rest > verdicts.count ? 1 : 0
    for (index, line) in verdicts.enumerated() where gap + index < rest {
      screen.write(line, x: inner.x + 2, y: inner.y + table + gap + index, clip: inner)
    }
    if showsSpread { spread.draw(state, into: &screen, in: inner) }
  }

  /// Where the errors are measured, which is at the end unless somebody looks elsewhere.
  private func heading(_ state: AppState) -> [Run] {
    let t = state.clock.t
    return t == 1 ? [] : [theme.run("at t \(NumberFormat.fixed(t, 3))", .label)]
  }

  /// What the errors are measured against, with its own error.
  private func labels(_ state: AppState) -> [Run] {
    guard let reference = state.ensemble.reference else { return [] }
    let isExact = state.comparesExactly
    var runs = [
      theme.run("reference ", .label),
      theme.run(isExact ? "DOP853 in Double" : reference.settings.short, .value),
    ]
    if let error = state.comparison.resolution {
      runs.append(theme.run(" ± " + NumberFormat.scientific(error, digits: 1), .value))
    } else if state.study?.isOver == true {
      runs.append(theme.run(", own error unknown", .warn))
    }
    return runs
  }

  private struct Column {
    let title: String
    let width: Int
    let value: (Int) -> String
  }

  private func drawTable(_ state: AppState, into screen: inout Screen, in inner: Rect) {
    let columns = columns(state, width: inner.width)
    write(columns.map(\.title), columns, .label, row: 0, into: &screen, in: inner)
    for index in state.lanes.indices where index + 1 < inner.height {
      drawLane(state, index, columns, into: &screen, in: inner)
    }
    var row = state.lanes.count + 1
    if let reference = state.ensemble.reference, inner.height > row {
      let exact = state.comparesExactly ? state.exactPlaces : nil
      let work =
        exact.map { "\($0.evaluations)" }
        ?? (reference.isOver ? "\(reference.totalEvaluations)" : "…")
      let distance = state.exactDistance
      write(
        columns.map {
          switch $0.title {
          case "NFE": work
          case Self.distanceTitle: state.text(of: distance, failed: reference.failure != nil)
          case columns.first?.title: "  exact solve"
          default: ""
          }
        }, columns, .hint, row: row, into: &screen, in: inner)
      row += 1
    }
    // What W₂ two samples of the target have: no lane can be expected to be below.
    guard let noise = state.shownReport.noiseFloor, inner.height > row else { return }
    write(
      columns.map {
        switch $0.title {
        case Self.distanceTitle: NumberFormat.fixed(noise.mean, 2)
        case columns.first?.title: "  noise floor"
        default: ""
        }
      }, columns, .floor, row: row, into: &screen, in: inner)
  }

  private static let distanceTitle = "W₂ t=1"

  private func drawLane(
    _ state: AppState, _ index: Int, _ columns: [Column], into screen: inout Screen, in inner: Rect
  ) {
    let apart = state.trouble(ofLane: index) ?? state.standing(ofLane: index)
    let isBroken = state.ensemble.lanes[index].failure != nil
    var texts = columns.map { $0.value(index) }
    var end = inner.x + 2
    if let apart {
      // The reason stands in the place of error, W₂ and factor, as far as it needs them.
      var x = inner.x + 2
      for (place, column) in columns.enumerated() {
        x += column.width
        guard (2...4).contains(place) else { continue }
        texts[place] = ""
        end = x
      }
      screen.write(
        [theme.run(apart, isBroken ? .bad : .hint)], endingAt: end, y: inner.y + index + 1,
        clip: inner)
    }
    write(
      texts, columns, apart == nil ? .value : .hint, row: index + 1, lane: index,
      isFocused: index == state.focused, isOlder: !state.isCurrent(state.lanes[index].distance),
      into: &screen, in: inner)
  }

  /// The columns that fit, in order of importance dropped from the right of this list.
  private func columns(_ state: AppState, width: Int) -> [Column] {
    let comparison = state.comparison
    let all = [
      Column(title: state.comparesSolvers ? "solver" : "lane", width: 16) {
        state.name(ofLane: $0)
      },
      Column(title: "NFE", width: 6) {
        "\(state.ensemble.lanes[$0].evaluations(at: state.lanes[$0].t))"
      },
      Column(title: "error", width: 9) { state.error(ofLane: $0) },
      Column(title: Self.distanceTitle, width: 8) {
        state.text(
          of: state.lanes[$0].distance, failed: state.ensemble.lanes[$0].failure != nil)
      },
      Column(title: "× best", width: 8) { index in
        guard let factor = comparison.factor(ofLane: index) else { return NumberFormat.missing }
        let isSmall = factor.value < 9.95
        let text =
          isSmall
          ? NumberFormat.fixed(factor.value, 1)
          : factor.value < 1e5
            ? NumberFormat.grouped(Int(saturating: factor.value.rounded()))
            : NumberFormat.scientific(factor.value, digits: 2)
        return (factor.isBound ? "≥" : "") + text
      },
      Column(title: "steps", width: 7) { index in
        // The tries that were rejected have been paid for too.
        let solve = state.ensemble.lanes[index]
        let t = state.lanes[index].t
        let rejected = solve.attempts.count { !$0.accepted && $0.t < t }
        return "\(solve.steps(at: t))" + (rejected > 0 ? " +\(rejected)×" : "")
      },
      Column(title: "order", width: 8) { index in
        let name = state.lanes[index].settings.method
        let study = state.currentStudy
        let order = study?.curves.first { $0.method == name }?
          .order(scale: state.scene.errorScale, resolution: study?.referenceError ?? 0)
        guard let order, !state.lanes[index].settings.isAdaptive else {
          return NumberFormat.missing
        }
        return NumberFormat.fixed(order, 1)
      },
      Column(title: "ms", width: 7) { index in
        // Nothing was measured where no clock runs, as in a replay.
        guard state.cost.isKnown else { return NumberFormat.missing }
        let solve = state.ensemble.lanes[index]
        let work = solve.evaluations(at: state.lanes[index].t) * solve.count
        return NumberFormat.fixed(1000 * Double(work) / state.evaluationsPerSecond, 1)
      },
    ]
    var result: [Column] = []
    var used = 4
    for column in all where used + column.width <= width {
      result.append(column)
      used += column.width
    }
    return result
  }

  private func write(
    _ texts: [String], _ columns: [Column], _ role: Role, row: Int, lane: Int? = nil,
    isFocused: Bool = false, isOlder: Bool = false, into screen: inout Screen, in inner: Rect
  ) {
    var x = inner.x + 2
    for (index, (text, column)) in zip(texts, columns).enumerated() {
      if index == 0 {
        var runs = [theme.run(text, role, bold: isFocused)]
        if let lane { runs.insert(theme.run("● ", .lane(lane)), at: 0) }
        screen.write(runs, x: x, y: inner.y + row, clip: inner)
      } else if !text.isEmpty {
        let isError = lane != nil && column.title == "error"
        let isOlder = isOlder && column.title == Self.distanceTitle
        screen.write(
          [theme.run(text, isOlder ? .hint : role, bold: isError)], endingAt: x + column.width,
          y: inner.y + row,
          clip: inner)
      }
      x += column.width
    }
  }
}
