import FlowMatching
import TerminalCanvas

/// What turns each prediction into each other one under the schedule on show, with its values at t.
///
/// Rows are wanted, columns given; a cell holds the factors of x and of the column's prediction.
struct ConversionsPane: Pane {
  let theme: Theme

  private static let columnWidth = 13

  func draw(_ state: AppState, into screen: inout Screen, in rect: Rect) {
    let t = state.pathTime
    let path = state.followedPath(at: t)
    let inner = Panel(
      title: "conversions",
      heading: rect.width >= 56 ? [theme.run("wanted = a x + b given", .label)] : [],
      labels: [
        theme.run("t ", .label), theme.run(NumberFormat.fixed(t, 3), .accent, bold: true),
        theme.run("   D ", .label), theme.run(number(path.determinant).drop(" "), .value),
      ], isFocused: state.window.focusedPane == .conversions
    ).draw(into: &screen, in: rect, theme: theme)
    guard !inner.isEmpty else { return }
    let table = ConversionTable(path)
    let isWide = inner.width >= 8 + 4 * ConversionsPane.columnWidth && inner.height >= 5
    if isWide {
      drawTable(table, into: &screen, in: inner)
      drawFormulas(table, into: &screen, in: inner, from: 6)
    } else {
      drawFormulas(table, into: &screen, in: inner, from: 0)
    }
  }

  private func drawTable(_ table: ConversionTable, into screen: inout Screen, in inner: Rect) {
    let all = Prediction.allCases
    for (column, given) in all.enumerated() {
      let end = inner.x + 8 + (column + 1) * ConversionsPane.columnWidth
      screen.write(
        [theme.run("from " + given.symbol, .label)], endingAt: end, y: inner.y, clip: inner)
      for (row, wanted) in all.enumerated() {
        let combination = table.combination(of: wanted, from: given)
        let runs =
          wanted == given
          ? [theme.run("1", .hint)]
          : [
            theme.run(number(combination.x), .label), theme.run(" ", .label),
            theme.run(number(combination.other), .value),
          ]
        screen.write(runs, endingAt: end, y: inner.y + 1 + row, clip: inner)
      }
    }
    for (row, wanted) in all.enumerated() {
      screen.write(
        [theme.run(wanted.symbol, .value, bold: true)], x: inner.x + 2, y: inner.y + 1 + row,
        clip: inner)
    }
  }

  /// A line for each conversion, to the velocity and from it first, as far as there is room.
  private func drawFormulas(
    _ table: ConversionTable, into screen: inout Screen, in inner: Rect, from top: Int
  ) {
    let others = Prediction.allCases.filter { $0 != .velocity }
    let pairs =
      others.map { (Prediction.velocity, $0) } + others.map { ($0, Prediction.velocity) }
      + others.flatMap { wanted in others.filter { $0 != wanted }.map { (wanted, $0) } }
    for (index, (wanted, given)) in pairs.enumerated() where top + index < inner.height {
      let y = inner.y + top + index
      let c = table.combination(of: wanted, from: given)
      let values =
        (c.x == 0 ? "" : number(c.x).drop(" ") + " x ")
        + (c.other < 0 ? "− " : c.x == 0 ? "" : "+ ") + number(abs(c.other)).drop(" ")
        + " " + given.symbol
      let formula = ConversionTable.formula(of: wanted, from: given)
      let name = wanted.symbol + String(repeating: " ", count: 6 - wanted.symbol.count) + "= "
      // The letters beside the numbers where both fit.
      let fits = inner.width >= 4 + 8 + 26 + values.count
      screen.write(
        [
          theme.run(name, .value, bold: true), theme.run(fits ? formula : values, .value),
        ], x: inner.x + 2, y: y, clip: inner)
      if fits {
        screen.write([theme.run(values, .label)], endingAt: inner.maxX - 2, y: y, clip: inner)
      }
    }
  }

  /// Three digits in six columns; an end where it divides by nothing is ∞.
  private func number(_ value: Double) -> String {
    let text =
      !value.isFinite
      ? "∞"
      : abs(value) >= 1000
        ? (value < 0 ? "<−999" : ">999")
        : abs(value) < 0.0005 ? "0" : NumberFormat.fixed(value, abs(value) < 9.995 ? 2 : 0)
    return NumberFormat.padded(text, to: 6)
  }
}

extension String {
  /// The text without such characters at its beginning.
  fileprivate func drop(_ blank: Character) -> String { String(drop { $0 == blank }) }
}
